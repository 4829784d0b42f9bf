"""Forms of the issue board."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .services import DEFAULT_PAGES


class PlanForm(forms.Form):
    """A new issue: its day, and the names of its pages in order."""

    date = forms.DateField(
        label=gettext_lazy("Date"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    number = forms.IntegerField(
        label=gettext_lazy("Issue number"),
        required=False,
        min_value=1,
        max_value=1_000_000,
        help_text=gettext_lazy("Empty: the next one."),
    )
    pages = forms.CharField(
        label=gettext_lazy("Pages"),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("The name of a page on each line, page 1 first."),
    )

    def __init__(self, *args: Any, day: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {
            "date": day,
            "pages": "\n".join(name for _number, name in DEFAULT_PAGES),
            **self.initial,
        }

    def clean_pages(self) -> list[tuple[int, str]]:
        """Return (number, name) of each page."""
        names = [" ".join(line.split()) for line in self.cleaned_data["pages"].splitlines()]
        names = [name for name in names if name]
        if any(len(name) > 20 for name in names) or len(names) > 48:
            raise forms.ValidationError(
                _("At most 48 pages, each with a name of at most 20 characters.")
            )
        return list(enumerate(names, start=1))

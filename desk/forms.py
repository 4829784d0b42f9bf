"""Forms of the bulk actions."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from issues.models import Issue, Page
from issues.services import is_open_for


class ApproveForm(forms.Form):
    """Form of a bulk approval: a note, and the confirmation that the user has read the articles."""

    note = forms.CharField(
        label=gettext_lazy("Note with the signature"), required=False, max_length=500
    )
    has_read = forms.BooleanField(
        label=gettext_lazy("I have read all of these articles."),
        error_messages={
            "required": gettext_lazy("Confirm that you have read them: you sign each of them.")
        },
    )


class PlaceForm(forms.Form):
    """Choice of a page of an issue that is open for the user."""

    page = forms.TypedChoiceField(
        label=gettext_lazy("Page"),
        coerce=int,
        error_messages={
            "invalid_choice": gettext_lazy("You can no longer place articles on this page.")
        },
    )

    def __init__(self, *args: Any, user: User, at: dt.datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        issues = Issue.objects.open().prefetch_related("pages")
        field: Any = self.fields["page"]
        field.choices = [
            (
                f"{issue.date:%Y-%m-%d} {_('No. %(number)d') % {'number': issue.number}}",
                [(page.pk, f"{page.number} {page.name}") for page in issue.pages.all()],
            )
            for issue in issues
            if is_open_for(issue, user, at)
        ]

    def clean_page(self) -> Page:
        """Return the page. Raises ValidationError if it has just been removed."""
        page = Page.objects.select_related("issue").filter(pk=self.cleaned_data["page"]).first()
        if page is None:
            raise forms.ValidationError(self.fields["page"].error_messages["invalid_choice"])
        return page

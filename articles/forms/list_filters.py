"""Filters of the article list, stored in its query string."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from paper.models import Section, Town
from search import terms
from textkit.numbers import parse_number

from ..models import Genre
from ..workflow.states import State

LISTS = [
    ("", gettext_lazy("All")),
    ("own", gettext_lazy("My articles")),
    ("waiting", gettext_lazy("Waiting for your review")),
    ("taken", gettext_lazy("Taken by you")),
]
DAYS_OF = [
    ("", gettext_lazy("last change")),
    ("submitted", gettext_lazy("submission")),
    ("released", gettext_lazy("release")),
]
SORTS = [("", gettext_lazy("Newest first")), ("match", gettext_lazy("Heading matches first"))]
_CALENDAR = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
_DAYS = [
    MinValueValidator(dt.date(1900, 1, 1), gettext_lazy("Choose a date after the year 1900.")),
    MaxValueValidator(dt.date(2199, 12, 31), gettext_lazy("Choose a date before the year 2200.")),
]


def day_field(label: Any) -> forms.DateField:
    """Return a field for one optional day."""
    return forms.DateField(label=label, required=False, validators=_DAYS, widget=_CALENDAR)


class ListForm(forms.Form):
    """The filters of the list; each field is one query parameter."""

    q = forms.CharField(
        label=gettext_lazy("Text, contributor or town"), required=False, max_length=terms.MAX_CHARS
    )
    list = forms.ChoiceField(choices=LISTS, required=False)
    state = forms.MultipleChoiceField(choices=State.choices, required=False)
    section = forms.ModelMultipleChoiceField(
        Section.objects.all(), to_field_name="slug", required=False, label=gettext_lazy("Section")
    )
    town = forms.ModelChoiceField(
        Town.objects.all(),
        to_field_name="slug",
        required=False,
        label=gettext_lazy("Town"),
        empty_label=gettext_lazy("All towns"),
    )
    genre = forms.ModelChoiceField(
        Genre.objects.all(),
        to_field_name="name",
        required=False,
        label=gettext_lazy("Genre"),
        empty_label=gettext_lazy("All genres"),
    )
    writer = forms.CharField(label=gettext_lazy("Contributor"), required=False, max_length=40)
    issue = forms.CharField(
        label=gettext_lazy("Issue"),
        required=False,
        max_length=12,
        help_text=gettext_lazy("The number or date of the issue, such as 2022-10-18."),
    )
    by = forms.ChoiceField(label=gettext_lazy("Date of"), choices=DAYS_OF, required=False)
    since = day_field(gettext_lazy("From"))
    until = day_field(gettext_lazy("To"))
    sort = forms.ChoiceField(label=gettext_lazy("Order"), choices=SORTS, required=False)

    def clean_q(self) -> Sequence[terms.Term]:
        """Parse the search terms. Raises ValidationError where nothing can be searched for."""
        text: str = self.cleaned_data["q"]
        found = terms.read(text)
        if text.strip() and not found:
            raise forms.ValidationError(
                _("Enter a character, a word or a number. Punctuation alone cannot be searched.")
            )
        return found

    def clean_issue(self) -> int | dt.date | None:
        """Parse a number or a day. Raises ValidationError for anything else."""
        text = self.cleaned_data["issue"].strip()
        if not text:
            return None
        number = parse_number(text, None)
        if number is not None:
            return number
        try:
            return dt.date.fromisoformat(text)
        except ValueError as error:
            raise forms.ValidationError(
                _("Enter the issue number or a date such as 2022-10-18.")
            ) from error

    def clean_until(self) -> dt.date | None:
        """Return the last day. Raises ValidationError where it is before the first."""
        since, until = self.cleaned_data.get("since"), self.cleaned_data["until"]
        if since and until and until < since:
            raise forms.ValidationError(_("The end date is before the start date. Swap them."))
        return until


def pairs(query: QueryDict) -> list[tuple[str, str]]:
    """Return the known parameters of a query string, in fixed order, without empty values."""
    return [
        (name, value.strip())
        for name in ListForm.base_fields
        for value in dict.fromkeys(query.getlist(name))
        if value.strip()
    ]


def address(chosen: list[tuple[str, str]]) -> str:
    """Return the query string of the list for these pairs."""
    query = QueryDict(mutable=True)
    for name, value in chosen:
        query.appendlist(name, value)
    return f"?{query.urlencode()}" if chosen else "?"


def form_of(chosen: list[tuple[str, str]]) -> ListForm:
    """Return the form filled with these pairs."""
    data: MultiValueDict[str, Any] = MultiValueDict()
    for name, value in chosen:
        data.appendlist(name, value)
    return ListForm(data)

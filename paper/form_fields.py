"""Form fields that several apps share."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from textkit.characters import code_points, private_characters

from .display_names import shown_names
from .humanize import NoSuchMoment, moment

#: Number of digits that always fits a 64-bit primary key.
MAX_KEY_DIGITS = 18


def refuse_private_characters(text: str) -> None:
    """Raise ValidationError for characters that only one font shows, naming them.

    A validator of every text of the desk's admin and of short texts of an article. In headline and
    body they stay, and the proofing reports them.
    """
    found = private_characters(text)
    if found:
        raise ValidationError(
            _(
                "%(codes)s: a character that only the font it was typed with can show. Please "
                "type the usual character instead."
            ),
            "private_character",
            {"codes": code_points(found)},
        )


class RowsField(forms.ModelMultipleChoiceField):
    """Multiple choice of rows with check boxes; a key that is too long is an unknown row."""

    widget = forms.CheckboxSelectMultiple

    def clean(self, value: Any) -> Any:
        """Return the rows. Raises ValidationError for one that does not exist."""
        for key in value or []:
            if len(str(key)) > MAX_KEY_DIGITS:
                raise forms.ValidationError(
                    self.error_messages["invalid_choice"], "invalid_choice", {"value": key}
                )
        return super().clean(value)


class _NamesMixin:
    """Mixin that labels users with distinct names; Django's field shows user names."""

    queryset: Any
    _names: dict[int, str] | None = None

    def label_from_instance(self, obj: Any) -> str:
        """Return the display name of a user."""
        if self._names is None:
            self._names = shown_names(self.queryset)
        return self._names.get(obj.pk, "")


class PeopleField(_NamesMixin, RowsField):
    """Multiple choice of users with check boxes."""


class PersonField(_NamesMixin, forms.ModelChoiceField):
    """Choice of one user."""


class MomentField(forms.DateTimeField):
    """Local date and time of the paper; a time that is skipped or ambiguous is invalid."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")

    def to_python(self, value: Any) -> dt.datetime | None:
        """Return the aware datetime. Raises ValidationError that says what to do."""
        try:
            return super().to_python(value)
        except ValidationError as error:
            if error.error_list[0].code != "ambiguous_timezone":
                raise
            local: dt.datetime = (error.error_list[0].params or {})["datetime"]
        try:
            return moment(local.date(), local.time())
        except NoSuchMoment as refused:
            raise ValidationError(str(refused), "no_such_moment") from refused

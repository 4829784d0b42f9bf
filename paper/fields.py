"""Form fields of the house."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from .times import NoSuchMoment, moment

#: A key of the database has 19 digits at most.
MAX_KEY_DIGITS = 18


class RowsField(forms.ModelMultipleChoiceField):
    """Rows to tick; a number that no database holds is an unknown row, not a fault of ours."""

    widget = forms.CheckboxSelectMultiple

    def clean(self, value: Any) -> Any:
        """Return the rows. Raises ValidationError for one that there is not."""
        for key in value or []:
            if len(str(key)) > MAX_KEY_DIGITS:
                raise forms.ValidationError(
                    self.error_messages["invalid_choice"], "invalid_choice", {"value": key}
                )
        return super().clean(value)


class MomentField(forms.DateTimeField):
    """A day and an hour by the paper's clocks; what no clock shows, or shows twice, is refused."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")

    def to_python(self, value: Any) -> dt.datetime | None:
        """Return the moment. Raises ValidationError that says what to do."""
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

"""Form fields of the house."""

from __future__ import annotations

from typing import Any

from django import forms

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

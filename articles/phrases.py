"""The reasons that readers of a reading give often (常用语), on the forms that ask for a reason."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from paper.fields import RowsField
from paper.roles import Role

from .models import ReasonPhrase

#: Who keeps the phrases.
KEEPERS = frozenset({Role.HEAD, Role.CHIEF, Role.ADMINISTRATOR})
MAX_REASON = 300


class PhrasedReasonForm(forms.Form):
    """Why, in one's own words, by phrases to tick, or both; `move` says which phrases."""

    move = ReasonPhrase.Move.RETURN
    phrases = RowsField(
        label=gettext_lazy("Reusable reasons"), queryset=ReasonPhrase.objects.none(), required=False
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=MAX_REASON,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "data-reason": ""}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["phrases"]
        field.queryset = ReasonPhrase.objects.filter(move=self.move)
        if not field.queryset:
            del self.fields["phrases"]

    def clean(self) -> dict[str, Any]:
        """Join the ticked phrases and what was typed to one reason, which there must be."""
        data: dict[str, Any] = super().clean() or {}
        ticked = [phrase.text for phrase in data.pop("phrases", None) or []]
        typed = data.get("reason", "")
        parts = [text for text in ticked if text not in typed] + [typed]
        reason = "\n".join(part for part in parts if part)
        if not reason and not self.errors:
            self.add_error("reason", _("Please give a reason."))
        if len(reason) > MAX_REASON:
            self.add_error(
                "reason", _("The reason is longer than 300 characters. Please shorten it.")
            )
        return {**data, "reason": reason}


class ReturnForm(PhrasedReasonForm):
    """Why an article goes back to its author."""


class SpikeForm(PhrasedReasonForm):
    """Why an article is not used."""

    move = ReasonPhrase.Move.SPIKE

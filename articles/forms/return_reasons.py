"""Forms for a reason, with phrases for reasons that reviewers give often (常用语)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from paper.form_fields import RowsField

from ..models import ReasonPhrase

MAX_REASON = 300


class PhrasedReasonForm(forms.Form):
    """A reason from ticked phrases, free text, or both; `transition` selects the phrases."""

    transition = ReasonPhrase.Transition.RETURN
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
        field.queryset = ReasonPhrase.objects.filter(transition=self.transition)
        if not field.queryset:
            del self.fields["phrases"]

    def clean(self) -> dict[str, Any]:
        """Join the ticked phrases and the free text to one required reason."""
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
    """The reason to return an article to its author."""


class SpikeForm(PhrasedReasonForm):
    """The reason to spike an article."""

    transition = ReasonPhrase.Transition.SPIKE

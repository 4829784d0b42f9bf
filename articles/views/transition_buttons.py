"""Transition buttons: which transitions a user can choose, their labels and their forms."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .. import services
from ..exceptions import Refusal
from ..forms import article_form, return_reasons
from ..models import Article, LogEntry
from ..selectors.recent_changes import is_duplicate_click
from ..services import permissions
from ..workflow.states import REVIEWS, State, next_state
from ..workflow.transitions import TRANSITIONS

#: The service of each transition: (article, *, user, at, version, **form data).
SERVICES: dict[str, Callable[..., Any]] = {
    "submit": services.submit,
    "recall": services.recall,
    "take": services.take,
    "leave": services.leave,
    "approve": services.approve,
    "return": services.return_article,
    "spike": services.spike,
    "restore": services.restore,
    "release": services.release,
    "unrelease": services.unrelease,
    "withdraw": services.withdraw,
    "correct": services.correct,
    "delete": services.delete_article,
}
#: The form data that a transition takes.
FORMS: dict[str, type[Any]] = {
    "approve": article_form.NoteForm,
    "return": return_reasons.ReturnForm,
    "spike": return_reasons.SpikeForm,
    "restore": article_form.ReasonForm,
    "withdraw": article_form.WithdrawalForm,
    "correct": article_form.CorrectionForm,
    "release": article_form.ReleaseForm,
}
#: Transitions that first show a separate form.
WITH_FORM = frozenset(set(FORMS) - {"approve"} | {"delete"})
#: Success messages; those of `approve` and of a dropped correction depend on the article.
DONE: dict[str, Promise] = {
    "submit": gettext_lazy("Submitted. Follow its progress on your dashboard."),
    "recall": gettext_lazy("Recalled. You can edit it again."),
    "delete": gettext_lazy("The draft has been deleted."),
    "take": gettext_lazy("Taken. You can now edit, approve or return it."),
    "leave": gettext_lazy("Put back: others can take it."),
    "return": gettext_lazy("Returned to the author."),
    "spike": gettext_lazy("Spiked."),
    "restore": gettext_lazy("Restored as a draft."),
    "release": gettext_lazy("The release is set."),
    "unrelease": gettext_lazy("The release is cancelled."),
    "withdraw": gettext_lazy("Withdrawn. Readers see only the reason."),
    "correct": gettext_lazy(
        "The correction is open. Readers see the current story until the correction is approved."
    ),
}
_REVIEW_TRANSITIONS = frozenset({"take", "leave", "approve", "return", "spike", "recall"})


@dataclass(frozen=True, slots=True)
class Button:
    """A transition that the user may make now: its label, whether it is the main one, and asks."""

    name: str
    label: str
    is_main: bool
    asks: bool
    is_final: bool


def buttons(
    article: Article, user: User, at: dt.datetime, *, has_signed: bool = False
) -> list[Button]:
    """Return the transitions that `user` may make on `article` now, the main one first.

    `has_signed` says that the user signed another review of it, and may not sign this one.
    """
    names = [
        name
        for name in TRANSITIONS
        if name != "edit"
        and permissions.may(article, name, user, at)
        and _is_offered(name, article, user, at)
        and not (name == "approve" and has_signed)
    ]
    main = _main(names)
    return [
        Button(
            name,
            button_label(article, name),
            name == main,
            name in WITH_FORM,
            TRANSITIONS[name].is_final,
        )
        for name in sorted(names, key=lambda name: name != main)
    ]


def _is_offered(name: str, article: Article, user: User, at: dt.datetime) -> bool:
    """Return whether a transition that the table allows makes sense now."""
    is_mine = article.taken_by_id == user.pk
    if name in _REVIEW_TRANSITIONS and permissions.is_held_by_other(article, user, at):
        return False
    if name in {"take", "leave"}:
        return (name == "leave") == is_mine
    if name in {"approve", "return"}:
        return is_mine
    if name == "spike" and article.state in REVIEWS:
        return is_mine
    return not (name == "delete" and article.submitted_at)


def _main(names: list[str]) -> str:
    return next((name for name in ("submit", "approve", "take", "release") if name in names), "")


def button_label(article: Article, name: str) -> str:
    """Return the label of a transition's button: the result of the transition, not only a verb."""
    if name == "spike" and article.story_id:
        return _("Drop the correction…")
    if name != "approve" or article.state not in REVIEWS:
        return str(TRANSITIONS[name].label)
    target = next_state(State(article.state), permissions.plan_for(article))
    if target == State.APPROVED:
        return (
            _("Approve and replace the published story")
            if article.story_id
            else _("Approve for publication")
        )
    if target == State.FINAL_REVIEW:
        return _("Approve and send to final review")
    return _("Approve and send to second review")


def warning(article: Article, user: User, at: dt.datetime, *, has_signed: bool) -> str:
    """Return a warning before the review is signed, or why it cannot be signed, or ""."""
    if article.state not in REVIEWS or not permissions.may(article, "approve", user, at):
        return ""
    if has_signed:
        return permissions.other_reviewer_message()
    return earlier_message(article, is_only=permissions.is_sole_final_reviewer(user))


def earlier_message(article: Article, *, is_only: bool) -> str:
    """Return the consequence when the only final reviewer signs an earlier review, or ""."""
    if not is_only or article.state == State.FINAL_REVIEW:
        return ""
    return _(
        "Nobody else here can sign final reviews. If you sign this review, nobody can sign "
        "the final one. Leave this review to a colleague."
    )


def form_of(name: str, article: Article) -> type[Any] | None:
    """Return the form of the transition; dropping a correction has no reason phrases."""
    if name == "spike" and article.story_id:
        return article_form.ReasonForm
    return FORMS.get(name)


def done_message(name: str, article: Article) -> str:
    """Return the success message of a transition on `article`, which has its new state."""
    if name == "spike" and article.story_id:
        return _("The correction has been dropped. The published story does not change.")
    if name == "approve":
        return _approved_message(article)
    return str(DONE[name])


def _approved_message(article: Article) -> str:
    if article.state == State.SECOND_REVIEW:
        return _("Approved and sent to second review.")
    if article.state == State.FINAL_REVIEW:
        return _("Approved and sent to final review.")
    if article.story_id:
        return _("Approved. Readers now see the corrected story.")
    return _("Approved. The article is waiting to be placed on a page.")


def make_transition(
    name: str, article: Article, *, user: User, at: dt.datetime, version: int | None, values: Any
) -> LogEntry | None:
    """Make the transition `name` with its form data. Raises the exceptions of the services.

    A double click makes the transition once: the second request, even a simultaneous one, returns
    the log entry of the first instead of a refusal. Returns None where this call made the
    transition.
    """
    try:
        SERVICES[name](article, user=user, at=at, version=version, **values)
    except Refusal:
        earlier = (
            is_duplicate_click(article.pk, name, user, version) if version is not None else None
        )
        if earlier is None:
            raise
        return earlier
    return None

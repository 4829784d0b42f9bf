"""The moves as a person meets them: which buttons, in which words, asking for what."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from . import forms, phrases, services
from .models import Article
from .services import rules
from .states import READINGS, State, next_state
from .workflow import MOVES

#: Each move's service: (article, *, user, at, version, **what the form asked for).
CALLS: dict[str, Callable[..., Any]] = {
    "submit": services.submit,
    "recall": services.recall,
    "take": services.take,
    "leave": services.leave,
    "pass": services.pass_reading,
    "return": services.return_article,
    "spike": services.spike,
    "restore": services.restore,
    "release": services.release,
    "unrelease": services.unrelease,
    "withdraw": services.withdraw,
    "correct": services.correct,
    "delete": services.delete_article,
}
#: What a move takes beside the article.
FORMS: dict[str, type[Any]] = {
    "pass": forms.NoteForm,
    "return": phrases.ReturnForm,
    "spike": phrases.SpikeForm,
    "restore": forms.ReasonForm,
    "withdraw": forms.WithdrawalForm,
    "correct": forms.CorrectionForm,
    "release": forms.ReleaseForm,
}
#: Moves that ask on a page of their own before they are made.
ASKING = frozenset(set(FORMS) - {"pass"} | {"delete"})
_READER_MOVES = frozenset({"take", "leave", "pass", "return", "spike", "recall"})


@dataclass(frozen=True, slots=True)
class Button:
    """One move that a person may make now: its words, whether it is the main one, and asks."""

    name: str
    words: str
    is_main: bool
    asks: bool
    is_final: bool


def buttons(
    article: Article, user: User, at: dt.datetime, *, has_signed: bool = False
) -> list[Button]:
    """Return the moves that `user` may make on `article` now, the main one first.

    `has_signed` tells that he signed another reading of it, and may not sign this one.
    """
    names = [
        name
        for name in MOVES
        if name != "edit"
        and rules.may(article, name, user, at)
        and _is_offered(name, article, user, at)
        and not (name == "pass" and has_signed)
    ]
    main = _main(names)
    return [
        Button(name, words(article, name), name == main, name in ASKING, MOVES[name].is_final)
        for name in sorted(names, key=lambda name: name != main)
    ]


def _is_offered(name: str, article: Article, user: User, at: dt.datetime) -> bool:
    """Return whether a move that the table allows makes sense now."""
    is_mine = article.taken_by_id == user.pk
    if name in _READER_MOVES and rules.is_held_by_other(article, user, at):
        return False
    if name in {"take", "leave"}:
        return (name == "leave") == is_mine
    if name in {"pass", "return"}:
        return is_mine
    if name == "spike" and article.state in READINGS:
        return is_mine
    return not (name == "delete" and article.submitted_at)


def _main(names: list[str]) -> str:
    return next((name for name in ("submit", "pass", "take", "release") if name in names), "")


def words(article: Article, name: str) -> str:
    """Return what the button of a move says: what will happen, never a bare verb."""
    if name == "spike" and article.story_id:
        return _("Drop the correction…")
    if name != "pass" or article.state not in READINGS:
        return str(MOVES[name].label)
    target = next_state(State(article.state), rules.plan_for(article))
    if target == State.APPROVED:
        return _("Pass and replace in print") if article.story_id else _("Pass: ready for print")
    if target == State.FINAL_READING:
        return _("Pass, on to the final reading")
    return _("Pass, on to the second reading")


def caution(article: Article, user: User, at: dt.datetime, *, has_signed: bool) -> str:
    """Return what to know before the reading is signed, or why it is not offered; or nothing."""
    if article.state not in READINGS or not rules.may(article, "pass", user, at):
        return ""
    if has_signed:
        return rules.other_reader_words()
    return earlier_words(article, is_only=rules.is_only_final_reader(user))


def earlier_words(article: Article, *, is_only: bool) -> str:
    """Return what follows when the only final reader signs an earlier reading; or nothing."""
    if not is_only or article.state == State.FINAL_READING:
        return ""
    return _(
        "Nobody else here signs final readings. If you sign this reading, nobody can sign the "
        "final one: leave this one to a colleague."
    )


def form_of(name: str, article: Article) -> type[Any] | None:
    """Return the form that asks for what the move takes; a dropped correction has no phrases."""
    if name == "spike" and article.story_id:
        return forms.ReasonForm
    return FORMS.get(name)


def done_words(name: str, article: Article) -> str:
    """Return what is said once the move is made on `article`, as it stands afterwards."""
    if name == "submit":
        return _("Submitted. You can follow it on your start page.")
    if name == "delete":
        return _("The draft is deleted.")
    if name == "correct":
        return _("The correction is open. Readers see the old story until it is signed.")
    if name == "spike" and article.story_id:
        return _("The correction is dropped. The story stays as it is printed.")
    if name == "pass" and article.state == State.APPROVED:
        if article.story_id:
            return _("Signed. Readers see the corrected story now.")
        return _("Signed. It waits for its place in the paper.")
    return _("Done: %(move)s.") % {"move": rules.move_label(name)}


def make(
    name: str, article: Article, *, user: User, at: dt.datetime, version: int, values: Any
) -> None:
    """Make the move `name` with what its form asked for. Raises what the services raise."""
    CALLS[name](article, user=user, at=at, version=version, **values)

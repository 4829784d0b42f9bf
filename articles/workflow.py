"""The one table of moves: who may do what to an article, in which state (design §4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from django.contrib.auth.models import AnonymousUser, User
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from paper.roles import Role, roles_of, section_ids_of

from .states import State


class Scope(Enum):
    """How an article stands to a person; `OWN` comes before the section."""

    OWN = "own"
    OWN_SECTION = "own_section"
    OTHERS = "others"


WRITERS = frozenset(set(Role) - {Role.ADMINISTRATOR})
_HEADS = frozenset({Role.HEAD, Role.CHIEF})
_CHIEF = frozenset({Role.CHIEF})
_NOBODY: frozenset[Role] = frozenset()

#: Who may pass, return, take, edit and spike in each reading; an editor only in his sections.
READERS: Mapping[State, frozenset[Role]] = {
    State.FIRST_READING: _HEADS | {Role.EDITOR},
    State.SECOND_READING: _HEADS,
    State.FINAL_READING: _CHIEF,
}


@dataclass(frozen=True, slots=True)
class Grant:
    """Who may do a thing: the author, others by role, and roles that may even on their own work."""

    author: bool = False
    roles: frozenset[Role] = _NOBODY
    own_roles: frozenset[Role] = _NOBODY
    #: Roles that may only in their own sections.
    section_roles: frozenset[Role] = frozenset({Role.EDITOR})

    def allows(self, roles: frozenset[Role], scope: Scope) -> bool:
        """Return whether a person with `roles` may, on an article in this `scope` of his."""
        if scope is Scope.OWN:
            return bool((self.author and roles & WRITERS) or self.own_roles & roles)
        granted = self.roles & roles
        if scope is not Scope.OWN_SECTION:
            granted -= self.section_roles
        return bool(granted)


@dataclass(frozen=True, slots=True)
class Move:
    """One row of the table: the move's name and button, from which states, and who may."""

    name: str
    label: Promise
    who: Mapping[State, Grant]
    needs_reason: bool = False
    #: A move that cannot be undone asks once more.
    is_final: bool = False


_AUTHOR = Grant(author=True)
_BY_READER = {state: Grant(roles=roles) for state, roles in READERS.items()}
_CHIEF_ALSO_OWN = Grant(roles=_CHIEF, own_roles=_CHIEF)

MOVES: Mapping[str, Move] = {
    move.name: move
    for move in (
        Move("edit", _("Edit"), {State.DRAFT: _AUTHOR, **_BY_READER}),
        Move("submit", _("Submit"), {State.DRAFT: _AUTHOR}),
        Move("recall", _("Take back"), {State.FIRST_READING: _AUTHOR}),
        Move("delete", _("Delete"), {State.DRAFT: _AUTHOR}, is_final=True),
        Move("take", _("Take"), _BY_READER),
        Move("leave", _("Leave"), _BY_READER),
        Move("pass", _("Pass"), _BY_READER),
        Move("return", _("Return…"), _BY_READER, needs_reason=True),
        Move(
            "spike",
            _("Spike…"),
            {**_BY_READER, State.APPROVED: Grant(roles=_CHIEF)},
            needs_reason=True,
        ),
        Move(
            "restore",
            _("Restore…"),
            {State.SPIKED: Grant(roles=_HEADS, own_roles=_CHIEF)},
            needs_reason=True,
        ),
        Move(
            "release",
            _("Release…"),
            {State.APPROVED: _CHIEF_ALSO_OWN, State.SCHEDULED: _CHIEF_ALSO_OWN},
        ),
        Move("unrelease", _("Take back the release"), {State.SCHEDULED: _CHIEF_ALSO_OWN}),
        Move(
            "withdraw",
            _("Withdraw…"),
            {State.PUBLISHED: _CHIEF_ALSO_OWN},
            needs_reason=True,
            is_final=True,
        ),
        Move(
            "correct",
            _("Correct…"),
            {State.PUBLISHED: Grant(roles=_HEADS, own_roles=_HEADS)},
            needs_reason=True,
        ),
    )
}

_EVERYBODY = frozenset(Role)
_READERS_OF_ALL = frozenset({Role.HEAD, Role.CHIEF, Role.ADMINISTRATOR, Role.EDITOR})
_ADMIN_ONLY = frozenset({Role.ADMINISTRATOR})
_IN_PLAN = frozenset({Role.REPORTER, Role.HEAD, Role.CHIEF, Role.ADMINISTRATOR, Role.EDITOR})


def _seen_by(
    roles: frozenset[Role], section_roles: frozenset[Role] = frozenset({Role.EDITOR})
) -> Grant:
    return Grant(author=True, roles=roles, own_roles=_ADMIN_ONLY, section_roles=section_roles)


#: Who sees the record of an article: all readings, signatures and notes.
HISTORY: Mapping[State, Grant] = {
    state: _seen_by(_ADMIN_ONLY if state is State.DRAFT else _READERS_OF_ALL) for state in State
}
#: Who sees an article. What is approved, the desk may plan with and a reporter sees in
#: his section; what is out, everybody sees.
VIEW: Mapping[State, Grant] = {
    **HISTORY,
    State.APPROVED: _seen_by(_IN_PLAN, frozenset({Role.REPORTER})),
    State.SCHEDULED: _seen_by(_IN_PLAN, frozenset({Role.REPORTER})),
    State.PUBLISHED: _seen_by(_EVERYBODY, _NOBODY),
}


@dataclass(frozen=True, slots=True)
class Actor:
    """A person at the desk: his login, roles and the ids of his sections.

    An editor's sections are those that name him, a reporter's is his usual one.
    """

    user: User
    roles: frozenset[Role]
    section_ids: frozenset[int]

    def has(self, *roles: Role) -> bool:
        """Return whether the person has one of `roles`."""
        return bool(self.roles & set(roles))


def actor_of(user: User | AnonymousUser) -> Actor:
    """Return the roles and sections of `user`, read once for each user object.

    A superuser is an administrator: he sees everything and makes no editorial move.
    """
    known: Actor | None = getattr(user, "_newsroom_actor", None)
    if known is not None:
        return known
    assert isinstance(user, User), "an anonymous visitor never gets as far as a move"
    actor = Actor(user, roles_of(user), section_ids_of(user))
    user._newsroom_actor = actor  # type: ignore[attr-defined]
    return actor


def allows(move: str, actor: Actor, scope: Scope, state: State) -> bool:
    """Return whether the table lets `actor` make `move` (a name of MOVES, "view", "history")."""
    table = {"view": VIEW, "history": HISTORY}.get(move) or MOVES[move].who
    grant = table.get(state)
    return grant is not None and grant.allows(actor.roles, scope)


__all__ = ["MOVES", "Actor", "Move", "Role", "Scope", "actor_of", "allows"]

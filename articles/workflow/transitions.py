"""The transition table: who may do what to an article in which state."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Flag
from typing import Any

from django.contrib.auth.models import AnonymousUser, User
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bylines.models import Contributor
from paper.permissions import CAPABILITIES, Capability, Role, roles_allow, roles_of, section_ids_of

from .states import State


class Scope(Flag):
    """The relation of an article to a user: `OWN` alone, a combination of the others, or none."""

    OTHERS = 0
    OWN_SECTION = 1
    OWN_TOWN = 2
    PLACED = 4
    OWN = 8


_HEADS = CAPABILITIES[Capability.OVERSEE_ARTICLES]
_CHIEF = CAPABILITIES[Capability.DECIDE_PUBLICATION]
_NOBODY: frozenset[Role] = frozenset()
_EDITOR_IN_SECTION: Mapping[Role, Scope] = {Role.EDITOR: Scope.OWN_SECTION}

#: Roles that may approve, return, take, edit and spike in each review; an editor only in their
#: sections.
REVIEWERS: Mapping[State, frozenset[Role]] = {
    State.FIRST_REVIEW: CAPABILITIES[Capability.APPROVE_FIRST_REVIEW],
    State.SECOND_REVIEW: CAPABILITIES[Capability.APPROVE_SECOND_REVIEW],
    State.FINAL_REVIEW: CAPABILITIES[Capability.APPROVE_FINAL_REVIEW],
}


@dataclass(frozen=True, slots=True)
class Grant:
    """A permission: the author, others by role, and roles that have it even on their own work."""

    author: bool = False
    roles: frozenset[Role] = _NOBODY
    own_roles: frozenset[Role] = _NOBODY
    #: Roles that have the permission only for articles of this scope.
    limits: Mapping[Role, Scope] = field(default_factory=lambda: _EDITOR_IN_SECTION)

    def allows(self, roles: frozenset[Role], scope: Scope) -> bool:
        """Return whether a user with `roles` has the permission on an article of this `scope`."""
        if scope is Scope.OWN:
            return bool(
                (self.author and roles_allow(roles, Capability.WRITE_ARTICLES))
                or self.own_roles & roles
            )
        granted = self.roles & roles
        needs = [self.limits.get(role, Scope.OTHERS) for role in granted]
        return any(scope & needed == needed for needed in needs)


@dataclass(frozen=True, slots=True)
class Transition:
    """One row of the table: name, button label, source states, and who may make the transition."""

    name: str
    label: Promise
    who: Mapping[State, Grant]
    needs_reason: bool = False
    #: A transition that cannot be undone asks for confirmation.
    is_final: bool = False


_AUTHOR = Grant(author=True)
_BY_REVIEWER = {state: Grant(roles=roles) for state, roles in REVIEWERS.items()}
_CHIEF_ALSO_OWN = Grant(roles=_CHIEF, own_roles=_CHIEF)

TRANSITIONS: Mapping[str, Transition] = {
    transition.name: transition
    for transition in (
        Transition("edit", _("Edit"), {State.DRAFT: _AUTHOR, **_BY_REVIEWER}),
        Transition("submit", _("Submit"), {State.DRAFT: _AUTHOR}),
        Transition("recall", _("Recall"), {State.FIRST_REVIEW: _AUTHOR}),
        Transition("delete", _("Delete"), {State.DRAFT: _AUTHOR}, is_final=True),
        Transition("take", _("Take"), _BY_REVIEWER),
        Transition("leave", _("Put back"), _BY_REVIEWER),
        Transition("approve", _("Approve"), _BY_REVIEWER),
        Transition("return", _("Return…"), _BY_REVIEWER, needs_reason=True),
        Transition(
            "spike",
            _("Spike…"),
            {**_BY_REVIEWER, State.APPROVED: Grant(roles=_CHIEF)},
            needs_reason=True,
        ),
        Transition(
            "restore",
            _("Restore…"),
            {State.SPIKED: Grant(roles=_HEADS, own_roles=_CHIEF)},
            needs_reason=True,
        ),
        Transition(
            "release",
            _("Release…"),
            {State.APPROVED: _CHIEF_ALSO_OWN, State.SCHEDULED: _CHIEF_ALSO_OWN},
        ),
        Transition("unrelease", _("Cancel the release"), {State.SCHEDULED: _CHIEF_ALSO_OWN}),
        Transition(
            "withdraw",
            _("Withdraw…"),
            {State.PUBLISHED: _CHIEF_ALSO_OWN},
            needs_reason=True,
            is_final=True,
        ),
        Transition(
            "correct",
            _("Correct…"),
            {State.PUBLISHED: Grant(roles=_HEADS, own_roles=_HEADS)},
            needs_reason=True,
        ),
    )
}

#: Log entry of an earlier revision that was restored as the newest one.
RESTORE_REVISION = "restore_revision"
#: Log entries that a draft may have before it is submitted, and that are deleted with it.
DRAFT_ENTRIES = frozenset({"import", RESTORE_REVISION})
#: Log entries that are no transitions.
LOG_ENTRIES: Mapping[str, Promise] = {
    RESTORE_REVISION: _("Earlier revision restored"),
    "archive": _("archive import"),
    "namesake_me": _("Answer: the namesake is me"),
    "namesake_other": _("Answer: the namesake is another person"),
}


def entry_label(name: str) -> str:
    """Return the label of a log entry that is no transition."""
    return str(LOG_ENTRIES.get(name) or _("import"))


_EVERYBODY = frozenset(Role)
_SEE_ALL = CAPABILITIES[Capability.SEE_SUBMITTED]
_ADMIN_ONLY = CAPABILITIES[Capability.SEE_EVERYTHING]
_PROOFREADERS = CAPABILITIES[Capability.PROOFREAD]
_IN_PLAN = CAPABILITIES[Capability.SEE_APPROVED]
_LAYOUT = CAPABILITIES[Capability.LAY_OUT_PAGES]
_OFFICES = CAPABILITIES[Capability.FOLLOW_TOWN]
_TOWNS: Mapping[Role, Scope] = dict.fromkeys(_OFFICES, Scope.OWN_TOWN)
_PLACED: Mapping[Role, Scope] = dict.fromkeys(_LAYOUT, Scope.PLACED)
#: States that proofreaders see, besides the stories that readers see.
_PROOFREAD = frozenset({*REVIEWERS, State.APPROVED, State.SCHEDULED, State.PUBLISHED})


def _seen_by(roles: frozenset[Role], limits: Mapping[Role, Scope]) -> Grant:
    return Grant(roles=roles, own_roles=_EVERYBODY, limits=limits)


def _record_of(state: State) -> Grant:
    roles = _ADMIN_ONLY if state is State.DRAFT else _SEE_ALL
    more = _PROOFREADERS if state in _PROOFREAD else _NOBODY
    return _seen_by(roles | more, _EDITOR_IN_SECTION)


def _view_of(state: State) -> Grant:
    if state is State.PUBLISHED:
        return _seen_by(_EVERYBODY, {})
    if state in {State.APPROVED, State.SCHEDULED}:
        return _seen_by(_IN_PLAN | _OFFICES, {Role.REPORTER: Scope.OWN_SECTION, **_TOWNS})
    roles = HISTORY[state].roles | _LAYOUT
    if state is not State.DRAFT:
        roles |= _OFFICES
    return _seen_by(roles, {**_EDITOR_IN_SECTION, **_TOWNS, **_PLACED})


#: Who sees the record of an article: all reviews, signatures and notes.
HISTORY: Mapping[State, Grant] = {state: _record_of(state) for state in State}
#: Who sees an article: an approved one, users who plan issues, and reporters in their usual
#: section; a placed one, layout editors; a submitted one, the office of its town; a published one,
#: everybody.
VIEW: Mapping[State, Grant] = {state: _view_of(state) for state in State}


@dataclass(frozen=True, slots=True)
class Actor:
    """A user of the desk with their roles and the ids of their sections.

    An editor's sections are those that list the editor; a reporter's is the usual section.
    """

    user: User
    roles: frozenset[Role]
    section_ids: frozenset[int]
    #: Town and unit of an office that follows its own articles.
    town_id: int | None = None
    unit: str = ""

    def may(self, capability: Capability) -> bool:
        """Return whether a role of the user has `capability`."""
        return roles_allow(self.roles, capability)


def actor_of(user: User | AnonymousUser) -> Actor:
    """Return the roles and sections of `user`, cached on the user object.

    A superuser is an administrator, who sees everything and makes no editorial transition.
    """
    known: Actor | None = getattr(user, "_newsroom_actor", None)
    if known is not None:
        return known
    assert isinstance(user, User), "an anonymous visitor never gets as far as a transition"
    roles = roles_of(user)
    place = _place_of(user) if roles_allow(roles, Capability.FOLLOW_TOWN) else {}
    actor = Actor(user, roles, section_ids_of(user), **place)
    user._newsroom_actor = actor  # type: ignore[attr-defined]
    return actor


def _place_of(user: User) -> dict[str, Any]:
    """Return town and unit of the contributor of a login."""
    found = Contributor.objects.filter(user=user).first()
    return {"town_id": found.town_id, "unit": found.unit} if found else {}


def allows(transition: str, actor: Actor, scope: Scope, state: State) -> bool:
    """Return whether the table allows `transition` (a name of TRANSITIONS, "view" or "history")."""
    table = {"view": VIEW, "history": HISTORY}.get(transition) or TRANSITIONS[transition].who
    grant = table.get(state)
    return grant is not None and grant.allows(actor.roles, scope)


__all__ = ["TRANSITIONS", "Actor", "Role", "Scope", "Transition", "actor_of", "allows"]

"""Roles of the paper, and the table of their capabilities.

A role is a Django group of the same name, created by migration. `CAPABILITIES` lists the roles that
have a capability. Rules that also depend on an article's state and author are in
`articles/workflow/transitions.py`, which takes its roles from this table.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from enum import Enum, auto
from typing import Any

from django.contrib.auth.models import AnonymousUser, Group, User
from django.db import models
from django.db.models import CharField, QuerySet, Value
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from .models import Section


class Role(models.TextChoices):
    """Role of a user at the paper, in ascending order of responsibility."""

    CORRESPONDENT = "correspondent", _("correspondent")
    OFFICE = "office", _("office of a town or unit")
    REPORTER = "reporter", _("reporter")
    PROOFREADER = "proofreader", _("proofreader")
    LAYOUT = "layout", _("layout editor")
    EDITOR = "editor", _("editor")
    HEAD = "head", _("desk head")
    CHIEF = "chief", _("chief editor")
    ADMINISTRATOR = "administrator", _("administrator")


class Capability(Enum):
    """Permission of a role, independent of the state of an article."""

    # Articles
    WRITE_ARTICLES = auto()
    USE_FULL_FORM = auto()
    APPROVE_FIRST_REVIEW = auto()
    APPROVE_SECOND_REVIEW = auto()
    APPROVE_FINAL_REVIEW = auto()
    REVIEW = auto()
    OVERSEE_ARTICLES = auto()
    DECIDE_PUBLICATION = auto()
    LIST_ALL_ARTICLES = auto()
    SEE_SUBMITTED = auto()
    SEE_APPROVED = auto()
    SEE_EVERYTHING = auto()
    SEARCH_RECORDS = auto()
    PROOFREAD = auto()
    LAY_OUT_PAGES = auto()
    FOLLOW_TOWN = auto()
    COMMENT = auto()
    MANAGE_RETURN_REASONS = auto()
    MANAGE_PHOTOS = auto()
    IMPORT_PAGES = auto()
    IMPORT_ARCHIVE = auto()
    # Issues and the public site
    SEE_ISSUES = auto()
    FOLLOW_ISSUES = auto()
    HAND_OVER_PAGES = auto()
    PLACE_ARTICLES = auto()
    EDIT_A_PAGE = auto()
    PLAN_ISSUES = auto()
    CLOSE_ISSUES = auto()
    SIGN_ISSUES = auto()
    ARRANGE_HOMEPAGE = auto()
    # People and settings
    SEE_CONTRIBUTORS = auto()
    EDIT_CONTRIBUTORS = auto()
    MERGE_CONTRIBUTORS = auto()
    SIGN_AS_STAFF = auto()
    SEE_REFERENCE_DATA = auto()
    MANAGE_GENRES = auto()
    MANAGE_TAGS = auto()
    MANAGE_SETTINGS = auto()
    MANAGE_LOGINS = auto()
    # Security
    USE_SECOND_FACTOR = auto()
    CHECK_ANCHOR = auto()


_CORRESPONDENT, _REPORTER, _EDITOR = Role.CORRESPONDENT, Role.REPORTER, Role.EDITOR
_HEAD, _CHIEF, _ADMINISTRATOR = Role.HEAD, Role.CHIEF, Role.ADMINISTRATOR
_PROOFREADER, _LAYOUT, _OFFICE = Role.PROOFREADER, Role.LAYOUT, Role.OFFICE
#: Roles of the paper's staff: all but correspondents and offices.
_STAFF = frozenset(set(Role) - {_CORRESPONDENT, _OFFICE})
_WRITING_STAFF = frozenset({_REPORTER, _EDITOR, _HEAD, _CHIEF})


def _only(*roles: Role) -> frozenset[Role]:
    return frozenset(roles)


#: Roles by capability. An editor's capabilities on articles apply to their own sections only.
CAPABILITIES: Mapping[Capability, frozenset[Role]] = {
    # Write articles, upload photos, and make an author's transitions of one's own articles.
    Capability.WRITE_ARTICLES: _WRITING_STAFF | {_CORRESPONDENT},
    # Write in the form with all fields; other writers get the short form.
    Capability.USE_FULL_FORM: _STAFF,
    # Take, edit, approve, return and spike an article in the first review.
    Capability.APPROVE_FIRST_REVIEW: _only(_EDITOR, _HEAD, _CHIEF),
    # The same in the second review.
    Capability.APPROVE_SECOND_REVIEW: _only(_HEAD, _CHIEF),
    # The same in the final review.
    Capability.APPROVE_FINAL_REVIEW: _only(_CHIEF),
    # Have a review queue and bulk actions, as a reviewer in any of the reviews.
    Capability.REVIEW: _only(_EDITOR, _HEAD, _CHIEF),
    # Restore and correct; receive notifications after approval and before the cut-off.
    Capability.OVERSEE_ARTICLES: _only(_HEAD, _CHIEF),
    # Spike approved articles, release and withdraw.
    Capability.DECIDE_PUBLICATION: _only(_CHIEF),
    # Have the list of all visible articles, not only of one's own.
    Capability.LIST_ALL_ARTICLES: _STAFF | {_OFFICE},
    # See submitted articles with their record; an editor, those of their own sections.
    Capability.SEE_SUBMITTED: _only(_EDITOR, _HEAD, _CHIEF, _ADMINISTRATOR),
    # See approved and scheduled articles; a reporter, those of their usual section.
    Capability.SEE_APPROVED: _STAFF,
    # See every article with its record, drafts included.
    Capability.SEE_EVERYTHING: _only(_ADMINISTRATOR),
    # Have the admin's record lists in the navigation.
    Capability.SEARCH_RECORDS: _only(_HEAD, _CHIEF, _ADMINISTRATOR),
    # Read articles in review, approved, scheduled and published, with their record; edit none.
    Capability.PROOFREAD: _only(_PROOFREADER),
    # Read articles placed on a page, in any state; edit none.
    Capability.LAY_OUT_PAGES: _only(_LAYOUT),
    # Read the submitted articles of the login's own town or unit; edit none.
    Capability.FOLLOW_TOWN: _only(_OFFICE),
    # Read and write comments on articles whose record or text one may see.
    Capability.COMMENT: frozenset(set(Role) - {_LAYOUT, _OFFICE}),
    # Edit the reasons that the return and spike forms offer.
    Capability.MANAGE_RETURN_REASONS: _only(_HEAD, _CHIEF, _ADMINISTRATOR),
    # Change any photo; take photos out of use.
    Capability.MANAGE_PHOTOS: _only(_HEAD, _CHIEF),
    # Make drafts from the text of a page.
    Capability.IMPORT_PAGES: _WRITING_STAFF,
    # Import old issues as printed.
    Capability.IMPORT_ARCHIVE: _only(_CHIEF),
    # Open issues, their page images and the timetable.
    Capability.SEE_ISSUES: _only(_LAYOUT, _EDITOR, _HEAD, _CHIEF, _ADMINISTRATOR),
    # Have the next issues on the dashboard.
    Capability.FOLLOW_ISSUES: _only(_LAYOUT, _EDITOR, _HEAD, _CHIEF),
    # Download the texts and photos of a page for its layout (the print hand-off).
    Capability.HAND_OVER_PAGES: _only(_LAYOUT, _EDITOR, _HEAD, _CHIEF),
    # Place articles on pages.
    Capability.PLACE_ARTICLES: _only(_EDITOR, _HEAD, _CHIEF),
    # Be the responsible editor of a page.
    Capability.EDIT_A_PAGE: _only(_EDITOR, _HEAD, _CHIEF),
    # Plan issues, their pages, page images and hours; see approved articles without a page.
    Capability.PLAN_ISSUES: _only(_HEAD, _CHIEF),
    # Close an issue.
    Capability.CLOSE_ISSUES: _only(_HEAD, _CHIEF),
    # Sign and reopen an issue, change it after its cut-off.
    Capability.SIGN_ISSUES: _only(_CHIEF),
    # Arrange the public homepage.
    Capability.ARRANGE_HOMEPAGE: _only(_EDITOR, _HEAD, _CHIEF),
    # See contributors.
    Capability.SEE_CONTRIBUTORS: _only(_REPORTER, _EDITOR, _HEAD, _CHIEF, _ADMINISTRATOR),
    # Add contributors, and change their fields except name and town.
    Capability.EDIT_CONTRIBUTORS: _only(_EDITOR, _HEAD, _CHIEF, _ADMINISTRATOR),
    # Merge contributors, and change their names and towns.
    Capability.MERGE_CONTRIBUTORS: _only(_HEAD, _CHIEF, _ADMINISTRATOR),
    # Have a contributor that belongs to the staff (记者).
    Capability.SIGN_AS_STAFF: _STAFF,
    # See sections and towns.
    Capability.SEE_REFERENCE_DATA: _STAFF,
    # Rename and merge tags.
    Capability.MANAGE_TAGS: _only(_HEAD, _CHIEF, _ADMINISTRATOR),
    # Edit the list of genres.
    Capability.MANAGE_GENRES: _only(_CHIEF, _ADMINISTRATOR),
    # Change the paper's settings and reference data.
    Capability.MANAGE_SETTINGS: _only(_ADMINISTRATOR),
    # Invite people and change logins.
    Capability.MANAGE_LOGINS: _only(_ADMINISTRATOR),
    # Need a second factor and short sessions: a stolen password must not be enough.
    Capability.USE_SECOND_FACTOR: _only(_EDITOR, _HEAD, _CHIEF, _ADMINISTRATOR),
    # Receive the digests that anchor the audit log.
    Capability.CHECK_ANCHOR: _only(_CHIEF, _ADMINISTRATOR),
}


def roles_allow(roles: Collection[str], capability: Capability) -> bool:
    """Return whether one of `roles` has `capability`."""
    return not CAPABILITIES[capability].isdisjoint(roles)


def may(user: User | AnonymousUser, capability: Capability) -> bool:
    """Return whether a role of `user` has `capability`."""
    return roles_allow(roles_of(user), capability)


def people_who_may(capability: Capability) -> QuerySet[User]:
    """Return the active users with a role that has `capability`, ordered by id."""
    roles = CAPABILITIES[capability]
    # A subquery, not a join: the rows can be locked, and each occurs once.
    members = Group.objects.filter(name__in=roles).values("user")
    return User.objects.filter(is_active=True, pk__in=members).order_by("pk")


def roles_of(user: User | AnonymousUser) -> frozenset[Role]:
    """Return the roles of `user`, queried once for each user object.

    A superuser is an administrator; an inactive user has no role.
    """
    known: frozenset[Role] | None = getattr(user, "_newsroom_roles", None)
    if known is not None:
        return known
    if isinstance(user, AnonymousUser) or not user.is_active:
        return frozenset()
    facts = set(_roles_and_sections(user))
    names = {name for kind, name in facts if kind == "role"}
    if user.is_superuser:
        names.add(Role.ADMINISTRATOR)
    roles = frozenset(role for role in Role if role.value in names)
    # An editor's sections are those that list them; a reporter has their usual section.
    able = {kind for kind in (Role.EDITOR, Role.REPORTER) if kind in roles}
    user._newsroom_section_ids = frozenset(  # type: ignore[attr-defined]
        int(pk) for kind, pk in facts if kind in able
    )
    user._newsroom_roles = roles  # type: ignore[attr-defined]
    return roles


def section_ids_of(user: User) -> frozenset[int]:
    """Return the ids of the user's sections by their roles; the query of the roles reads them."""
    return user._newsroom_section_ids if roles_of(user) else frozenset()  # type: ignore[attr-defined]


def _roles_and_sections(user: User) -> QuerySet[Group, Any]:
    """Return (kind, name or id) of the user's groups and sections, in one query."""
    pk = Cast("pk", CharField())
    edits = Section.objects.filter(editors=user).order_by()
    usual = Section.objects.filter(contributor__user=user).order_by()
    groups = user.groups.order_by().values_list(Value("role"), "name")
    return groups.union(
        edits.values_list(Value(Role.EDITOR.value), pk),
        usual.values_list(Value(Role.REPORTER.value), pk),
        all=True,
    )

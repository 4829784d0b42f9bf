"""Permissions and validation of logins, and the rule for second factors."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection

from django.conf import settings
from django.contrib.auth.models import AnonymousUser, User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from paper.permissions import Capability, may, people_who_may, roles_allow, roles_of
from textkit.characters import clean_line


def may_manage_logins(user: User | AnonymousUser) -> bool:
    """Return whether `user` may invite users and change their logins."""
    return may(user, Capability.MANAGE_LOGINS)


def require_login_manager(user: User | None) -> None:
    """Raise PermissionDenied unless `user` manages logins; None stands for the console."""
    if user is not None and not may_manage_logins(user):
        raise PermissionDenied


def needs_second_factor(user: User | AnonymousUser) -> bool:
    """Return whether `user` must have a second factor (NEWSROOM_SECOND_FACTOR)."""
    if settings.SECOND_FACTOR == "off" or isinstance(user, AnonymousUser):
        return False
    return asks_factor_of(roles_of(user))


def asks_factor_of(roles: Collection[str]) -> bool:
    """Return whether users with `roles` must have a second factor."""
    if settings.SECOND_FACTOR == "editors":
        return roles_allow(roles, Capability.USE_SECOND_FACTOR)
    return bool(settings.SECOND_FACTOR == "all")


def plain_name(name: str) -> str:
    """Return a user name in its stored form, with full-width letters normalised (NFKC)."""
    return unicodedata.normalize("NFKC", clean_line(name))


def require_free_name(name: str, user: User | None = None) -> None:
    """Raise ValidationError if a login other than `user` has the name, ignoring case.

    Two names that differ only in case would lock both users out.
    """
    if _others(user).filter(username__iexact=name).exists():
        raise ValidationError(_("This user name is already taken. Please choose another."))


def require_free_address(email: str, user: User | None = None) -> None:
    """Raise ValidationError if a login other than `user` has the e-mail address; "" is free."""
    if email and _others(user).filter(email__iexact=email).exists():
        raise ValidationError(_("Another login already uses this e-mail address."))


def _others(user: User | None) -> QuerySet[User]:
    return User.objects.all() if user is None else User.objects.exclude(pk=user.pk)


def require_roles(user: User | None, roles: Collection[str], by: User | None) -> None:
    """Raise ValidationError if `by` may not give `user` (None: a new login) exactly these roles.

    Users cannot change their own roles: an administrator makes no editorial transition, and must
    not lock themselves out.
    """
    if not roles:
        raise ValidationError(_("Please choose at least one role."))
    if user is None or by is None or user.pk != by.pk:
        return
    if set(roles) != {role.value for role in roles_of(user)}:
        raise ValidationError(_("You cannot change your own roles. Ask another administrator."))


def require_place(roles: Collection[str], has_place: bool) -> None:
    """Raise ValidationError for an office without a town or unit: it would see no article."""
    if roles_allow(roles, Capability.FOLLOW_TOWN) and not has_place:
        raise ValidationError(
            _("An office sees the articles of its town or unit. Please choose the town or unit.")
        )


def require_may_leave(user: User, by: User | None) -> None:
    """Raise ValidationError if `by` may not deactivate `user`."""
    if by is not None and user.pk == by.pk:
        raise ValidationError(_("You cannot deactivate your own login."))
    # Locked, so that two administrators cannot deactivate each other at the same time.
    managers = people_who_may(Capability.MANAGE_LOGINS)
    others = {manager.pk for manager in managers.select_for_update(of=("self",))} - {user.pk}
    if may_manage_logins(user) and not others:
        raise ValidationError(_("This is the last administrator. Invite another one first."))

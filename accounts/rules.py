"""Who may do what with logins, and who needs a second factor."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection

from django.conf import settings
from django.contrib.auth.models import AnonymousUser, User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from paper.roles import Role, roles_of

#: Who signs, plans or keeps the logins: a stolen password must not be enough for it.
EDITORS = frozenset({Role.EDITOR, Role.HEAD, Role.CHIEF, Role.ADMINISTRATOR})


def keeps_logins(user: User | AnonymousUser) -> bool:
    """Return whether `user` invites people and changes their logins: the administrator."""
    return Role.ADMINISTRATOR in roles_of(user)


def require_keeper(user: User | None) -> None:
    """Raise PermissionDenied for who does not keep the logins; None is the console."""
    if user is not None and not keeps_logins(user):
        raise PermissionDenied


def needs_second_factor(user: User | AnonymousUser) -> bool:
    """Return whether the paper wants a second factor of `user` (NEWSROOM_SECOND_FACTOR)."""
    if settings.SECOND_FACTOR == "off" or isinstance(user, AnonymousUser):
        return False
    return asks_factor_of(roles_of(user))


def asks_factor_of(roles: Collection[str]) -> bool:
    """Return whether the paper wants a second factor of who has `roles`."""
    if settings.SECOND_FACTOR == "editors":
        return bool(EDITORS & set(roles))
    return bool(settings.SECOND_FACTOR == "all")


def plain_name(name: str) -> str:
    """Return a user name as it is kept: full-width letters of a Chinese keyboard made plain."""
    return unicodedata.normalize("NFKC", name).strip()


def require_free_name(name: str, user: User | None = None) -> None:
    """Raise ValidationError where another than `user` has the name, whatever its capitals.

    Two names that differ in capitals alone would shut both persons out.
    """
    if _others(user).filter(username__iexact=name).exists():
        raise ValidationError(_("Somebody has this user name. Please choose another."))


def require_free_address(email: str, user: User | None = None) -> None:
    """Raise ValidationError where another than `user` has the e-mail address; "" is free."""
    if email and _others(user).filter(email__iexact=email).exists():
        raise ValidationError(_("Another login has this e-mail address."))


def _others(user: User | None) -> QuerySet[User]:
    return User.objects.all() if user is None else User.objects.exclude(pk=user.pk)


def require_roles(user: User | None, roles: Collection[str], by: User | None) -> None:
    """Raise ValidationError where `by` may not give `user` (None: a new one) just these roles.

    Nobody changes his own roles: an administrator makes no editorial move, and does not lock
    himself out.
    """
    if not roles:
        raise ValidationError(_("Please choose at least one role."))
    if user is None or by is None or user.pk != by.pk:
        return
    if set(roles) != {role.value for role in roles_of(user)}:
        raise ValidationError(_("Nobody changes his own roles. Ask another administrator."))


def require_may_leave(user: User, by: User | None) -> None:
    """Raise ValidationError where `user` cannot be deactivated by `by`."""
    if by is not None and user.pk == by.pk:
        raise ValidationError(_("You cannot deactivate your own login."))
    # Locked, so that two administrators cannot shut each other out at one moment.
    keepers = User.objects.filter(is_active=True, groups__name=Role.ADMINISTRATOR).order_by("pk")
    others = {keeper.pk for keeper in keepers.select_for_update(of=("self",))} - {user.pk}
    if Role.ADMINISTRATOR in roles_of(user) and not others:
        raise ValidationError(_("This is the last administrator. Invite another one first."))

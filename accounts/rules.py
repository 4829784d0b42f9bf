"""Who may do what with logins, and who needs a second factor."""

from __future__ import annotations

from collections.abc import Collection

from django.conf import settings
from django.contrib.auth.models import AnonymousUser, User
from django.core.exceptions import PermissionDenied, ValidationError
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
    return settings.SECOND_FACTOR == "all" or bool(roles_of(user) & EDITORS)


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
    others = User.objects.filter(is_active=True, groups__name=Role.ADMINISTRATOR)
    is_last = Role.ADMINISTRATOR in roles_of(user) and not others.exclude(pk=user.pk).exists()
    if is_last:
        raise ValidationError(_("This is the last administrator. Invite another one first."))

"""The roles of the house, each a Django group of that name, made by migration."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser, User
from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """Who somebody is at the paper."""

    CORRESPONDENT = "correspondent", _("correspondent")
    REPORTER = "reporter", _("reporter")
    EDITOR = "editor", _("editor")
    HEAD = "head", _("desk head")
    CHIEF = "chief", _("chief editor")
    ADMINISTRATOR = "administrator", _("administrator")


def roles_of(user: User | AnonymousUser) -> frozenset[Role]:
    """Return the roles of `user`, read once for each user object.

    A superuser is an administrator; who is not active has no role.
    """
    known: frozenset[Role] | None = getattr(user, "_newsroom_roles", None)
    if known is not None:
        return known
    if isinstance(user, AnonymousUser) or not user.is_active:
        return frozenset()
    names = set(user.groups.values_list("name", flat=True))
    if user.is_superuser:
        names.add(Role.ADMINISTRATOR)
    roles = frozenset(role for role in Role if role.value in names)
    user._newsroom_roles = roles  # type: ignore[attr-defined]
    return roles

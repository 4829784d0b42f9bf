"""The roles of the house, each a Django group of that name, made by migration; whose section is."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AnonymousUser, Group, User
from django.db import models
from django.db.models import CharField, QuerySet, Value
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from .models import Section


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
    facts = set(_standing(user))
    names = {name for kind, name in facts if kind == "role"}
    if user.is_superuser:
        names.add(Role.ADMINISTRATOR)
    roles = frozenset(role for role in Role if role.value in names)
    # An editor's sections are those that name him, a reporter's is his usual one.
    able = {kind for kind in (Role.EDITOR, Role.REPORTER) if kind in roles}
    user._newsroom_section_ids = frozenset(  # type: ignore[attr-defined]
        int(pk) for kind, pk in facts if kind in able
    )
    user._newsroom_roles = roles  # type: ignore[attr-defined]
    return roles


def section_ids_of(user: User) -> frozenset[int]:
    """Return the ids of the sections that are the person's, by his roles; read with the roles."""
    return user._newsroom_section_ids if roles_of(user) else frozenset()  # type: ignore[attr-defined]


def _standing(user: User) -> QuerySet[Group, Any]:
    """Return (what, which) of the person's groups and sections, in one query."""
    pk = Cast("pk", CharField())
    edits = Section.objects.filter(editors=user).order_by()
    usual = Section.objects.filter(contributor__user=user).order_by()
    groups = user.groups.order_by().values_list(Value("role"), "name")
    return groups.union(
        edits.values_list(Value(Role.EDITOR.value), pk),
        usual.values_list(Value(Role.REPORTER.value), pk),
        all=True,
    )

"""Logins and house words at the desk."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group, User
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from paper.admin_base import RoleAdmin
from paper.roles import Role
from proofing.models import HouseWord


@admin.register(HouseWord)
class HouseWordAdmin(RoleAdmin):
    """Words that the house watches for."""

    list_display = ["word", "better", "is_blocking"]
    search_fields = ["word", "better"]


class RolesField(forms.ModelMultipleChoiceField):
    """The roles by their names in the person's language."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Any) -> str:
        """Return the role's name."""
        return str(Role(obj.name).label) if obj.name in Role.values else obj.name


@admin.register(User)
class LoginAdmin(RoleAdmin, UserAdmin):
    """Who logs in, with which roles. A login is switched off, never deleted: it has signed."""

    list_display = ["username", "full_name", "role_names", "is_active", "last_login"]
    list_filter = ["is_active"]
    search_fields = ["username", "last_name", "first_name"]
    fieldsets = [
        (None, {"fields": ["username", "password"]}),
        (_("Person"), {"fields": ["last_name", "first_name", "email"]}),
        (_("At the paper"), {"fields": ["groups", "is_active"]}),
    ]
    filter_horizontal = []

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        """Fetch the roles with the logins."""
        return super().get_queryset(request).prefetch_related("groups")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody is deleted."""
        return False

    def formfield_for_manytomany(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        """Offer the roles as boxes to tick."""
        if db_field.name == "groups":
            names = Group.objects.filter(name__in=Role.values).order_by("id")
            return RolesField(names, required=False, label=_("Roles"))
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    @admin.display(description=_("name"))
    def full_name(self, user: User) -> str:
        """Show the name in Chinese order."""
        return f"{user.last_name}{user.first_name}"

    @admin.display(description=_("roles"))
    def role_names(self, user: User) -> str:
        """Show the roles."""
        names = [group.name for group in user.groups.all()]
        return "、".join(str(role.label) for role in Role if role.value in names)

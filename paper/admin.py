"""The paper's settings at the desk."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.models import User
from django.http import HttpRequest

from .admin_base import RoleAdmin
from .fields import RowsField
from .models import Paper, Section, Town
from .roles import Role


@admin.register(Paper)
class PaperAdmin(RoleAdmin):
    """The one row of the paper's name, numbers and house rules."""

    list_display = ["name", "readings", "release_time", "cutoff_time"]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """There is one paper."""
        return super().has_add_permission(request) and not Paper.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """The paper is never deleted."""
        return False


class PeopleField(RowsField):
    """People by name, as boxes to tick."""

    def label_from_instance(self, obj: Any) -> str:
        """Return the name in Chinese order, with the login's."""
        return f"{obj.last_name}{obj.first_name} ({obj.username})"


@admin.register(Section)
class SectionAdmin(RoleAdmin):
    """Sections, their editors and their number of readings."""

    viewers = frozenset(set(Role) - {Role.CORRESPONDENT})
    list_display = ["name", "slug", "readings", "order", "is_active"]
    exclude = ["paper"]

    def formfield_for_manytomany(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        """Offer those who are editors, as boxes to tick."""
        field = super().formfield_for_manytomany(db_field, request, **kwargs)
        if db_field.name == "editors" and field is not None:
            editors = User.objects.filter(groups__name=Role.EDITOR, is_active=True)
            return PeopleField(editors, required=False, label=field.label)
        return field


@admin.register(Town)
class TownAdmin(RoleAdmin):
    """Towns."""

    viewers = frozenset(set(Role) - {Role.CORRESPONDENT})
    list_display = ["name", "short_name", "slug", "order"]
    search_fields = ["name"]

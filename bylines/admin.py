"""Contributors at the desk."""

from django.contrib import admin

from paper.admin_base import RoleAdmin
from paper.roles import Role

from .models import Contributor


@admin.register(Contributor)
class ContributorAdmin(RoleAdmin):
    """People who sign; editors keep the list."""

    changers = frozenset({Role.EDITOR, Role.HEAD, Role.CHIEF, Role.ADMINISTRATOR})
    viewers = frozenset({Role.REPORTER})
    list_display = ["name", "kind", "town", "unit", "user", "is_active"]
    list_filter = ["kind", "town", "is_active"]
    list_select_related = ["town", "user"]
    search_fields = ["name", "unit"]

"""Contributors at the desk."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from paper.admin_base import RoleAdmin
from paper.roles import Role, roles_of

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

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Only an administrator says whose login it is: with it go the person's own articles."""
        return [] if Role.ADMINISTRATOR in roles_of(request.user) else ["user"]

"""House words at the desk."""

from django.contrib import admin

from paper.admin_base import RoleAdmin
from proofing.models import HouseWord


@admin.register(HouseWord)
class HouseWordAdmin(RoleAdmin):
    """Words that the house watches for."""

    list_display = ["word", "better", "is_blocking"]
    search_fields = ["word", "better"]

"""The reusable reasons at the desk: who reads for others keeps them."""

from django.contrib import admin

from paper.admin_base import RoleAdmin

from .models import ReasonPhrase
from .phrases import KEEPERS


@admin.register(ReasonPhrase)
class ReasonPhraseAdmin(RoleAdmin):
    """The phrases, by the move that they are for."""

    changers = KEEPERS
    list_display = ["text", "move", "order"]
    list_filter = ["move"]
    search_fields = ["text"]

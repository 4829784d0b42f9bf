"""Read-only admin of photo records; users manage photos in the photo library."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.selectors.body_html import desk_address
from articles.services import photo_library
from articles.workflow.transitions import actor_of
from bylines.services import display_name
from paper.base_admin import DeskRequest, ReadOnlyAdmin
from photos.html import picture_html, row_of
from photos.models import Photo
from photos.services import credit_line

from .record_fields import NOTHING, code, moment


@admin.register(Photo)
class PhotoAdmin(ReadOnlyAdmin):
    """Admin of the photos in the user's library: their own, and those of visible articles."""

    list_title = gettext_lazy("Photo records")
    list_display = ["name", "credit", "source", "sent", "size", "is_active"]
    list_filter = ["is_active", "uploaded_at"]
    search_fields = ["caption", "source", "credits__contributor__name"]
    search_help_text = gettext_lazy("Caption, source or photographer")
    ordering = ["-uploaded_at", "-id"]
    fields = [
        *("image", "caption", "credit", "source", "rights", "taken_at", "sent", "sender", "size"),
        *("is_active", "token_code"),
    ]

    def visible_rows(self, request: DeskRequest, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Return the photos of the user's library."""
        seen = photo_library.visible(actor_of(request.user), timezone.now())
        return seen.for_lists().select_related("uploaded_by")

    def title_of(self, row: Photo) -> str:
        """Return the start of the caption."""
        return str(row)[:40]

    def links_of(self, request: DeskRequest, row: Photo) -> list[tuple[str, str]]:
        """Return the link to the library, which shows where the photo is used."""
        return [(_("In the photo library"), reverse("admin:photo", args=[row.pk]))]

    @admin.display(description=gettext_lazy("photo"))
    def image(self, photo: Photo) -> str:
        """Show the picture."""
        return picture_html(row_of(photo, desk_address(photo)), photo.caption, sizes="46rem")

    @admin.display(description=gettext_lazy("caption"), ordering="caption")
    def name(self, photo: Photo) -> str:
        """Show the start of the caption."""
        return str(photo)[:40]

    @admin.display(description=gettext_lazy("Photographer"))
    def credit(self, photo: Photo) -> str:
        """Show the photographer."""
        return credit_line(photo) or NOTHING

    @admin.display(description=gettext_lazy("uploaded at"), ordering="uploaded_at")
    def sent(self, photo: Photo) -> str:
        """Show when it was uploaded."""
        return moment(photo.uploaded_at)

    @admin.display(description=gettext_lazy("uploaded by"))
    def sender(self, photo: Photo) -> str:
        """Show the display name of the uploader."""
        return display_name(photo.uploaded_by) or NOTHING

    @admin.display(description=gettext_lazy("Size"))
    def size(self, photo: Photo) -> str:
        """Show width and height in pixels."""
        return f"{photo.width} × {photo.height}"

    @admin.display(description=gettext_lazy("file"))
    def token_code(self, photo: Photo) -> str:
        """Show the name of the file in the storage."""
        return code(photo.token)

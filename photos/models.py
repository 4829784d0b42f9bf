"""Photos at the desk: the file, its caption and who took it."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from bylines.models import Contributor, Role


def original_path(photo: "Photo", filename: str) -> str:
    """Return where an original is stored: never under the name that it came with."""
    return f"originals/{photo.token[:2]}/{photo.token}.{photo.extension}"


def rendition_path(photo: "Photo", filename: str) -> str:
    """Return where the picture for pages is stored."""
    return f"renditions/{photo.token[:2]}/{photo.token}.webp"


class Photo(models.Model):
    """An uploaded photo, checked and re-encoded, private until a story prints it."""

    file = models.ImageField(
        _("file"), upload_to=original_path, width_field="width", height_field="height"
    )
    rendition = models.FileField(upload_to=rendition_path, editable=False)
    rendition_width = models.PositiveIntegerField(editable=False)
    rendition_height = models.PositiveIntegerField(editable=False)
    token = models.CharField(max_length=32, unique=True, editable=False)
    extension = models.CharField(max_length=5, editable=False)
    width = models.PositiveIntegerField(editable=False)
    height = models.PositiveIntegerField(editable=False)
    caption = models.CharField(_("caption"), max_length=300, blank=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="photos",
        verbose_name=_("uploaded by"),
    )
    uploaded_at = models.DateTimeField(_("uploaded at"))

    class Meta:
        verbose_name = _("photo")
        verbose_name_plural = _("photos")
        ordering = ["-uploaded_at", "-id"]

    def __str__(self) -> str:
        return self.caption or self.token[:8]


class PhotoCredit(models.Model):
    """Who took or supplied a photo, in printed order."""

    photo = models.ForeignKey(Photo, models.CASCADE, related_name="credits")
    contributor = models.ForeignKey(
        Contributor, models.PROTECT, related_name="photo_credits", verbose_name=_("contributor")
    )
    role = models.CharField(_("role"), max_length=10, choices=Role.choices, default=Role.PHOTOGRAPH)
    label = models.CharField(_("printed as"), max_length=20, blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("photo credit")
        verbose_name_plural = _("photo credits")
        ordering = ["order", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["photo", "contributor", "role"], name="photo_credit_once_per_role"
            )
        ]

    def __str__(self) -> str:
        return f"{self.contributor} {self.get_role_display()}"

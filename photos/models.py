"""Photo models of the desk: file, content, credits, and renditions."""

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from bylines.models import Contributor, Role

from .querysets import PhotoQuerySet

PERCENT = [MaxValueValidator(100)]


def original_path(photo: "Photo", filename: str) -> str:
    """Return the storage path of an original: never the name of the uploaded file."""
    return f"originals/{photo.token[:2]}/{photo.token}.{photo.extension}"


class Photo(models.Model):
    """An uploaded photo, checked and re-encoded, private until a story publishes it.

    Its renditions (`photos.renditions`) are in `folder`, one folder for each `version`. A new focal
    point creates a new version; published stories keep the version they were published with.
    """

    file = models.FileField(_("file"), upload_to=original_path)
    token = models.CharField(max_length=32, unique=True, editable=False)
    extension = models.CharField(max_length=5, editable=False)
    width = models.PositiveIntegerField(editable=False)
    height = models.PositiveIntegerField(editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    widths = models.JSONField(default=list, editable=False, help_text="of the whole picture")
    crops = models.JSONField(default=list, editable=False, help_text="widths of the 3:2 crop")
    focus_x = models.PositiveSmallIntegerField(default=50, validators=PERCENT)
    focus_y = models.PositiveSmallIntegerField(default=50, validators=PERCENT)
    fingerprint = models.BigIntegerField(
        null=True, editable=False, help_text="difference hash, to find the same photo again"
    )
    upload_key = models.CharField(
        max_length=36, blank=True, editable=False, help_text="names one sending of one file"
    )
    caption = models.CharField(_("caption"), max_length=300, blank=True)
    rights = models.CharField(_("rights"), max_length=120, blank=True)
    source = models.CharField(_("source"), max_length=60, blank=True)
    taken_at = models.DateTimeField(_("taken at"), null=True, blank=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="photos",
        verbose_name=_("uploaded by"),
    )
    uploaded_at = models.DateTimeField(_("uploaded at"), db_index=True)
    is_active = models.BooleanField(
        _("in use"), default=True, help_text="whether the library offers it for further articles"
    )

    objects = PhotoQuerySet.as_manager()

    class Meta:
        verbose_name = _("photo")
        verbose_name_plural = _("photos")
        ordering = ["-uploaded_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["uploaded_by", "upload_key"],
                condition=~models.Q(upload_key=""),
                name="photo_sent_once",
            )
        ]

    def __str__(self) -> str:
        return self.caption or self.token[:8]

    #: The by-line in the file's metadata, on a photo just uploaded.
    found_byline = ""

    @property
    def folder(self) -> str:
        """Return the folder of the current renditions in the storage."""
        return self.folder_of(self.version)

    def folder_of(self, version: int) -> str:
        """Return the folder of the renditions of `version`."""
        return f"renditions/{self.token[:2]}/{self.token}/{version}"


class PhotoCredit(models.Model):
    """A person who took or supplied a photo, in printed order."""

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

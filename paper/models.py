"""The paper itself: its name and rules, sections and towns."""

import datetime as dt

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files import File
from django.core.validators import (
    FileExtensionValidator,
    MaxValueValidator,
    MinValueValidator,
    RegexValidator,
)
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

MAP = [MinValueValidator(1), MaxValueValidator(12)]
READINGS = [MinValueValidator(1), MaxValueValidator(3)]
LOGO_KINDS = ["png", "webp", "jpg", "jpeg"]
LOGO_BYTES = 1024 * 1024
#: A path of the public site: no host, no query, nothing of the desk.
check_path = RegexValidator(
    r"\A/(?![/\\])(?!desk(?:/|\Z))[^?#\x00-\x1f\x7f]*\Z",
    _("Write the path alone: it begins with /, has no host and no ?, and is not of the desk."),
)


def check_logo_size(logo: File) -> None:
    """Raise ValidationError for a masthead that every reader would wait for."""
    if logo.size > LOGO_BYTES:
        raise ValidationError(_("The logo may have 1 MB at most."), code="too_large")


class Paper(models.Model):
    """The newspaper: one row, its masthead, the numbers in its footer and its house rules."""

    name = models.CharField(_("name"), max_length=40)
    motto = models.CharField(_("motto"), max_length=80, blank=True)
    publisher = models.CharField(_("publisher"), max_length=80, blank=True)
    logo = models.ImageField(
        _("logo"),
        upload_to="paper/",
        blank=True,
        validators=[FileExtensionValidator(LOGO_KINDS), check_logo_size],
    )
    dateline = models.CharField(
        _("usual dateline"), max_length=20, blank=True, help_text=_("Such as 本报讯.")
    )
    cn_number = models.CharField(_("CN number"), max_length=20, blank=True)
    icp_number = models.CharField(_("ICP record"), max_length=40, blank=True)
    licence_number = models.CharField(_("news licence"), max_length=40, blank=True)
    hotline = models.CharField(_("report hotline"), max_length=40, blank=True)
    about = models.TextField(
        _("about the paper"),
        blank=True,
        help_text=_("For readers; an empty line parts paragraphs."),
    )
    address = models.CharField(_("postal address"), max_length=120, blank=True)
    phone = models.CharField(_("newsroom's phone"), max_length=40, blank=True)
    email = models.EmailField(_("newsroom's e-mail"), blank=True)
    readings = models.PositiveSmallIntegerField(
        _("number of readings"), default=3, validators=READINGS
    )
    allow_same_reader = models.BooleanField(
        _("one person may pass two readings"),
        default=False,
        help_text=_("For a small staff. Nobody ever passes an article that he wrote."),
    )
    release_time = models.TimeField(_("usual hour of release"), default=dt.time(6, 0))
    cutoff_time = models.TimeField(_("usual cut-off, the evening before"), default=dt.time(22, 0))

    class Meta:
        verbose_name = _("paper")
        verbose_name_plural = _("paper")
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="paper_is_one_row"),
            models.CheckConstraint(
                condition=Q(readings__gte=1, readings__lte=3), name="paper_readings_1_to_3"
            ),
        ]

    def __str__(self) -> str:
        return self.name


#: What a paper calls its section of photos with a caption.
PHOTO_NEWS = "图片新闻"


class Section(models.Model):
    """A section (栏目) of the paper, with its editors and its number of readings."""

    paper = models.ForeignKey(
        Paper, models.PROTECT, related_name="sections", default=1, verbose_name=_("paper")
    )
    name = models.CharField(_("name"), max_length=20, unique=True)
    english_name = models.CharField(_("English name"), max_length=40, blank=True)
    slug = models.SlugField(_("address"), unique=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    is_active = models.BooleanField(_("in use"), default=True)
    readings = models.PositiveSmallIntegerField(
        _("number of readings"),
        null=True,
        blank=True,
        validators=READINGS,
        help_text=_("Empty: as the paper's. A section may ask for fewer, never for more."),
    )
    editors = models.ManyToManyField(
        settings.AUTH_USER_MODEL, related_name="sections", blank=True, verbose_name=_("editors")
    )

    class Meta:
        verbose_name = _("section")
        verbose_name_plural = _("sections")
        ordering = ["order", "id"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the address of the section's public page."""
        return f"/sections/{self.slug}/"

    @property
    def shown_name(self) -> str:
        """Return its name in the language of the page."""
        return (get_language() == "en" and self.english_name) or self.name

    @property
    def is_photo_news(self) -> bool:
        """Return whether photo news without a section of its own comes here."""
        return self.name == PHOTO_NEWS


class Town(models.Model):
    """A town (镇, 街道 or 乡) that stories come from."""

    name = models.CharField(_("name"), max_length=20, unique=True)
    short_name = models.CharField(_("short name"), max_length=20, blank=True)
    slug = models.SlugField(_("address"), unique=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    map_column = models.PositiveSmallIntegerField(
        _("column on the map"),
        null=True,
        blank=True,
        validators=MAP,
        help_text=_("1 to 12, from the west; empty for a list without a map."),
    )
    map_row = models.PositiveSmallIntegerField(
        _("row on the map"),
        null=True,
        blank=True,
        validators=MAP,
        help_text=_("1 to 12, from the north."),
    )

    class Meta:
        verbose_name = _("town")
        verbose_name_plural = _("towns")
        ordering = ["order", "id"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the address of the town's public page."""
        return f"/towns/{self.slug}/"


class OldAddress(models.Model):
    """An address that readers may still have, and the one that it leads to now (旧网址)."""

    old = models.CharField(
        _("old address"),
        max_length=500,
        unique=True,
        validators=[check_path],
        help_text=_(
            "Such as /news/2019/123.html. It is looked up where this paper has no such page."
        ),
    )
    new = models.CharField(
        _("leads to"),
        max_length=500,
        db_index=True,
        validators=[check_path],
        help_text=_("The path of a page of this paper, such as /stories/123/."),
    )
    at = models.DateTimeField(_("leads there since"), editable=False)

    class Meta:
        verbose_name = _("old address")
        verbose_name_plural = _("old addresses")
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return self.old

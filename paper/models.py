"""Models of the paper itself: its name and rules, sections and towns."""

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
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from .fields import SortKeyField

MAP = [MinValueValidator(1), MaxValueValidator(12)]
#: Limits of the number of reviews.
REVIEW_LIMITS = [MinValueValidator(1), MaxValueValidator(3)]
LOGO_KINDS = ["png", "webp", "jpg", "jpeg"]
LOGO_BYTES = 1024 * 1024
#: Validates a path of the public site: no host, no query string, not of the desk.
check_path = RegexValidator(
    r"\A/(?![/\\])(?!desk(?:/|\Z))[^?#\x00-\x1f\x7f]*\Z",
    _(
        "Enter only the path: it starts with /, has no host and no ?, and is not an address "
        "of the desk."
    ),
)


def check_logo_size(logo: File) -> None:
    """Raise ValidationError for a logo that is too large to load with every page."""
    if logo.size > LOGO_BYTES:
        raise ValidationError(_("The logo can have at most 1 MB."), code="too_large")


class Paper(models.Model):
    """The newspaper, in one row: its masthead, the numbers in its footer, its house rules."""

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
        _("usual dateline"), max_length=20, blank=True, help_text=_("For example 本报讯.")
    )
    cn_number = models.CharField(_("CN number"), max_length=20, blank=True)
    icp_number = models.CharField(_("ICP record"), max_length=40, blank=True)
    licence_number = models.CharField(_("news licence"), max_length=40, blank=True)
    hotline = models.CharField(_("report hotline"), max_length=40, blank=True)
    about = models.TextField(
        _("about the paper"),
        blank=True,
        help_text=_("For readers; separate paragraphs with an empty line."),
    )
    address = models.CharField(_("postal address"), max_length=120, blank=True)
    phone = models.CharField(_("newsroom phone"), max_length=40, blank=True)
    email = models.EmailField(_("newsroom e-mail"), blank=True)
    reviews = models.PositiveSmallIntegerField(
        _("number of reviews"), default=3, validators=REVIEW_LIMITS
    )
    allow_same_reviewer = models.BooleanField(
        _("one person may sign two reviews"),
        default=False,
        help_text=_("For a small staff. Nobody can ever approve their own article."),
    )
    counts_marks = models.BooleanField(
        _("punctuation counts in lengths"),
        default=True,
        help_text=_(
            "As in WPS and in fees. Without it, only characters, words and numbers count. Articles "
            "are counted again at once; what has been published keeps its length."
        ),
    )
    start_date = models.DateField(
        _("in use since"),
        default=timezone.localdate,
        editable=False,
        help_text=_("Issues of earlier days can be imported as printed, without reviews."),
    )
    release_time = models.TimeField(_("usual release time"), default=dt.time(6, 0))
    cutoff_time = models.TimeField(_("usual cut-off, the evening before"), default=dt.time(22, 0))

    class Meta:
        verbose_name = _("paper")
        verbose_name_plural = _("paper")
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="paper_is_one_row"),
            models.CheckConstraint(
                condition=Q(reviews__gte=1, reviews__lte=3), name="paper_reviews_1_to_3"
            ),
        ]

    def __str__(self) -> str:
        return self.name


#: Name of the section of photo news.
PHOTO_NEWS = "图片新闻"


class Section(models.Model):
    """Section (栏目) of the paper, with its editors and its number of reviews."""

    paper = models.ForeignKey(
        Paper, models.PROTECT, related_name="sections", default=1, verbose_name=_("paper")
    )
    name = models.CharField(_("name"), max_length=20, unique=True)
    english_name = models.CharField(_("English name"), max_length=40, blank=True)
    slug = models.SlugField(_("address"), unique=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    is_active = models.BooleanField(_("in use"), default=True)
    reviews = models.PositiveSmallIntegerField(
        _("number of reviews"),
        null=True,
        blank=True,
        validators=REVIEW_LIMITS,
        help_text=_(
            "Leave empty to use the paper's setting. A section can require fewer reviews, "
            "never more."
        ),
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
        """Return the public URL of the section."""
        return f"/sections/{self.slug}/"

    @property
    def shown_name(self) -> str:
        """Return the name in the active language."""
        return (get_language() == "en" and self.english_name) or self.name

    @property
    def is_photo_news(self) -> bool:
        """Return whether photo news without another section belongs here."""
        return self.name == PHOTO_NEWS


class Town(models.Model):
    """Town (镇, 街道 or 乡) that stories come from."""

    name = models.CharField(_("name"), max_length=20, unique=True)
    short_name = models.CharField(_("short name"), max_length=20, blank=True)
    slug = models.SlugField(_("address"), unique=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    is_active = models.BooleanField(_("in use"), default=True)
    sort_key = SortKeyField(help_text="the pinyin of the name")
    map_column = models.PositiveSmallIntegerField(
        _("column on the map"),
        null=True,
        blank=True,
        validators=MAP,
        help_text=_("1 to 12, from the west. Leave empty for a list without a map."),
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
        ordering = ["order", "sort_key", "id"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the public URL of the town."""
        return f"/towns/{self.slug}/"


class OldAddress(models.Model):
    """Redirect from an address that readers may still use to the current one (旧网址)."""

    old = models.CharField(
        _("old address"),
        max_length=500,
        unique=True,
        validators=[check_path],
        help_text=_(
            "For example /news/2019/123.html. It is used when this site has nothing at that "
            "address."
        ),
    )
    new = models.CharField(
        _("redirects to"),
        max_length=500,
        db_index=True,
        validators=[check_path],
        help_text=_("A path on this site, such as /stories/123/."),
    )
    at = models.DateTimeField(_("redirects since"), editable=False)

    class Meta:
        verbose_name = _("old address")
        verbose_name_plural = _("old addresses")
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return self.old

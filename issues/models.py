"""The newspaper issue (期) and its series, its pages (版) and what is placed on them (上版)."""

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from articles.models import Article
from press.models import Edition, day_slug

from .querysets import IssueQuerySet, PlacementQuerySet


class Plan(models.Model):
    """What is planned for a page: its name, its room, and the columns that always stand on it."""

    number = models.PositiveSmallIntegerField(_("page"))
    name = models.CharField(_("name"), max_length=20)
    room_chars = models.PositiveIntegerField(_("room in characters"), default=0)
    room_photos = models.PositiveSmallIntegerField(_("room for photos"), default=0)
    columns = models.JSONField(_("standing columns"), default=list, blank=True)

    class Meta:
        abstract = True
        ordering = ["number"]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"


class Series(models.Model):
    """A series of issues (刊期): on which days the paper comes out, with which pages and hours."""

    name = models.CharField(_("name"), max_length=20, unique=True)
    weekdays = models.CharField(_("days"), max_length=7, help_text="ISO weekdays, such as 246")
    cutoff_days = models.PositiveSmallIntegerField(_("cut-off, days before"), default=1)
    cutoff_time = models.TimeField(_("cut-off"), default=dt.time(22, 0))
    release_time = models.TimeField(_("release"), default=dt.time(6, 0))
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("series")
        verbose_name_plural = _("series of issues")
        ordering = ["weekdays", "name"]

    def __str__(self) -> str:
        return self.name

    def is_due(self, day: dt.date) -> bool:
        """Return whether an issue of the series comes out on `day`."""
        return self.is_active and str(day.isoweekday()) in self.weekdays


class SeriesPage(Plan):
    """A page of each issue of a series."""

    series = models.ForeignKey(
        Series, models.CASCADE, related_name="pages", verbose_name=_("series")
    )

    class Meta(Plan.Meta):
        verbose_name = _("page of a series")
        verbose_name_plural = _("pages of a series")
        constraints = [
            models.UniqueConstraint(fields=["series", "number"], name="series_page_number_once")
        ]


class Issue(models.Model):
    """One day's paper at the desk: planned, closed at its cut-off, signed as one.

    `part` counts the issues of one day, from 1: a special issue may come out beside the regular.
    """

    class State(models.TextChoices):
        """Where the issue is. That it is out follows from its release time."""

        PLANNING = "planning", _("planning")
        CLOSED = "closed", _("closed")
        SIGNED = "signed", _("signed")

    number = models.PositiveIntegerField(_("issue number"), unique=True)
    year_number = models.PositiveIntegerField(_("number within the year"), null=True, blank=True)
    date = models.DateField(_("date"))
    part = models.PositiveSmallIntegerField(default=1, editable=False)
    special = models.CharField(_("special issue"), max_length=20, blank=True)
    series = models.ForeignKey(
        Series,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="issues",
        verbose_name=_("series"),
    )
    cutoff_at = models.DateTimeField(_("cut-off"))
    release_at = models.DateTimeField(_("release"))
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.PLANNING
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("signed by"),
    )
    signed_at = models.DateTimeField(_("signed at"), null=True)
    edition = models.OneToOneField(
        Edition, models.SET_NULL, null=True, related_name="issue", verbose_name=_("edition")
    )
    is_archive = models.BooleanField(
        _("brought in from the old paper"), default=False, editable=False
    )

    objects = IssueQuerySet.as_manager()

    class Meta:
        verbose_name = _("issue")
        verbose_name_plural = _("issues")
        ordering = ["-date", "-part"]
        constraints = [
            models.UniqueConstraint(fields=["date", "part"], name="issue_parts_of_a_day"),
            models.UniqueConstraint(
                fields=["date"], condition=Q(special=""), name="issue_regular_once_a_day"
            ),
            models.CheckConstraint(
                condition=Q(cutoff_at__lte=F("release_at")), name="issue_cutoff_before_release"
            ),
            models.CheckConstraint(
                condition=~Q(state="signed")
                | Q(signed_at__isnull=False, signed_by__isnull=False)
                | Q(is_archive=True),
                name="issue_signed_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.date:%Y-%m-%d} ({self.number})"

    def is_closed(self, at: dt.datetime) -> bool:
        """Return whether only the chief adds to it at `at`: somebody closed it, or its cut-off did.

        No worker closes an issue: that the hour has passed is enough.
        """
        is_past = self.state == self.State.PLANNING and self.cutoff_at <= at
        return is_past or self.state == self.State.CLOSED

    def standing(self, at: dt.datetime | None = None) -> tuple[str, str]:
        """Return where it is at `at` (None: now) as name and words.

        Past its cut-off it is closed, signed it is "out" after its release.
        """
        at = at or timezone.now()
        if self.state == self.State.SIGNED and self.release_at <= at:
            return "out", gettext("out")
        state = self.State.CLOSED if self.is_closed(at) else self.State(self.state)
        return state.value, str(state.label)

    @property
    def slug(self) -> str:
        """Return the day as it stands in addresses; the second issue of a day has -2."""
        return day_slug(self.date, self.part)


class Page(Plan):
    """One page (版) of an issue, and who answers for it."""

    issue = models.ForeignKey(Issue, models.CASCADE, related_name="pages", verbose_name=_("issue"))
    editor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("responsible editor"),
    )

    class Meta(Plan.Meta):
        verbose_name = _("page")
        verbose_name_plural = _("pages")
        constraints = [
            models.UniqueConstraint(fields=["issue", "number"], name="page_number_once_per_issue"),
            models.CheckConstraint(condition=Q(number__gte=1), name="page_numbers_from_1"),
        ]


class Placement(models.Model):
    """An article's place on a page; open until the issue is signed."""

    page = models.ForeignKey(
        Page, models.CASCADE, related_name="placements", verbose_name=_("page")
    )
    article = models.ForeignKey(
        Article, models.CASCADE, related_name="placements", verbose_name=_("article")
    )
    position = models.PositiveSmallIntegerField(_("position"))
    column = models.CharField(_("standing column"), max_length=20, blank=True)
    continued_on = models.ForeignKey(
        Page,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="continued",
        verbose_name=_("continued on page"),
    )
    is_open = models.BooleanField(_("open"), default=True)
    placed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    placed_at = models.DateTimeField(_("placed at"))

    objects = PlacementQuerySet.as_manager()

    class Meta:
        verbose_name = _("placement")
        verbose_name_plural = _("placements")
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["article"], condition=Q(is_open=True), name="article_placed_once"
            ),
            models.UniqueConstraint(fields=["page", "article"], name="article_once_on_a_page"),
        ]

    def __str__(self) -> str:
        return f"{self.page_id}:{self.position} {self.article_id}"


class PageImage(models.Model):
    """A page as it was set: its picture, the PDF that it came from, and where each article stands.

    `areas` is [{article, x, y, w, h}] in per mille of the picture's width and height.
    """

    page = models.OneToOneField(Page, models.CASCADE, related_name="image", verbose_name=_("page"))
    folder = models.CharField(max_length=200, help_text="its files in the storage")
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    widths = models.JSONField(default=list, help_text="widths in pixels that were made of it")
    has_pdf = models.BooleanField(default=False)
    sha256 = models.CharField(max_length=64, help_text="of the file as it was sent")
    areas = models.JSONField(_("areas"), default=list, blank=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    uploaded_at = models.DateTimeField(_("uploaded at"))

    class Meta:
        verbose_name = _("page image")
        verbose_name_plural = _("page images")

    def __str__(self) -> str:
        return f"{self.page_id} {self.width}x{self.height}"


class Handoff(models.Model):
    """What of a page was given to the printers (交付排版), to tell what has changed since.

    `manifest` is {article id: {title, text, photos, revision}}: the SHA-256 of the text that was
    given and of each photo with its caption and credit, and the number of the revision.
    """

    page = models.ForeignKey(Page, models.CASCADE, related_name="handoffs", verbose_name=_("page"))
    manifest = models.JSONField(default=dict)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    made_at = models.DateTimeField(_("made at"))

    class Meta:
        verbose_name = _("print hand-off")
        verbose_name_plural = _("print hand-offs")
        ordering = ["made_at", "id"]

    def __str__(self) -> str:
        return f"{self.page_id} {self.made_at:%Y-%m-%d %H:%M}"

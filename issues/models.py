"""Newspaper issues (期) with their series, pages (版) and placements (上版)."""

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
from .standings import standing_of


class AbstractPage(models.Model):
    """The plan of a page: its name, its capacity, and its standing columns."""

    number = models.PositiveSmallIntegerField(_("page"))
    name = models.CharField(_("name"), max_length=20)
    room_chars = models.PositiveIntegerField(_("capacity in characters"), default=0)
    room_photos = models.PositiveSmallIntegerField(_("capacity for photos"), default=0)
    columns = models.JSONField(_("standing columns"), default=list, blank=True)

    class Meta:
        abstract = True
        ordering = ["number"]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"


class Series(models.Model):
    """A series of issues (刊期): the weekdays, pages and deadlines of the paper."""

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
        """Return whether the series has an issue on `day`."""
        return self.is_active and str(day.isoweekday()) in self.weekdays


class SeriesPage(AbstractPage):
    """A page of each issue in a series."""

    series = models.ForeignKey(
        Series, models.CASCADE, related_name="pages", verbose_name=_("series")
    )

    class Meta(AbstractPage.Meta):
        verbose_name = _("page of a series")
        verbose_name_plural = _("pages of a series")
        constraints = [
            models.UniqueConstraint(fields=["series", "number"], name="series_page_number_once")
        ]


class Issue(models.Model):
    """One issue at the desk: planned, closed at its cut-off, signed as one.

    `part` counts the issues of one day, from 1: a special issue may come out in addition to the
    regular one.
    """

    class State(models.TextChoices):
        """The state of the issue. Whether it is out follows from its release time."""

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
        models.PROTECT,
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
    is_archive = models.BooleanField(_("imported from the archive"), default=False, editable=False)
    chain = models.CharField(
        max_length=64, blank=True, editable=False, help_text="the chain of its last log entry"
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
        """Return whether the issue is closed at `at`, by hand or by its cut-off.

        Then only the chief may add articles. No worker closes an issue: the cut-off time is
        compared with `at`.
        """
        return standing_of(self, at) == self.State.CLOSED

    def standing(self, at: dt.datetime | None = None) -> tuple[str, str]:
        """Return the standing at `at` (None: now) as name and label.

        After its cut-off an issue is closed; after its release a signed one is "out".
        """
        name = standing_of(self, at or timezone.now())
        return name, gettext("out") if name == "out" else str(self.State(name).label)

    @property
    def slug(self) -> str:
        """Return the day as it appears in URLs; the second issue of a day has the suffix -2."""
        return day_slug(self.date, self.part)


class IssueLogEntry(models.Model):
    """One sealed row of an issue's log: who closed, signed, rescheduled or changed it, and when.

    `printed` is the SHA-256 of the published edition after the action, "" where there is none.
    """

    issue = models.ForeignKey(Issue, models.PROTECT, related_name="log", verbose_name=_("issue"))
    action = models.CharField(_("action"), max_length=20)
    from_state = models.CharField(_("from"), max_length=10)
    to_state = models.CharField(_("to"), max_length=10)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("by"),
    )
    by_name = models.CharField(_("name"), max_length=60, blank=True)
    by_roles = models.CharField(_("roles"), max_length=120, blank=True)
    at = models.DateTimeField(_("time"))
    version = models.PositiveIntegerField(help_text="the version of the issue after it")
    printed = models.CharField(max_length=64, blank=True)
    details = models.JSONField(
        default=dict, help_text="what the action decided, as audit_log documents it"
    )
    seal_version = models.PositiveSmallIntegerField(help_text="what `chain` covers")
    chain = models.CharField(
        max_length=64, help_text="SHA-256 of the entry before it and of all that it says"
    )

    class Meta:
        verbose_name = _("log entry of an issue")
        verbose_name_plural = _("log entries of issues")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.action} {self.at:%Y-%m-%d %H:%M}"


class Page(AbstractPage):
    """A page (版) of an issue, with its responsible editor."""

    issue = models.ForeignKey(Issue, models.CASCADE, related_name="pages", verbose_name=_("issue"))
    editor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("responsible editor"),
    )

    class Meta(AbstractPage.Meta):
        verbose_name = _("page")
        verbose_name_plural = _("pages")
        constraints = [
            models.UniqueConstraint(fields=["issue", "number"], name="page_number_once_per_issue"),
            models.CheckConstraint(condition=Q(number__gte=1), name="page_numbers_from_1"),
        ]


class Placement(models.Model):
    """The place of an article on a page; open until the issue is signed."""

    page = models.ForeignKey(
        Page, models.PROTECT, related_name="placements", verbose_name=_("page")
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
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
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

    def title_for(self, *, is_seen: bool) -> str:
        """Return the title of the article; if it is hidden from the user, that of its story.

        The article of a signed issue may be a correction that only its reviewers see.
        """
        story = self.article.story
        return self.article.title if is_seen or story is None else story.title


class PageImage(models.Model):
    """The image of a printed page: its picture, its source PDF, and the areas of the articles.

    `areas` is [{article, x, y, w, h}] in per mille of the picture's width and height.
    """

    page = models.OneToOneField(Page, models.CASCADE, related_name="image", verbose_name=_("page"))
    folder = models.CharField(max_length=200, help_text="its files in the storage")
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    widths = models.JSONField(default=list, help_text="widths in pixels that were made of it")
    has_pdf = models.BooleanField(default=False)
    pdf_form = models.PositiveSmallIntegerField(
        default=0, help_text="the form in which its PDF was cleaned for readers; 0: not yet"
    )
    original = models.CharField(
        max_length=200, blank=True, help_text="the PDF as it was sent, in the storage"
    )
    sha256 = models.CharField(max_length=64, help_text="of the file as it was sent")
    areas = models.JSONField(_("areas"), default=list, blank=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    uploaded_at = models.DateTimeField(_("uploaded at"))

    class Meta:
        verbose_name = _("page image")
        verbose_name_plural = _("page images")

    def __str__(self) -> str:
        return f"{self.page_id} {self.width}x{self.height}"


class Handoff(models.Model):
    """The content of a page at its last hand-off (交付排版), to detect later changes.

    `manifest` is {article id: {title, text, photos, revision}}: the SHA-256 of the exported text
    and of each photo with its caption and credit, and the number of the revision.
    """

    page = models.ForeignKey(Page, models.CASCADE, related_name="handoffs", verbose_name=_("page"))
    manifest = models.JSONField(default=dict)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    made_at = models.DateTimeField(_("handed off at"))

    class Meta:
        verbose_name = _("print hand-off")
        verbose_name_plural = _("print hand-offs")
        ordering = ["made_at", "id"]

    def __str__(self) -> str:
        return f"{self.page_id} {self.made_at:%Y-%m-%d %H:%M}"

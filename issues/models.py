"""The newspaper issue (期), its pages (版) and what is placed on them (上版)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from articles.models import Article
from press.models import Edition

from .querysets import IssueQuerySet, PlacementQuerySet


class Issue(models.Model):
    """One day's paper at the desk: planned, closed at its cut-off, signed as one."""

    class State(models.TextChoices):
        """Where the issue is. That it is out follows from its release time."""

        PLANNING = "planning", _("planning")
        CLOSED = "closed", _("closed")
        SIGNED = "signed", _("signed")

    number = models.PositiveIntegerField(_("issue number"), unique=True)
    date = models.DateField(_("date"), unique=True)
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
        ordering = ["-date"]
        constraints = [
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


class Page(models.Model):
    """One page (版) of an issue."""

    issue = models.ForeignKey(Issue, models.CASCADE, related_name="pages", verbose_name=_("issue"))
    number = models.PositiveSmallIntegerField(_("page"))
    name = models.CharField(_("name"), max_length=20)

    class Meta:
        verbose_name = _("page")
        verbose_name_plural = _("pages")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["issue", "number"], name="page_number_once_per_issue"),
            models.CheckConstraint(condition=Q(number__gte=1), name="page_numbers_from_1"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"


class Placement(models.Model):
    """An article's place on a page; open until the issue is signed."""

    page = models.ForeignKey(
        Page, models.CASCADE, related_name="placements", verbose_name=_("page")
    )
    article = models.ForeignKey(
        Article, models.CASCADE, related_name="placements", verbose_name=_("article")
    )
    position = models.PositiveSmallIntegerField(_("position"))
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

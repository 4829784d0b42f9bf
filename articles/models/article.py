"""Articles (稿件): the desk's working copies, their bylines and photos."""

import datetime as dt
import re

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from taggit.managers import TaggableManager

from bylines.models import Contributor, Role
from paper.models import Section, Town
from photos.models import Photo
from press.models import Story
from textkit.cut import excerpt
from textkit.html import to_text

from ..querysets import HOLD, ArticleQuerySet
from ..states import READINGS, STORED, State

_CUT_TAG = re.compile(r"<[^>]*$")
STORED_CHOICES = [(state.value, state.label) for state in STORED]


class Article(models.Model):
    """The desk's working copy of one story, from first draft to archive.

    Changed by `articles.services` alone: `version` counts every save and move, and each write is
    conditional on it.
    """

    kind = models.CharField(
        _("kind"), max_length=10, choices=Story.Kind.choices, default=Story.Kind.STORY
    )
    kicker = models.CharField(_("kicker"), max_length=120, blank=True)
    headline = models.TextField(
        _("headline"), max_length=300, blank=True, help_text=_("A line for each line as set.")
    )
    subhead = models.CharField(_("subhead"), max_length=300, blank=True)
    dateline = models.CharField(_("dateline"), max_length=60, blank=True)
    body = models.TextField(_("body"), blank=True)
    unit = models.CharField(
        _("unit"), max_length=60, blank=True, help_text=_("An office or a school as the source.")
    )
    section = models.ForeignKey(
        Section, models.PROTECT, null=True, blank=True, verbose_name=_("section")
    )
    towns = models.ManyToManyField(Town, blank=True, verbose_name=_("towns"))
    tags = TaggableManager(_("tags"), blank=True, help_text=_("Separated by commas."))
    contributors = models.ManyToManyField(Contributor, through="Byline", related_name="articles")
    photos = models.ManyToManyField(Photo, through="ArticlePhoto", related_name="articles")
    chars = models.PositiveIntegerField(_("length in characters"), default=0, editable=False)

    state = models.CharField(
        _("state"), max_length=20, choices=STORED_CHOICES, default=State.DRAFT, db_index=True
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    round = models.PositiveIntegerField(
        default=0, editable=False, help_text="counts submissions and corrections"
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="articles",
        verbose_name=_("created by"),
    )
    created_at = models.DateTimeField(_("created at"))
    updated_at = models.DateTimeField(_("changed at"))
    submitted_at = models.DateTimeField(_("submitted at"), null=True)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="taken_articles",
        verbose_name=_("with"),
    )
    taken_at = models.DateTimeField(_("taken at"), null=True)
    approved_revision = models.ForeignKey(
        "Revision", models.PROTECT, null=True, related_name="+", verbose_name=_("signed revision")
    )
    correction_kind = models.CharField(max_length=20, blank=True, editable=False)
    correction_note = models.CharField(max_length=300, blank=True, editable=False)
    story = models.OneToOneField(
        Story, models.SET_NULL, null=True, related_name="article", verbose_name=_("printed story")
    )
    import_key = models.CharField(  # noqa: DJ001 - NULL is "not imported", and unique lets it
        max_length=64, null=True, unique=True, editable=False
    )

    form_key = models.CharField(  # noqa: DJ001 - NULL is "made without a form"
        max_length=36,
        null=True,
        unique=True,
        editable=False,
        help_text="names the form that made it: the same form sent twice makes one article",
    )
    chain = models.CharField(
        max_length=64, blank=True, editable=False, help_text="the chain of its last log entry"
    )

    objects = ArticleQuerySet.as_manager()

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        ordering = ["-updated_at", "-id"]
        indexes = [
            # The lists read these alone to find a page of keys: in a row they stand behind the
            # body, which a search through 20,000 rows would have to pass each time.
            models.Index(
                fields=[
                    "-updated_at",
                    "-id",
                    "state",
                    "section",
                    "created_by",
                    "taken_by",
                    "taken_at",
                    "story",
                    "submitted_at",
                ],
                name="article_newest",
            ),
            models.Index(fields=["state", "-updated_at", "-id"], name="article_state_newest"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in STORED]), name="article_state_is_stored"
            ),
            models.CheckConstraint(
                condition=~Q(state=State.APPROVED) | Q(approved_revision__isnull=False),
                name="article_approved_with_revision",
            ),
            models.CheckConstraint(
                condition=Q(taken_by__isnull=True) | Q(state__in=[s.value for s in READINGS]),
                name="article_taken_only_in_a_reading",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """Return the headline on one line; without one, the start of the text."""
        line = " ".join(self.headline.split("\n"))
        if line:
            return line
        # A list has read the start of the body only; what is left of a cut tag goes.
        opening = getattr(self, "opening", None)
        text = self.body if opening is None else _CUT_TAG.sub("", opening)
        return excerpt(to_text(text), 24) or str(_("Untitled"))

    def status(self, at: dt.datetime) -> State:
        """Return the state at `at`, with scheduled and published told by the release time."""
        if self.state == State.APPROVED and self.story is not None:
            return State.PUBLISHED if self.story.release_at <= at else State.SCHEDULED
        return State(self.state)

    def held_by(self, at: dt.datetime) -> User | None:
        """Return who has taken the article and not left it alone for 30 minutes; see `free_for`."""
        if self.taken_at is None or self.taken_at < at - HOLD:
            return None
        return self.taken_by if self.taken_by is not None and self.taken_by.is_active else None

    def is_in_print(self, at: dt.datetime) -> bool:
        """Return whether readers see the story of this article at `at`."""
        story = self.story
        return story is not None and story.release_at <= at and story.withdrawn_at is None


class Byline(models.Model):
    """A contributor's place in the byline (署名) of an article."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="bylines")
    contributor = models.ForeignKey(
        Contributor, models.PROTECT, related_name="bylines", verbose_name=_("contributor")
    )
    role = models.CharField(
        _("role"), max_length=10, choices=Role.choices, default=Role.CORRESPONDENT
    )
    label = models.CharField(_("printed as"), max_length=20, blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("byline")
        verbose_name_plural = _("bylines")
        ordering = ["order", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["article", "contributor", "role"], name="byline_once_per_role"
            )
        ]

    def __str__(self) -> str:
        return f"{self.contributor} {self.role}"


class ArticlePhoto(models.Model):
    """A photo's place in an article."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="article_photos")
    photo = models.ForeignKey(
        Photo, models.PROTECT, related_name="article_photos", verbose_name=_("photo")
    )
    caption = models.CharField(_("caption"), max_length=300, blank=True)
    alt = models.CharField(_("description"), max_length=300, blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("photo")
        verbose_name_plural = _("photos")
        ordering = ["order", "id"]
        constraints = [
            models.UniqueConstraint(fields=["article", "photo"], name="article_photo_once")
        ]

    def __str__(self) -> str:
        return self.caption or str(self.photo)

"""Articles (稿件), the desk's working copies, with their bylines and photos."""

import datetime as dt
import re

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from taggit.managers import TaggableManager

from bylines.models import Contributor, Role
from paper.fields import BodyField
from paper.models import Section, Town
from photos.models import Photo
from press.models import Story
from textkit.body import Body
from textkit.truncate import excerpt

from ..prefetched import is_prefetched
from ..querysets import HOLD, ArticleQuerySet
from ..workflow.states import REVIEWS, STORED, Shown, State
from .genre import Genre

_CUT_TAG = re.compile(r"<[^>]*$")
STORED_CHOICES = [(state.value, state.label) for state in STORED]


class Article(models.Model):
    """The desk's working copy of one story, from first draft to archive.

    Only `articles.services` changes it. `version` counts every save and transition, and each write
    is conditional on it.
    """

    kind = models.CharField(
        _("kind"), max_length=10, choices=Story.Kind.choices, default=Story.Kind.STORY
    )
    kicker = models.CharField(_("kicker"), max_length=120, blank=True)
    headline = models.TextField(
        _("headline"), max_length=300, blank=True, help_text=_("One line for each printed line.")
    )
    subhead = models.CharField(_("subhead"), max_length=300, blank=True)
    dateline = models.CharField(_("dateline"), max_length=60, blank=True)
    body = BodyField(_("body"), blank=True)
    unit = models.CharField(
        _("unit"),
        max_length=60,
        blank=True,
        help_text=_("Fill this in if the source is an office or a school."),
    )
    section = models.ForeignKey(
        Section, models.PROTECT, null=True, blank=True, verbose_name=_("section")
    )
    genre = models.ForeignKey(Genre, models.PROTECT, null=True, blank=True, verbose_name=_("genre"))
    towns = models.ManyToManyField(Town, through="ArticleTown", blank=True, verbose_name=_("towns"))
    tags = TaggableManager(_("tags"), blank=True, help_text=_("Separated by commas."))
    contributors = models.ManyToManyField(Contributor, through="Byline", related_name="articles")
    photos = models.ManyToManyField(Photo, through="ArticlePhoto", related_name="articles")
    chars = models.PositiveIntegerField(_("length in characters"), default=0, editable=False)

    state = models.CharField(
        _("state"), max_length=20, choices=STORED_CHOICES, default=State.DRAFT, db_index=True
    )
    has_code = models.BooleanField(
        _("Tags in the text are meant as code"),
        default=False,
        help_text=_("Otherwise a text with HTML tags in it cannot be saved."),
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    round = models.PositiveIntegerField(
        default=0, editable=False, help_text="counts submissions and corrections"
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="articles",
        verbose_name=_("created by"),
    )
    created_at = models.DateTimeField(_("created at"))
    updated_at = models.DateTimeField(_("changed at"))
    submitted_at = models.DateTimeField(_("submitted at"), null=True)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="taken_articles",
        verbose_name=_("taken for review by"),
    )
    taken_at = models.DateTimeField(_("taken for review at"), null=True)
    approved_revision = models.ForeignKey(
        "Revision", models.PROTECT, null=True, related_name="+", verbose_name=_("signed revision")
    )
    correction_kind = models.CharField(max_length=20, blank=True, editable=False)
    correction_note = models.CharField(max_length=300, blank=True, editable=False)
    story = models.OneToOneField(
        Story, models.PROTECT, null=True, related_name="article", verbose_name=_("published story")
    )
    import_key = models.CharField(  # noqa: DJ001 - NULL is "not imported": unique allows many
        max_length=64, null=True, unique=True, editable=False
    )

    form_key = models.CharField(  # noqa: DJ001 - NULL means "created without a form"
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
            # The lists read only these columns to find a page of keys. In a row they follow the
            # body, which a scan of 20,000 rows would have to skip each time.
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
                condition=Q(taken_by__isnull=True) | Q(state__in=[s.value for s in REVIEWS]),
                name="article_taken_only_in_review",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """Return the headline on one line; without a headline, the start of the text."""
        line = " ".join(self.headline.split("\n"))
        if line:
            return line
        # A list loads only the start of the body; remove a truncated tag.
        opening = getattr(self, "opening", None)
        text = self.body if opening is None else _CUT_TAG.sub("", opening)
        return excerpt(Body(text).text, 24) or str(_("Untitled"))

    def shown(self, at: dt.datetime) -> Shown:
        """Return what readers see of the article at `at`; every screen must use this method."""
        story = self.story
        if story is None:
            return Shown.NOTHING
        if story.withdrawn_at is not None and story.withdrawn_at <= at:
            return Shown.WITHDRAWN
        if story.release_at > at:
            return Shown.LATER
        return Shown.STORY if self.state == State.APPROVED else Shown.OLD_TEXT

    def status(self, at: dt.datetime) -> State:
        """Return the state at `at`; scheduled and published are derived from the release time."""
        if self.state != State.APPROVED:
            return State(self.state)
        return {Shown.LATER: State.SCHEDULED, Shown.STORY: State.PUBLISHED}.get(
            self.shown(at), State.APPROVED
        )

    def held_by(self, at: dt.datetime) -> User | None:
        """Return the user who has taken the article and was active in the last 30 minutes."""
        if self.taken_at is None or self.taken_at < at - HOLD:
            return None
        return self.taken_by if self.taken_by is not None and self.taken_by.is_active else None

    def ordered_bylines(self) -> list["Byline"]:
        """Return the bylines in printed order, with their contributors."""
        rows = self.bylines.all()
        if is_prefetched(self, "bylines"):
            return list(rows)
        return list(rows.select_related("contributor"))

    def ordered_photos(self) -> list["ArticlePhoto"]:
        """Return the photos of the article in order, with their credits."""
        rows = self.article_photos.all()
        if is_prefetched(self, "article_photos"):
            return list(rows)
        return list(rows.select_related("photo").prefetch_related("photo__credits__contributor"))

    def is_signed_by(self, user_id: int | None) -> bool:
        """Return whether the login `user_id` is in the byline of the article."""
        if user_id is None:
            return False
        if is_prefetched(self, "bylines"):
            rows = [row.contributor for row in self.bylines.all()]
            return any(user_id == (one.merged_into or one).user_id for one in rows)
        own = Q(contributor__user=user_id) | Q(contributor__merged_into__user=user_id)
        return self.bylines.filter(own).exists()


class ArticleTown(models.Model):
    """A town that an article is about."""

    article = models.ForeignKey(Article, models.CASCADE)
    town = models.ForeignKey(Town, models.PROTECT)

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        db_table = "articles_article_towns"
        unique_together = [("article", "town")]

    def __str__(self) -> str:
        return f"{self.article_id}: {self.town_id}"


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

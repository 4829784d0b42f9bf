"""Models of what is published: frozen stories and editions with all that a public page needs."""

import datetime as dt
import secrets

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from taggit.models import Tag

from bylines.models import Contributor
from paper.fields import BodyField
from paper.models import Section, Town
from photos.models import Photo

from .homepage_models import HomepageBlock, HomepagePick, HomepageVersion
from .index_models import StoryContributor, StoryIndexEntry, StoryTag, StoryTown
from .querysets import (
    CorrectionQuerySet,
    EditionPageQuerySet,
    EditionQuerySet,
    StoryQuerySet,
)
from .story_link import StoryLinkMixin
from .tag_models import TagAlias as TagAlias
from .tag_models import TagKey as TagKey

__all__ = [
    "Change",
    "Correction",
    "Edition",
    "EditionPage",
    "HomepageBlock",
    "HomepagePick",
    "HomepageVersion",
    "Story",
    "StoryContributor",
    "StoryIndexEntry",
    "StoryPhoto",
    "StoryTag",
    "StoryTown",
    "day_slug",
    "new_token",
]


def day_slug(date: dt.date, part: int) -> str:
    """Return the URL slug of an issue: its day, and -2 for the second one of that day."""
    return date.isoformat() + (f"-{part}" if part > 1 else "")


class Edition(models.Model):
    """The frozen, signed copy of an issue (已出报纸).

    `part` counts the issues of one day, from 1; `special` is the name of a special issue.
    """

    number = models.PositiveIntegerField(_("issue number"), unique=True)
    year_number = models.PositiveIntegerField(_("number within the year"), null=True, blank=True)
    date = models.DateField(_("date"))
    part = models.PositiveSmallIntegerField(default=1, editable=False)
    special = models.CharField(_("special issue"), max_length=20, blank=True)
    release_at = models.DateTimeField(_("release"), db_index=True)
    signed_by = models.CharField(_("signed by"), max_length=40, blank=True)
    signed_at = models.DateTimeField(_("signed at"), null=True, blank=True)
    sha256 = models.CharField(max_length=64)
    seal_version = models.PositiveSmallIntegerField(
        default=1,
        editable=False,
        help_text="what `sha256` covers, as press.snapshot_hash documents it",
    )

    objects = EditionQuerySet.as_manager()

    class Meta:
        verbose_name = _("edition")
        verbose_name_plural = _("editions")
        ordering = ["-date", "-part"]
        constraints = [
            models.UniqueConstraint(fields=["date", "part"], name="edition_parts_of_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.date:%Y-%m-%d} ({self.number})"

    def get_absolute_url(self) -> str:
        """Return the URL of the issue's public view."""
        return f"/issues/{day_slug(self.date, self.part)}/"

    @property
    def number_line(self) -> str:
        """Return the numbers as a masthead prints them: 2026年第45期 总第3021期."""
        running = {"number": self.number}
        if self.year_number is None:
            return gettext("No. %(number)s") % running
        running |= {"n": self.year_number, "year": self.date.year}
        return gettext("No. %(n)s (%(year)s) · Issue %(number)s") % running


class EditionPage(models.Model):
    """One page (版) of an edition; `image` describes its page image, {} if there is none."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="pages")
    number = models.PositiveSmallIntegerField(_("page"))
    name = models.CharField(_("name"), max_length=20)
    image = models.JSONField(
        default=dict, blank=True, help_text="{folder, token, width, height, widths, has_pdf}"
    )
    areas = models.JSONField(
        default=list, blank=True, help_text="[{story, x, y, w, h}] in per mille of the image"
    )

    objects = EditionPageQuerySet.as_manager()

    class Meta:
        verbose_name = _("edition page")
        verbose_name_plural = _("edition pages")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "number"], name="edition_page_number_once")
        ]

    def __str__(self) -> str:
        return f"{self.edition} {self.number} {self.name}"

    def get_absolute_url(self) -> str:
        """Return the URL of the page's public view."""
        return f"{self.edition.get_absolute_url()}{self.number}/"


class Story(StoryLinkMixin, models.Model):
    """The frozen copy of an approved revision that readers see (已发稿件).

    `byline`, `places`, `tag_names` and `corrections` are display copies, so that a list of stories
    needs no further query. The many-to-many fields serve lists and indexes.
    """

    class Kind(models.TextChoices):
        """How the story is set."""

        STORY = "story", _("story")
        PHOTO = "photo", _("photo news")
        ROUNDUP = "roundup", _("roundup")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.STORY)
    kicker = models.CharField(_("kicker"), max_length=120, blank=True)
    headline = models.CharField(
        _("headline"), max_length=300, blank=True, help_text=_("One line for each printed line.")
    )
    subhead = models.CharField(_("subhead"), max_length=300, blank=True)
    dateline = models.CharField(_("dateline"), max_length=60, blank=True)
    body = BodyField(_("body"), blank=True)
    summary = models.CharField(_("summary"), max_length=200, blank=True)
    unit = models.CharField(_("unit"), max_length=60, blank=True)
    chars = models.PositiveIntegerField(_("length in characters"), default=0)
    section = models.ForeignKey(
        Section, models.PROTECT, related_name="stories", verbose_name=_("section")
    )
    towns = models.ManyToManyField(
        Town, through="StoryTown", related_name="stories", blank=True, verbose_name=_("towns")
    )
    tags = models.ManyToManyField(
        Tag, through="StoryTag", related_name="stories", blank=True, verbose_name=_("tags")
    )
    contributors = models.ManyToManyField(
        Contributor, through="StoryContributor", related_name="stories", blank=True
    )
    byline = models.JSONField(default=list, help_text="[{id, name, role, label}] in printed order")
    places = models.JSONField(default=list, help_text="[{name, url}] of the towns")
    tag_names = models.JSONField(default=list, help_text="[name]")
    photo_list = models.JSONField(
        default=list,
        help_text="[{url, width, height, widths, crops, caption, credit, alt, placed}]",
    )
    corrections = models.JSONField(default=list, help_text="[{kind, note, at}], newest first")
    page = models.ForeignKey(
        EditionPage,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="stories",
        verbose_name=_("page"),
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    continued_on = models.ForeignKey(
        EditionPage,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="continued",
        db_index=False,
        verbose_name=_("continued on page"),
    )
    revision = models.PositiveIntegerField(_("revision"))
    sha256 = models.CharField(max_length=64)
    release_at = models.DateTimeField(_("release"))
    corrected_at = models.DateTimeField(_("corrected at"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    withdrawal_reason = models.CharField(_("reason"), max_length=300, blank=True)

    objects = StoryQuerySet.as_manager()

    class Meta:
        verbose_name = _("published story")
        verbose_name_plural = _("published stories")
        ordering = ["-release_at", "-id"]
        indexes = [
            models.Index(fields=["-release_at", "-id"], name="story_newest"),
            models.Index(fields=["section", "-release_at", "-id"], name="story_section_newest"),
            models.Index(
                fields=["-release_at", "-id"],
                condition=Q(kind="photo"),
                name="story_photo_newest",
            ),
            # For the neighbours of a story in its issue: an index-only scan without the stories.
            models.Index(
                fields=["page", "position", "release_at", "withdrawn_at"], name="story_in_issue"
            ),
            # Most rows are empty: a full index would tell SQLite that it covers every story.
            models.Index(
                fields=["continued_on"],
                condition=Q(continued_on__isnull=False),
                name="story_continued",
            ),
        ]
        constraints = [
            # NOT NULL refuses "a story without release time"; the other rules follow.
            models.CheckConstraint(condition=Q(revision__gte=1), name="story_has_revision"),
            models.CheckConstraint(condition=~Q(sha256=""), name="story_has_sha256"),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | ~Q(withdrawal_reason=""),
                name="story_withdrawn_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | Q(withdrawn_at__gte=F("release_at")),
                name="story_withdrawn_after_release",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def page_at(self, at: dt.datetime) -> EditionPage | None:
        """Return the page once its issue is out; a story may be out hours before the issue."""
        return self.page if self.page and self.page.edition.release_at <= at else None

    @property
    def changed_at(self) -> dt.datetime:
        """Return when the public text last changed: at the last correction, else at the release."""
        return self.corrected_at or self.release_at


def new_token() -> str:
    """Return an unguessable name of 32 hexadecimal digits."""
    return secrets.token_hex(16)


class StoryPhoto(models.Model):
    """A photo in one published story, public under an unguessable URL."""

    story = models.ForeignKey(Story, models.CASCADE, related_name="photos")
    token = models.CharField(max_length=32, unique=True, default=new_token, editable=False)
    photo = models.ForeignKey(Photo, models.PROTECT, related_name="prints")
    folder = models.CharField(max_length=200, help_text="its renditions in the storage")
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("published story")
        verbose_name_plural = _("published stories")
        ordering = ["order", "id"]

    def __str__(self) -> str:
        return self.token[:8]

    def get_absolute_url(self) -> str:
        """Return the public URL of the folder of its renditions."""
        return f"/photos/{self.token}"


class Correction(models.Model):
    """A change to a story after its release (更正), for the public list of corrections.

    `Story.corrections` is the copy shown at the top of the story itself.
    """

    class Kind(models.TextChoices):
        """The kind of a correction."""

        CORRECTION = "correction", _("Correction")
        UPDATE = "update", _("Update")
        APOLOGY = "apology", _("Apology")

    story = models.ForeignKey(
        Story, models.CASCADE, related_name="correction_rows", verbose_name=_("published story")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    note = models.CharField(_("public note"), max_length=300)
    at = models.DateTimeField(_("time"))

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["-at", "-id"], name="correction_newest")]
        constraints = [
            models.CheckConstraint(condition=~Q(note=""), name="correction_says_something")
        ]

    def __str__(self) -> str:
        return self.note


class Change(models.Model):
    """The marker of public content: its value changes with every change that readers can see.

    Written by triggers (press/triggers.py): a row for each recent transaction; on SQLite, one row.
    """

    xact = models.BigIntegerField(primary_key=True)
    mark = models.CharField(max_length=36)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.mark

"""Models of the rows that list a story under a town, a tag and a contributor."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from taggit.models import Tag

from bylines.models import Contributor, Role
from paper.models import Town

from .querysets import StoryIndexEntryQuerySet


class StoryIndexEntry(models.Model):
    """Abstract row that lists a story under one thing by which readers find it.

    `release_at` copies the story's own value. The newest stories of a thing, or its list page
    5,000, are then a few rows of one index, however many stories there are.
    """

    story = models.ForeignKey("press.Story", models.CASCADE)
    release_at = models.DateTimeField()

    objects = StoryIndexEntryQuerySet.as_manager()

    class Meta:
        abstract = True


class StoryTown(StoryIndexEntry):
    """A story listed under a town."""

    town = models.ForeignKey(Town, models.PROTECT)

    class Meta:
        verbose_name = _("published story")
        verbose_name_plural = _("published stories")
        db_table = "press_story_towns"
        unique_together = [("story", "town")]
        indexes = [models.Index(fields=["town", "-release_at", "-story"], name="story_town_newest")]

    def __str__(self) -> str:
        return f"{self.town_id}: {self.story_id}"


class StoryTag(StoryIndexEntry):
    """A story listed under a tag."""

    tag = models.ForeignKey(Tag, models.PROTECT)

    class Meta:
        verbose_name = _("published story")
        verbose_name_plural = _("published stories")
        db_table = "press_story_tags"
        unique_together = [("story", "tag")]
        indexes = [models.Index(fields=["tag", "-release_at", "-story"], name="story_tag_newest")]

    def __str__(self) -> str:
        return f"{self.tag_id}: {self.story_id}"


class StoryContributor(StoryIndexEntry):
    """A contributor's place in the byline of a published story."""

    contributor = models.ForeignKey(Contributor, models.PROTECT)
    role = models.CharField(_("role"), max_length=10, choices=Role.choices)
    label = models.CharField(_("printed as"), max_length=20, blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("published story")
        verbose_name_plural = _("published stories")
        ordering = ["order", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["story", "contributor", "role"], name="story_contributor_once_per_role"
            )
        ]
        indexes = [
            models.Index(
                fields=["contributor", "-release_at", "-story"], name="story_contributor_newest"
            )
        ]

    def __str__(self) -> str:
        return f"{self.contributor_id} {self.role}"

"""Models of the homepage as arranged by editors."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from paper.models import Section

from .querysets import HomepagePickQuerySet


class HomepageBlock(models.Model):
    """A block of the homepage as arranged by editors; without rows the default applies.

    `count` is the number of stories it shows, 0 if the block has no such number.
    """

    class Kind(models.TextChoices):
        """What a block shows."""

        PAGES = "pages", _("Today's paper")
        PHOTOS = "photos", _("Photo strip")
        SECTION = "section", _("section")
        TOWNS = "towns", _("Index of towns")

    kind = models.CharField(max_length=10, choices=Kind.choices)
    section = models.OneToOneField(
        Section, models.PROTECT, null=True, blank=True, related_name="homepage_block"
    )
    order = models.PositiveSmallIntegerField(default=0)
    count = models.PositiveSmallIntegerField(default=0)
    is_shown = models.BooleanField(default=True)

    class Meta:
        verbose_name = _("block of the homepage")
        verbose_name_plural = _("blocks of the homepage")
        ordering = ["order", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="section", section__isnull=False)
                | (~Q(kind="section") & Q(section__isnull=True)),
                name="homepage_block_of_a_section",
            ),
            models.UniqueConstraint(
                fields=["kind"], condition=~Q(kind="section"), name="homepage_block_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.section_id or ''}".strip()


class HomepagePick(models.Model):
    """A story that editors chose for the top of the homepage.

    `edition` was the newest one when the story was chosen. The pick ends with the next edition,
    unless it `stays`.
    """

    class Place(models.TextChoices):
        """Where the story appears."""

        LEAD = "lead", _("Lead")
        HEADLINES = "headlines", _("Headlines")

    story = models.OneToOneField("press.Story", models.CASCADE, related_name="homepage_pick")
    place = models.CharField(max_length=10, choices=Place.choices)
    order = models.PositiveSmallIntegerField(default=0)
    edition = models.ForeignKey(
        "press.Edition", models.CASCADE, null=True, blank=True, related_name="homepage_picks"
    )
    stays = models.BooleanField(default=False)

    objects = HomepagePickQuerySet.as_manager()

    class Meta:
        ordering = ["place", "order", "id"]

    def __str__(self) -> str:
        return f"{self.place} {self.story_id}"


class HomepageVersion(models.Model):
    """A counter of changes to the homepage with the last editor: one row, for the desk only."""

    version = models.PositiveIntegerField(default=0)
    changed_by = models.CharField(max_length=40, blank=True)
    changed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="homepage_version_is_one_row")
        ]

    def __str__(self) -> str:
        return str(self.version)

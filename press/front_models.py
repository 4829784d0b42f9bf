"""The readers' front page as editors arrange it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from paper.models import Section

from .querysets import FrontPickQuerySet


class FrontBlock(models.Model):
    """A block of the readers' front page as editors have put it; without rows there is a default.

    `count` is how many stories it shows, 0 where the block has no such number.
    """

    class Kind(models.TextChoices):
        """What a block shows."""

        PAGES = "pages", _("Today's paper")
        PHOTOS = "photos", _("Photo strip")
        SECTION = "section", _("section")
        TOWNS = "towns", _("Index of towns")

    kind = models.CharField(max_length=10, choices=Kind.choices)
    section = models.OneToOneField(
        Section, models.CASCADE, null=True, blank=True, related_name="front_block"
    )
    order = models.PositiveSmallIntegerField(default=0)
    count = models.PositiveSmallIntegerField(default=0)
    is_shown = models.BooleanField(default=True)

    class Meta:
        ordering = ["order", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="section", section__isnull=False)
                | (~Q(kind="section") & Q(section__isnull=True)),
                name="front_block_of_a_section",
            ),
            models.UniqueConstraint(
                fields=["kind"], condition=~Q(kind="section"), name="front_block_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.section_id or ''}".strip()


class FrontPick(models.Model):
    """A story that editors chose for the top of the readers' front page.

    `edition` was the newest one when it was chosen: with the next one the pick ends, unless it
    `stays`.
    """

    class Place(models.TextChoices):
        """Where it stands."""

        LEAD = "lead", _("Lead")
        HEADLINES = "headlines", _("Headlines")

    story = models.OneToOneField("press.Story", models.CASCADE, related_name="front_pick")
    place = models.CharField(max_length=10, choices=Place.choices)
    order = models.PositiveSmallIntegerField(default=0)
    edition = models.ForeignKey(
        "press.Edition", models.CASCADE, null=True, blank=True, related_name="front_picks"
    )
    stays = models.BooleanField(default=False)

    objects = FrontPickQuerySet.as_manager()

    class Meta:
        ordering = ["place", "order", "id"]

    def __str__(self) -> str:
        return f"{self.place} {self.story_id}"


class FrontPage(models.Model):
    """How often the front page was arranged, and by whom last: one row, for the desk alone."""

    version = models.PositiveIntegerField(default=0)
    changed_by = models.CharField(max_length=40, blank=True)
    changed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="front_page_is_one_row")]

    def __str__(self) -> str:
        return str(self.version)

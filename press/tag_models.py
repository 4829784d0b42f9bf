"""Former names of tags and the tags that they now refer to; the keys of all tags."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from taggit.models import Tag

from textkit.pinyin import MAX_KEY as MAX_SORT_KEY
from textkit.tag_names import MAX_KEY


class TagAlias(models.Model):
    """A tag that was renamed or merged and now refers to `target` in all public views.

    The tag and everything tagged with it do not change, because seals cover tag names and ids. An
    alias never leads to another alias.
    """

    tag = models.OneToOneField(
        Tag, models.PROTECT, related_name="alias", verbose_name=_("former name")
    )
    target = models.ForeignKey(
        Tag, models.PROTECT, related_name="aliases", verbose_name=_("counts as")
    )
    at = models.DateTimeField(_("time"))

    class Meta:
        verbose_name = _("former name of a tag")
        verbose_name_plural = _("former names of tags")
        ordering = ["tag"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(tag=F("target")), name="tag_alias_leads_to_another_tag"
            )
        ]

    def __str__(self) -> str:
        return f"{self.tag_id} → {self.target_id}"


class TagKey(models.Model):
    """What a tag is matched and sorted by, in a row beside it: taggit's table is not ours.

    `key` (`textkit.tag_names.tag_key`) is what all spellings of a tag share. They are one tag: the
    first one has the key for itself, however many are created at one moment, and the others are
    aliases. `sort_key` is the pinyin. `press.services.tags` writes the row with each tag, once,
    because a tag never changes its name.
    """

    tag = models.OneToOneField(Tag, models.CASCADE, primary_key=True, related_name="key")
    key = models.CharField(max_length=MAX_KEY, db_index=True)
    is_first = models.BooleanField(default=False)
    sort_key = models.CharField(max_length=MAX_SORT_KEY, db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["key"], condition=Q(is_first=True), name="one_first_spelling_of_a_tag"
            )
        ]

    def __str__(self) -> str:
        return self.key

"""Former names of tags and the tags that they now refer to; the keys of all tags."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from taggit.models import Tag

from textkit.pinyin import MAX_KEY as MAX_SORT_KEY
from textkit.tag_names import MAX_KEY


class TagSortKey(models.Model):
    """Pinyin by which a tag is sorted, in a row beside the tag: taggit's table is not ours.

    A tag never changes its name, so the key is written once, with the tag.
    """

    tag = models.OneToOneField(
        Tag,
        models.CASCADE,
        primary_key=True,
        related_name="sort_key",
        verbose_name=_("tag"),
    )
    key = models.CharField(_("sort key"), max_length=MAX_SORT_KEY, db_index=True)

    class Meta:
        verbose_name = _("sort key of a tag")
        verbose_name_plural = _("sort keys of tags")

    def __str__(self) -> str:
        return self.key


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
    """The key of a tag (`textkit.tag_names.tag_key`), which all spellings of it share.

    `press.services.tags` writes it with each tag. Spellings that share a key are one tag: all but
    one are aliases.
    """

    tag = models.OneToOneField(Tag, models.CASCADE, primary_key=True, related_name="key")
    key = models.CharField(max_length=MAX_KEY, db_index=True)

    def __str__(self) -> str:
        return self.key

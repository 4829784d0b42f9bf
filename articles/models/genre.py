"""Genres (体裁) of articles, such as 消息 and 通讯; the paper edits the list."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Genre(models.Model):
    """The journalistic genre of an article.

    A genre is not the article's `kind`, which is story, photo or roundup.
    """

    name = models.CharField(_("name"), max_length=20, unique=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("genre")
        verbose_name_plural = _("genres")
        ordering = ["order", "id"]

    def __str__(self) -> str:
        return self.name

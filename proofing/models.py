"""The house word list."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class HouseWord(models.Model):
    """A word that the house style forbids or replaces."""

    word = models.CharField(_("word"), max_length=40, unique=True)
    better = models.CharField(_("write instead"), max_length=40, blank=True)
    is_blocking = models.BooleanField(
        _("blocks signing"),
        default=False,
        help_text=_("An article with this word cannot be approved until it is changed."),
    )
    note = models.CharField(_("note"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("house word")
        verbose_name_plural = _("house words")
        ordering = ["word"]

    def __str__(self) -> str:
        return self.word

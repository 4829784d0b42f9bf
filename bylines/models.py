"""Contributors (作者): people, with or without a login, and the roles of a byline."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from paper.models import Section, Town

from .querysets import ContributorQuerySet


class Role(models.TextChoices):
    """What a contributor did for an article, as the paper prints it (署名)."""

    REPORTER = "记者", _("reporter")
    CORRESPONDENT = "通讯员", _("correspondent")
    AUTHOR = "作者", _("author")
    TEXT = "文字", _("text")
    PHOTOGRAPH = "摄影", _("photograph")
    VIDEO = "摄像", _("video")
    PICTURE = "图片", _("picture")
    PICTURE_SUPPLIED = "供图", _("picture supplied")
    COPY_SUPPLIED = "供稿", _("copy supplied")
    EDITOR = "编辑", _("editing")
    PROOF = "校对", _("proofreading")
    APPROVAL = "审核", _("approval")
    COORDINATION = "统筹", _("coordination")
    PLANNING = "策划", _("planned by")
    GRAPHICS = "制图", _("graphics")
    TRAINEE = "实习生", _("trainee")
    COMMENTATOR = "评论员", _("commentator")


class Contributor(models.Model):
    """A person, or an office that signs like one; correspondents mostly never log in."""

    class Kind(models.TextChoices):
        """Staff or outside contributor."""

        REPORTER = "reporter", _("reporter")
        CORRESPONDENT = "correspondent", _("correspondent")
        AUTHOR = "author", _("author")
        OFFICE = "office", _("office")

    name = models.CharField(_("name"), max_length=40, db_index=True)
    kind = models.CharField(
        _("kind"), max_length=20, choices=Kind.choices, default=Kind.CORRESPONDENT
    )
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="contributor",
        verbose_name=_("login"),
    )
    town = models.ForeignKey(Town, models.SET_NULL, null=True, blank=True, verbose_name=_("town"))
    unit = models.CharField(_("unit"), max_length=60, blank=True)
    section = models.ForeignKey(
        Section, models.SET_NULL, null=True, blank=True, verbose_name=_("usual section")
    )
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    is_active = models.BooleanField(_("in use"), default=True)

    objects = ContributorQuerySet.as_manager()

    class Meta:
        verbose_name = _("contributor")
        verbose_name_plural = _("contributors")
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the address of the contributor's public page."""
        return f"/contributors/{self.pk}/"

    @property
    def place(self) -> str:
        """Return the town or unit that tells two contributors of one name apart."""
        return self.unit or (self.town.name if self.town else "")

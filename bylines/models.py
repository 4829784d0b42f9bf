"""Models of contributors (作者), with or without a login, and the roles of a byline."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from paper.fields import PersonSortKeyField
from paper.models import Section, Town

from .fields import NameKeyField
from .querysets import ContributorQuerySet


class Role(models.TextChoices):
    """Role of a contributor in an article, as the paper prints it (署名)."""

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
    """Person, or an office that signs like one; most correspondents never log in.

    Two rows of one person are merged by a pointer: references to the one do not change, and count
    for the other. A row that others point to has no pointer itself.
    """

    class Kind(models.TextChoices):
        """Kinds of contributors: staff, outside contributors, offices."""

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
        models.PROTECT,
        null=True,
        blank=True,
        related_name="contributor",
        verbose_name=_("login"),
    )
    town = models.ForeignKey(Town, models.PROTECT, null=True, blank=True, verbose_name=_("town"))
    unit = models.CharField(_("unit"), max_length=60, blank=True)
    section = models.ForeignKey(
        Section, models.PROTECT, null=True, blank=True, verbose_name=_("usual section")
    )
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    is_active = models.BooleanField(_("in use"), default=True)
    name_key = NameKeyField(help_text="the normal form of the name")
    sort_key = PersonSortKeyField(help_text="the pinyin of the name")
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="merged",
        verbose_name=_("merged into"),
    )

    objects = ContributorQuerySet.as_manager()

    class Meta:
        verbose_name = _("contributor")
        verbose_name_plural = _("contributors")
        ordering = ["sort_key", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(merged_into=None) | ~Q(merged_into=F("id")),
                name="contributor_not_merged_into_itself",
            ),
            models.CheckConstraint(
                condition=Q(merged_into=None) | Q(user=None), name="contributor_merged_has_no_login"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the public URL of the contributor."""
        return f"/contributors/{self.pk}/"

    @property
    def place(self) -> str:
        """Return the unit or town that distinguishes contributors of the same name."""
        return self.unit or (self.town.name if self.town else "")

    @property
    def root_id(self) -> int:
        """Return the id of the contributor that this row counts for: its own or its target's."""
        return self.merged_into_id or self.pk


class OtherName(models.Model):
    """Former name of a contributor or of its login (曾用名).

    The checks of who may sign compare former names too, so names are never removed.
    """

    contributor = models.ForeignKey(Contributor, models.PROTECT, related_name="other_names")
    name = models.CharField(_("name"), max_length=40)
    name_key = NameKeyField()
    at = models.DateTimeField(_("until"))

    class Meta:
        verbose_name = _("former name")
        verbose_name_plural = _("former names")
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["contributor", "name"], name="other_name_once_per_contributor"
            )
        ]

    def __str__(self) -> str:
        return self.name


class FormerLogin(models.Model):
    """Login that a contributor had before the administrator gave it another contributor."""

    contributor = models.ForeignKey(Contributor, models.PROTECT, related_name="former_logins")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("until"))

    class Meta:
        verbose_name = _("former login")
        verbose_name_plural = _("former logins")
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.contributor_id} {self.user_id}"

"""Models of teamwork at the desk: comments, reason phrases, saved filters and presence."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .article import Article


class Comment(models.Model):
    """A comment on a paragraph of an article (批注); it is never published."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="comments")
    parent = models.ForeignKey(
        "self", models.CASCADE, null=True, blank=True, related_name="replies"
    )
    revision_number = models.PositiveIntegerField(help_text="the revision that was read")
    paragraph = models.PositiveIntegerField(
        null=True, help_text="counts from 0 over Body.paragraphs; NULL is the whole"
    )
    quote = models.CharField(
        _("quote"), max_length=200, blank=True, help_text="the paragraph's start as it was"
    )
    text = models.TextField(_("comment"), max_length=1000)
    mentions = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+", blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by")
    )
    at = models.DateTimeField(_("time"))
    resolved_at = models.DateTimeField(_("resolved at"), null=True, blank=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="comment_says_something"),
            models.CheckConstraint(
                condition=Q(resolved_at=None) | Q(resolved_by__isnull=False),
                name="comment_settled_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.text[:30]


class ReasonPhrase(models.Model):
    """A reason that reviewers give often, offered for one click (常用语)."""

    class Transition(models.TextChoices):
        """The transition for which the phrase is offered."""

        RETURN = "return", _("return")
        SPIKE = "spike", _("spike")

    transition = models.CharField(
        _("for"), max_length=10, choices=Transition.choices, default=Transition.RETURN
    )
    text = models.CharField(_("phrase"), max_length=200)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("reusable reason")
        verbose_name_plural = _("reusable reasons")
        ordering = ["transition", "order", "id"]
        constraints = [
            models.UniqueConstraint(fields=["transition", "text"], name="reason_phrase_once")
        ]

    def __str__(self) -> str:
        return self.text


class SavedFilter(models.Model):
    """A search of the article list that a user saves under a name (常用筛选)."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_filters")
    name = models.CharField(_("name"), max_length=30)
    query = models.CharField(_("filter"), max_length=500, help_text="the query of the list")
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("saved filter")
        verbose_name_plural = _("saved filters")
        ordering = ["order", "id"]
        constraints = [
            models.UniqueConstraint(fields=["user", "name"], name="saved_filter_name_once")
        ]

    def __str__(self) -> str:
        return self.name


class Presence(models.Model):
    """A user who has an article open in a window (在看)."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="presences")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    window_id = models.CharField(max_length=36)
    is_editing = models.BooleanField(default=False)
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["article", "user", "window_id"], name="presence_once")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.article_id}"

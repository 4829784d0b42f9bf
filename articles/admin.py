"""Articles at the desk: the list, and the addresses of the article screen."""

from __future__ import annotations

import datetime as dt
from typing import Any, cast

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from bylines.services import display_name
from paper import times
from paper.admin_base import DeskRequest, ListAdmin
from paper.models import Section
from paper.roles import Role, roles_of

from . import desk_autosave, desk_views, desk_writing, record_views
from .models import Article
from .querysets import ArticleQuerySet
from .states import State
from .workflow import WRITERS, actor_of


class QueueFilter(admin.SimpleListFilter):
    """By what an article is to the person: waiting for him, his own, or all."""

    title = _("list")
    parameter_name = "list"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """A correspondent has no queue."""
        own = [("own", _("My articles"))]
        if actor_of(request.user).roles <= {Role.CORRESPONDENT}:
            return own
        return [("waiting", _("Waiting for me")), *own]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Article]) -> QuerySet[Article]:
        """Keep the chosen list."""
        rows, actor = cast("ArticleQuerySet", queryset), actor_of(request.user)
        if self.value() == "waiting":
            return rows.waiting_for(actor, timezone.now())
        return rows.own(actor) if self.value() == "own" else rows


class StateFilter(admin.SimpleListFilter):
    """By state, the derived ones too."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Every state."""
        return [(state.value, state.label) for state in State]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Article]) -> QuerySet[Article]:
        """Tell approved, scheduled and published apart by the release time."""
        at = timezone.now()
        match self.value():
            case None:
                return queryset
            case State.APPROVED:
                return queryset.filter(state=State.APPROVED, story=None)
            case State.SCHEDULED:
                return queryset.filter(state=State.APPROVED, story__release_at__gt=at)
            case State.PUBLISHED:
                return queryset.filter(state=State.APPROVED, story__release_at__lte=at)
            case value:
                return queryset.filter(state=value)


class SectionFilter(admin.SimpleListFilter):
    """By section."""

    title = _("section")
    parameter_name = "section"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Every section in use."""
        return [(s.slug, s.name) for s in Section.objects.filter(is_active=True)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Article]) -> QuerySet[Article]:
        """Keep the chosen section."""
        return queryset.filter(section__slug=self.value()) if self.value() else queryset


@admin.register(Article)
class ArticleAdmin(ListAdmin):
    """The list of articles that a person may see; the screens are `desk_views`."""

    list_display = ["story_line", "chip", "section", "length", "holder", "changed"]
    list_display_links = None
    empty_value_display = ""
    list_filter = [QueueFilter, StateFilter, SectionFilter]
    search_fields = ["headline", "kicker", "body", "contributors__name"]
    search_help_text = _("Heading, text, contributor")
    ordering = ["-updated_at", "-id"]
    list_per_page = 30
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Article]:
        """Return what stands in the person's list."""
        rows = Article.objects.listed_for(actor_of(request.user), timezone.now())
        return rows.for_lists()

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Which articles: the queryset and the screen decide."""
        return bool(roles_of(request.user))

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Who writes."""
        return bool(roles_of(request.user) & WRITERS)

    def get_urls(self) -> list[URLPattern]:
        """Put our screens in the place of the stock ones."""
        wrap = self.admin_site.admin_view
        screen = desk_autosave.keeping(wrap(desk_views.article_screen))
        new = desk_autosave.keeping(wrap(desk_views.new_article))
        return [
            *desk_autosave.urls(),
            *desk_writing.urls(wrap),
            path("add/", new, name="articles_article_add"),
            path("<int:pk>/", screen),
            path("<int:pk>/change/", screen, name="articles_article_change"),
            path("<int:pk>/history/", wrap(self._history), name="articles_article_history"),
            path("<int:pk>/delete/", wrap(self._delete), name="articles_article_delete"),
            *record_views.urls(wrap),
            path("<int:pk>/<slug:name>/", wrap(desk_views.move), name="articles_article_move"),
            path(
                "<int:pk>/revisions/<int:number>/",
                wrap(desk_views.revision),
                name="articles_article_revision",
            ),
            path("photos/<slug:token>.webp", wrap(desk_views.photo), name="articles_photo"),
            path("", wrap(self.changelist_view), name="articles_article_changelist"),
        ]

    def _history(self, request: HttpRequest, pk: int) -> HttpResponse:
        return redirect(f"{reverse('admin:articles_article_change', args=[pk])}#record")

    def _delete(self, request: DeskRequest, pk: int) -> HttpResponse:
        return desk_views.move(request, pk, "delete")

    @admin.display(description=_("article"))
    def story_line(self, article: Article) -> str:
        """Show heading, towns and writers."""
        places = "、".join(town.name for town in article.towns.all())
        names = "、".join(dict.fromkeys(b.contributor.name for b in article.bylines.all()))
        return format_html(
            '<div class="with-thumb">{}<div><a class="story-link" href="{}/change/">{}</a>'
            '<span class="second">{}</span></div></div>',
            thumb(article),
            article.pk,
            article.title,
            " · ".join(dict.fromkeys(part for part in (article.kicker, places, names) if part)),
        )

    @admin.display(description=_("state"))
    def chip(self, article: Article) -> str:
        """Show the state as a chip."""
        return state_chip(article, timezone.now())

    @admin.display(description=_("length"), ordering="chars")
    def length(self, article: Article) -> str:
        """Show the length in 字."""
        return _("%(n)d characters") % {"n": article.chars}

    @admin.display(description=_("with"))
    def holder(self, article: Article) -> str:
        """Show who has taken it and is at it."""
        return display_name(article.held_by(timezone.now()))

    @admin.display(description=_("changed"), ordering="updated_at")
    def changed(self, article: Article) -> str:
        """Show how long ago the last change was, the exact time on hover."""
        return times.time_tag(article.updated_at, times.ago(article.updated_at, timezone.now()))


def state_chip(article: Article, at: dt.datetime) -> str:
    """Return the state of an article as a coloured chip."""
    state = article.status(at)
    return format_html('<span class="chip chip-{}">{}</span>', state.value, state.label)


def thumb(article: Article) -> str:
    """Return the article's first photo, small; the rows must have them prefetched."""
    rows = list(article.article_photos.all())
    if not rows:
        return ""
    url = reverse("admin:articles_photo", args=[rows[0].photo.token])
    return format_html(
        '<img class="thumb" src="{}" alt="" loading="lazy" width="64" height="48">', url
    )

"""Read-only admin of published stories and editions."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import admin
from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.models import Article
from articles.published import stories_visible_to
from articles.workflow.states import State
from articles.workflow.transitions import actor_of
from issues.models import Issue
from issues.services import sees_issues
from paper.base_admin import COUNT_CAP, DeskRequest, ReadOnlyAdmin
from press import byline
from press.models import Correction, Edition, EditionPage, Story
from press.search_index import numbers_of
from textkit.numbers import parse_number

from ..navigation import has_public_site
from .record_fields import NOTHING, body_text, chip, code, lines, links, moment


def state_of(story: Story, at: dt.datetime) -> State:
    """Return the state of a story for readers at `at`: scheduled, published or withdrawn."""
    if story.withdrawn_at is not None:
        return State.WITHDRAWN
    return State.SCHEDULED if story.release_at > at else State.PUBLISHED


class StoryStateFilter(admin.SimpleListFilter):
    """Filter of stories by their current state for readers."""

    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request: Any, model_admin: Any) -> Any:
        """Return the three states."""
        shown = (State.PUBLISHED, State.SCHEDULED, State.WITHDRAWN)
        return [(state.value, state.label) for state in shown]

    def queryset(self, request: Any, queryset: Any) -> Any:
        """Return the stories in the chosen state, or all stories."""
        now = timezone.now()
        if self.value() == State.PUBLISHED:
            return queryset.visible(now)
        if self.value() == State.SCHEDULED:
            return queryset.filter(release_at__gt=now, withdrawn_at=None)
        return queryset.withdrawn() if self.value() == State.WITHDRAWN else queryset


@admin.register(Story)
class StoryAdmin(ReadOnlyAdmin):
    """Admin of stories: public ones for all users, others if their article is visible."""

    list_title = gettext_lazy("Published stories")
    list_display = ["title", "section", "signature", "release", "state"]
    list_filter = [StoryStateFilter, "release_at", "kind", "section"]
    # Looked up in the search index; see `get_search_results`.
    search_fields = ["headline"]
    search_help_text = gettext_lazy("Words in the text, or the number of the story")
    ordering = ["-release_at", "-id"]
    fields = [
        *("state", "release_at", "corrected_at", "withdrawn_at", "withdrawal_reason"),
        *("kicker", "heading", "subhead", "dateline", "text", "signature", "unit", "summary"),
        *("section", "kind", "chars", "place", "places_line", "tag_line", "photo_lines"),
        *("correction_lines", "revision", "hash"),
    ]

    def visible_rows(self, request: DeskRequest, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Return public stories, and those of articles that the user may see."""
        seen = stories_visible_to(actor_of(request.user), timezone.now())
        return seen.select_related("section", "page__edition").defer("body")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Find stories in the search index, withdrawn ones by their headlines."""
        text = search_term.strip()
        if not text:
            return queryset, False
        found = Q(pk__in=[parse_number(text, 0), *numbers_of(text, most=COUNT_CAP)])
        gone = Q(withdrawn_at__isnull=False, headline__icontains=text)
        return queryset.filter(found | gone), False

    def title_of(self, row: Story) -> str:
        """Return the headline."""
        return row.title

    def links_of(self, request: DeskRequest, row: Story) -> list[tuple[str, str]]:
        """Return the links to the article and to the public view, if they exist."""
        now = timezone.now()
        seen = Article.objects.visible_to(actor_of(request.user), now).filter(story=row)
        found = [
            (_("Article"), reverse("admin:articles_article_change", args=[pk]))
            for pk in seen.values_list("pk", flat=True)
        ]
        if has_public_site() and state_of(row, now) is State.PUBLISHED:
            found.append((_("Public page"), row.get_absolute_url()))
        return found

    @admin.display(description=gettext_lazy("headline"))
    def title(self, story: Story) -> str:
        """Show the headline on one line."""
        return story.title

    @admin.display(description=gettext_lazy("headline"))
    def heading(self, story: Story) -> str:
        """Show the lines of the headline as printed."""
        return lines(story.headline_lines)

    @admin.display(description=gettext_lazy("byline"))
    def signature(self, story: Story) -> str:
        """Show the byline as printed."""
        return byline.signature(story.byline).strip("（）") or NOTHING

    @admin.display(description=gettext_lazy("release"), ordering="release_at")
    def release(self, story: Story) -> str:
        """Show the release time."""
        return moment(story.release_at)

    @admin.display(description=gettext_lazy("state"))
    def state(self, story: Story) -> SafeString:
        """Show the state for readers."""
        return chip(state_of(story, timezone.now()))

    @admin.display(description=gettext_lazy("SHA-256"))
    def hash(self, story: Story) -> str:
        """Show the hash."""
        return code(story.sha256)

    @admin.display(description=gettext_lazy("body"))
    def text(self, story: Story) -> str:
        """Show the paragraphs."""
        return body_text(story.body)

    @admin.display(description=gettext_lazy("page"))
    def place(self, story: Story) -> str:
        """Show the issue and the page of the story."""
        if story.page is None:
            return NOTHING
        edition = story.page.edition
        if edition.release_at > timezone.now():
            return NOTHING
        url = reverse("admin:press_edition_change", args=[edition.pk])
        return format_html(
            '<a href="{}">{}</a> {} {}', url, edition, story.page.number, story.page.name
        )

    @admin.display(description=gettext_lazy("towns"))
    def places_line(self, story: Story) -> str:
        """Show the towns as printed."""
        return "、".join(str(place["name"]) for place in story.places) or NOTHING

    @admin.display(description=gettext_lazy("tags"))
    def tag_line(self, story: Story) -> str:
        """Show the tags as printed."""
        return "、".join(story.tag_names) or NOTHING

    @admin.display(description=gettext_lazy("photos"))
    def photo_lines(self, story: Story) -> str:
        """Show captions and credits as printed."""
        return lines(f"{photo['caption']} {photo['credit']}".strip() for photo in story.photo_list)

    @admin.display(description=gettext_lazy("corrections"))
    def correction_lines(self, story: Story) -> str:
        """Show the corrections after publication."""
        return lines(
            f"{row['at'][:10]} {Correction.Kind(row['kind']).label}：{row['note']}"
            for row in story.corrections
        )


@admin.register(Edition)
class EditionAdmin(ReadOnlyAdmin):
    """Admin of editions; unreleased ones are visible to users who may see issues."""

    list_title = gettext_lazy("Published issues")
    list_display = ["name", "special", "page_count", "release", "signed_by"]
    list_filter = ["date"]
    search_fields = ["number__startswith", "date__startswith", "special"]
    search_help_text = gettext_lazy("Number, day such as 2026-11, or name")
    ordering = ["-date", "-part"]
    fields = [
        *("date", "number_line", "special", "release_at", "signed_by", "signed_at"),
        *("page_lines", "hash"),
    ]

    def visible_rows(self, request: DeskRequest, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Return released editions, or all for users who may see issues."""
        seen = Edition.objects.all() if sees_issues(request.user) else Edition.objects.visible()
        stories = stories_visible_to(actor_of(request.user), timezone.now())
        on_pages = stories.order_by("position", "pk").only("headline", "summary", "page")
        pages = EditionPage.objects.prefetch_related(
            Prefetch("stories", on_pages, to_attr="shown_stories")
        )
        rows = seen.with_page_count()
        return rows.prefetch_related(Prefetch("pages", pages)) if self._is_page(request) else rows

    @staticmethod
    def _is_page(request: DeskRequest) -> bool:
        match = request.resolver_match
        return match is not None and match.url_name == "press_edition_change"

    def links_of(self, request: DeskRequest, row: Edition) -> list[tuple[str, str]]:
        """Return the links to the board of the issue and to the public view."""
        issues = Issue.objects.filter(edition=row) if sees_issues(request.user) else []
        found = [
            (_("Issue"), reverse("admin:issues_issue_change", args=[issue.pk])) for issue in issues
        ]
        if has_public_site() and row.release_at <= timezone.now():
            found.append((_("Public page"), row.get_absolute_url()))
        return found

    @admin.display(description=gettext_lazy("SHA-256"))
    def hash(self, edition: Edition) -> str:
        """Show the hash."""
        return code(edition.sha256)

    @admin.display(description=gettext_lazy("issue"), ordering="date")
    def name(self, edition: Edition) -> str:
        """Show date and number."""
        return f"{edition.date.isoformat()} {edition.number_line}"

    @admin.display(description=gettext_lazy("number"))
    def number_line(self, edition: Edition) -> str:
        """Show the numbers as in the masthead."""
        return edition.number_line

    @admin.display(description=gettext_lazy("pages"))
    def page_count(self, edition: Any) -> int:
        """Show the number of pages."""
        return int(edition.page_count or 0)

    @admin.display(description=gettext_lazy("release"), ordering="release_at")
    def release(self, edition: Edition) -> str:
        """Show the release time."""
        return moment(edition.release_at)

    @admin.display(description=gettext_lazy("pages"))
    def page_lines(self, edition: Edition) -> str:
        """Show each page with its stories that the user may see."""
        found = []
        for page in edition.pages.all():
            stories = links(
                (reverse("admin:press_story_change", args=[story.pk]), story.title)
                for story in page.shown_stories  # type: ignore[attr-defined]
            )
            name = _("Page %(n)d %(name)s") % {"n": page.number, "name": page.name}
            found.append(format_html("<b>{}</b>{}", name, stories))
        return lines(found)

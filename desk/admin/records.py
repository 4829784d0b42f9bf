"""Read-only admin of the record: revisions, and the sealed logs of articles and issues."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import admin
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Left
from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.models import Article, LogEntry, Revision
from articles.querysets import OPENING, ArticleQuerySet
from articles.selectors.recent_changes import transition_label
from articles.services.search_index import DESK
from articles.workflow.states import State
from articles.workflow.transitions import LOG_ENTRIES, TRANSITIONS, actor_of
from bylines.services import display_name
from issues.models import Issue, IssueLogEntry
from issues.services import sees_issues
from issues.services.audit_log import ACTIONS
from paper.base_admin import DeskRequest, ReadOnlyAdmin
from paper.permissions import Capability, Role
from paper.querysets import sections_in_use
from search.terms import read
from textkit.numbers import parse_number

from .record_fields import NOTHING, body_text, code, lines, moment, pretty_json

_HEADING = ("kicker", "headline", "subhead", "dateline")


def articles_with(text: str) -> ArticleQuerySet:
    """Return the articles that contain all terms of `text`, by the desk's search index."""
    rows = Article.objects.all()
    for term in read(text):
        rows = rows.filter(DESK.holds(term))
    return rows


class ArticleSectionFilter(admin.SimpleListFilter):
    """Filter of record rows by the section of their article."""

    title = gettext_lazy("section")
    parameter_name = "section"

    def lookups(self, request: Any, model_admin: Any) -> Any:
        """Return the sections in use."""
        return [(str(section.pk), section.name) for section in sections_in_use()]

    def queryset(self, request: Any, queryset: Any) -> Any:
        """Return the rows of the section's articles, by a subquery that an index covers."""
        pk = parse_number(self.value() or "", 0)
        if not pk:
            return queryset
        return queryset.filter(article__in=Article.objects.filter(section=pk).values("pk"))


class NamedFilter(admin.SimpleListFilter):
    """Filter by a column of names; a subclass defines `field` and `labels`."""

    field = ""
    labels: Mapping[str, Any] = {}

    def lookups(self, request: Any, model_admin: Any) -> Any:
        """Return the names with their labels."""
        return [(name, str(label).rstrip("…")) for name, label in self.labels.items()]

    def queryset(self, request: Any, queryset: Any) -> Any:
        """Return the rows with the chosen name."""
        name = self.value()
        return queryset.filter(**{self.field: name}) if name in self.labels else queryset


class TransitionFilter(NamedFilter):
    """Filter of log entries by transition."""

    title = gettext_lazy("transition")
    parameter_name = field = "transition"
    # Without transitions that write no log entry.
    labels = {
        name: transition.label
        for name, transition in TRANSITIONS.items()
        if name not in {"edit", "delete"}
    } | dict(LOG_ENTRIES)


class ActionFilter(NamedFilter):
    """Filter of issue log entries by action."""

    title = gettext_lazy("action")
    parameter_name = field = "action"
    labels = ACTIONS


class ArticleRecordAdmin(ReadOnlyAdmin):
    """Admin of record rows of articles, visible to users who may see the article's record."""

    # Looked up in the search index; see `get_search_results`.
    search_fields = ["article__headline"]
    search_help_text = gettext_lazy("Words in the article, or its number")

    def visible_rows(self, request: DeskRequest, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Return the rows of articles whose record the user may see."""
        actor = actor_of(request.user)
        rows = rows.select_related("article").defer("article__body")
        rows = rows.annotate(opening=Left("article__body", OPENING))
        if actor.may(Capability.SEE_EVERYTHING):
            return rows
        seen = Article.objects.record_visible_to(actor).order_by().values("pk")
        if not actor.may(Capability.REVIEW):
            return rows.filter(article__in=seen)
        # Out of reach of the planners: who sees many articles walks the rows from the newest on,
        # where both databases would fetch and sort all rows of all these articles.
        return rows.alias(record_of=F("article") + 0).filter(record_of__in=seen)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Find rows by the current text of their article, or by its number."""
        text = search_term.strip()
        if not text:
            return queryset, False
        found = articles_with(text) if read(text) else Article.objects.none()
        named = Q(article__in=found.order_by().values("pk")) | Q(article=parse_number(text, 0))
        return queryset.filter(named | self.also(text)), False

    def also(self, text: str) -> Q:
        """Return a further condition of the search."""
        return Q(pk__in=[])

    def links_of(self, request: DeskRequest, row: Any) -> list[tuple[str, str]]:
        """Return the links to the article and its sign-off sheet."""
        return [
            (_("Article"), reverse("admin:articles_article_change", args=[row.article_id])),
            (_("Sign-off sheet"), reverse("admin:articles_article_sheet", args=[row.article_id])),
        ]

    @admin.display(description=gettext_lazy("article"))
    def article_title(self, row: Any) -> str:
        """Show the headline of the article, or the start of its text."""
        row.article.opening = row.opening
        return str(row.article.title)


@admin.register(Revision)
class RevisionAdmin(ArticleRecordAdmin):
    """Admin of the revisions of articles whose record the user may see."""

    list_title = gettext_lazy("Revisions")
    list_display = ["article_title", "number", "saver", "saved", "manner"]
    list_filter = [ArticleSectionFilter]
    fields = [
        *("article_title", "number", "saver", "saved", "manner"),
        *("heading", "text", "tag_line", "stored", "hash"),
    ]

    def visible_rows(self, request: DeskRequest, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Return the revisions without their contents, which the list does not show."""
        return super().visible_rows(request, rows).select_related("saved_by").defer("content")

    def title_of(self, row: Revision) -> str:
        """Return the article and the number."""
        return f"{self.article_title(row)} #{row.number}"

    def links_of(self, request: DeskRequest, row: Revision) -> list[tuple[str, str]]:
        """Return the links to the formatted revision, and to its article."""
        args = [row.article_id, row.number]
        as_set = (_("View the revision"), reverse("admin:articles_article_revision", args=args))
        return [as_set, *super().links_of(request, row)]

    @admin.display(description=gettext_lazy("saved by"))
    def saver(self, revision: Revision) -> str:
        """Show the display name of the user who saved it."""
        return display_name(revision.saved_by) or _("the system")

    @admin.display(description=gettext_lazy("saved at"))
    def saved(self, revision: Revision) -> str:
        """Show when it was saved."""
        return moment(revision.saved_at)

    @admin.display(description=gettext_lazy("how it was saved"))
    def manner(self, revision: Revision) -> str:
        """Show whether it is a conflict copy, or an autosave."""
        labels = [_("conflict copy")] if revision.is_side else []
        return "、".join([*labels, _("autosaved")] if revision.is_auto else labels)

    @admin.display(description=gettext_lazy("heading"))
    def heading(self, revision: Revision) -> str:
        """Show the lines of the heading."""
        texts = (revision.content.get(name) for name in _HEADING)
        return lines(line for text in texts if text for line in str(text).splitlines())

    @admin.display(description=gettext_lazy("body"))
    def text(self, revision: Revision) -> str:
        """Show the paragraphs."""
        return body_text(str(revision.content.get("body", "")))

    @admin.display(description=gettext_lazy("tags"))
    def tag_line(self, revision: Revision) -> str:
        """Show the tags as saved."""
        return "、".join(map(str, revision.content.get("tags", []))) or NOTHING

    @admin.display(description=gettext_lazy("content"))
    def stored(self, revision: Revision) -> SafeString:
        """Show the complete content that is hashed."""
        return pretty_json(revision.content)

    @admin.display(description=gettext_lazy("SHA-256"))
    def hash(self, revision: Revision) -> str:
        """Show the hash."""
        return code(revision.sha256)


class SealedAdmin(ReadOnlyAdmin):
    """Columns that log entries of articles and issues share."""

    @admin.display(description=gettext_lazy("time"))
    def time(self, entry: Any) -> str:
        """Show the time of the action."""
        return moment(entry.at)

    @admin.display(description=gettext_lazy("by"))
    def name(self, entry: Any) -> str:
        """Show the user's name at that time."""
        return entry.by_name or _("the system")

    @admin.display(description=gettext_lazy("roles"))
    def role_line(self, entry: Any) -> str:
        """Show the user's roles at that time."""
        known = {role.value: str(role.label) for role in Role}
        names = [known.get(name, name) for name in entry.by_roles.split(",") if name]
        return "、".join(names) or NOTHING

    @admin.display(description=gettext_lazy("details"))
    def stored(self, entry: Any) -> SafeString | str:
        """Show the details."""
        return pretty_json(entry.details) if entry.details else NOTHING

    @admin.display(description=gettext_lazy("seal"))
    def seal(self, entry: Any) -> str:
        """Show the hash that covers the entry and the one before it."""
        return code(entry.chain)

    @admin.display(description=gettext_lazy("seal version"))
    def seal_number(self, entry: Any) -> int:
        """Show the version of the seal's rule."""
        return int(entry.seal_version)

    @admin.display(description=gettext_lazy("hash of the published content"))
    def published(self, entry: Any) -> str:
        """Show the hash of the story or edition that the action published."""
        return code(entry.printed)


@admin.register(LogEntry)
class LogEntryAdmin(SealedAdmin, ArticleRecordAdmin):
    """Admin of the log of articles whose record the user may see."""

    list_title = gettext_lazy("Log of articles")
    list_display = ["article_title", "done", "states", "name", "time", "note"]
    list_filter = [TransitionFilter, "at", ArticleSectionFilter]
    search_help_text = gettext_lazy("Words in the article, its number, or a name")
    fields = [
        *("article_title", "done", "states", "name", "role_line", "time", "note"),
        *("revision_line", "stored", "published", "seal", "seal_number"),
    ]

    def visible_rows(self, request: DeskRequest, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Return the entries with the numbers of their revisions."""
        rows = super().visible_rows(request, rows).select_related("revision")
        return rows.defer("article__body", "revision__content")

    def also(self, text: str) -> Q:
        """Find entries by the user's name, too."""
        return Q(by_name__icontains=text)

    def title_of(self, row: LogEntry) -> str:
        """Return the article and the transition."""
        return f"{self.article_title(row)}：{transition_label(row.transition)}"

    @admin.display(description=gettext_lazy("transition"))
    def done(self, entry: LogEntry) -> str:
        """Show the label of the action."""
        return transition_label(entry.transition)

    @admin.display(description=gettext_lazy("state"))
    def states(self, entry: LogEntry) -> str:
        """Show the states before and after."""
        known = dict(State.choices)
        ends = [str(known.get(name, name)) for name in (entry.from_state, entry.to_state)]
        return " → ".join(dict.fromkeys(ends))

    @admin.display(description=gettext_lazy("revision"))
    def revision_line(self, entry: LogEntry) -> str:
        """Show the number of the revision."""
        return str(entry.revision) if entry.revision else NOTHING


@admin.register(IssueLogEntry)
class IssueLogEntryAdmin(SealedAdmin):
    """Admin of the log of issues, for users who may see issues."""

    list_title = gettext_lazy("Log of issues")
    list_display = ["issue_name", "done", "states", "name", "time"]
    list_filter = [ActionFilter, "at"]
    search_fields = ["by_name", "issue__number__startswith", "issue__date__startswith"]
    search_help_text = gettext_lazy("Name, number of the issue, or day such as 2026-11")
    fields = [
        *("issue_name", "done", "states", "name", "role_line", "time", "stored"),
        *("published", "seal", "seal_number"),
    ]

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return whether the user may see issues."""
        return sees_issues(request.user)

    def visible_rows(self, request: DeskRequest, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Return all entries: a user who may see one issue may see all."""
        return rows.select_related("issue")

    def title_of(self, row: IssueLogEntry) -> str:
        """Return the issue and the action."""
        return f"{self.issue_name(row)}：{self.done(row)}"

    def links_of(self, request: DeskRequest, row: IssueLogEntry) -> list[tuple[str, str]]:
        """Return the link to the board of the issue."""
        return [(_("Issue"), reverse("admin:issues_issue_change", args=[row.issue_id]))]

    @admin.display(description=gettext_lazy("issue"))
    def issue_name(self, entry: IssueLogEntry) -> str:
        """Show date and number of the issue."""
        number_of = _("No. %(number)d") % {"number": entry.issue.number}
        return f"{entry.issue.date.isoformat()} {number_of}"

    @admin.display(description=gettext_lazy("action"))
    def done(self, entry: IssueLogEntry) -> str:
        """Show the label of the action."""
        return str(ACTIONS.get(entry.action, entry.action))

    @admin.display(description=gettext_lazy("state"))
    def states(self, entry: IssueLogEntry) -> str:
        """Show the states before and after."""
        known = dict(Issue.State.choices)
        ends = [str(known.get(name, name)) for name in (entry.from_state, entry.to_state)]
        return " → ".join(dict.fromkeys(ends))

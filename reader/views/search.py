"""Search over published stories, and suggestions for a search field."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from taggit.models import Tag

from bylines.models import Contributor
from bylines.names import name_key
from paper.models import Town
from press.merged_contributors import public_contributors
from press.models import Edition
from press.tags import by_pinyin, public_tags
from search.terms import MAX_CHARS
from textkit.characters import clean_line
from textkit.numbers import MAX_ID, parse_number
from textkit.tag_names import tag_key

from ..base_context import merged_of, public, render_page, surroundings
from ..search_form import SearchForm, query_of, terms_of
from ..search_results import find
from ..url_helpers import tag_address

#: Maximum number of suggestions of each kind.
SUGGESTED = 5
_LONGEST = 20
_FILTERS = ("section", "town", "since", "until", "issue", "contributor")


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Show the results, best and newest first, or help if nothing was entered."""
    around = surroundings(request)
    form = SearchForm(request.GET, sections=around["sections"])
    form.is_valid()
    asked, now, merged = form.cleaned_data, timezone.now(), merged_of(request)
    query = query_of(asked, now, merged) if not form.errors else None
    results, older = find(query, before=_cursor(request), at=now) if query else ([], 0)
    text = request.GET.get("q", "")
    wanted, without = terms_of(text)
    number = asked.get("contributor") or 0
    writer = public_contributors().filter(pk=merged.get(number, number)).first()
    context: dict[str, Any] = {
        "title": _("Search"),
        "form": form,
        "q": text,
        "most_chars": MAX_CHARS if len(text) > MAX_CHARS else 0,
        "results": results,
        "older": older,
        "is_first": "before" not in request.GET,
        "is_asked": bool(wanted),
        "only_without": bool(without) and not wanted,
        "has_filters": any(asked.get(name) for name in _FILTERS),
        "all_of_them": _list_of(asked, writer),
        "writer": writer,
        "chosen": {k: v for k, v in request.GET.items() if k in form.fields and v},
        "suggestions": [] if results else _suggestions(text),
    }
    return render_page(request, "reader/search.html", context)


def _list_of(asked: dict[str, Any], writer: Contributor | None) -> str:
    """Return the URL of the full list that the filters describe, or "" if there is none."""
    named = {name: asked[name].slug for name in ("section", "town") if asked.get(name)}
    named |= {name: str(asked[name]) for name in ("since", "until") if asked.get(name)}
    if asked.get("issue"):
        edition = Edition.objects.visible().filter(number=asked["issue"]).first()
        # The list of an issue cannot be filtered further.
        return edition.get_absolute_url() if edition and not (named or writer) else ""
    path = writer.get_absolute_url() if writer else reverse("reader:archive")
    if not named:
        return path if writer else ""
    return f"{path}?{urlencode(named)}"


def _cursor(request: HttpRequest) -> int:
    return parse_number(request.GET.get("before", ""), 0, most=MAX_ID)


@require_safe
def suggest(request: HttpRequest) -> HttpResponse:
    """Return contributors, towns and tags whose names contain the typed text, as JSON."""
    found = _suggestions(request.GET.get("q", ""))
    return public(JsonResponse({"suggestions": found}, json_dumps_params={"ensure_ascii": False}))


def _suggestions(text: str) -> list[dict[str, str]]:
    """Return the suggestions that readers can open: those with a visible story, and all towns."""
    text = clean_line(text)
    if not text or len(text) > _LONGEST:
        return []
    kinds: list[tuple[str, QuerySet[Any]]] = [
        (_("Writer"), public_contributors()),
        (_("Town"), Town.objects.order_by("sort_key", "pk")),
        (_("Tag"), by_pinyin(public_tags())),
    ]
    return [
        {"kind": kind, "name": row.name, "url": _address(row)}
        for kind, rows in kinds
        for row in rows.filter(_holds(rows, text))[:SUGGESTED]
    ]


def _holds(rows: QuerySet[Any], text: str) -> Q:
    """Return the condition that a name contains `text`; tags and people in any spelling."""
    if rows.model is Tag:
        return Q(key__key__contains=tag_key(text))
    if rows.model is Contributor:
        return Q(name_key__contains=name_key(text))
    return Q(name__icontains=text)


def _address(row: Any) -> str:
    return tag_address(row.name) if isinstance(row, Tag) else row.get_absolute_url()

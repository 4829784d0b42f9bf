"""Search over what is in print, and what a search field suggests while one types."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from taggit.models import Tag

from bylines.models import Contributor
from paper.models import Town
from press.models import Edition, StoryContributor, StoryTag

from ..addresses import tag_address
from ..searching import SearchForm, find, query_of, terms_of
from ..shell import public, render_page, surroundings

#: So many of each kind are suggested.
SUGGESTED = 5
_LONGEST = 20
_FILTERS = ("section", "town", "since", "until", "issue", "contributor")


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """What is found, the best and newest first; what to type where nothing was asked."""
    form = SearchForm(request.GET, sections=surroundings(request)["sections"])
    form.is_valid()
    asked, now = form.cleaned_data, timezone.now()
    query = query_of(asked, now) if not form.errors else None
    results, older = find(query, before=_cursor(request), at=now) if query else ([], 0)
    text = request.GET.get("q", "")
    wanted, without = terms_of(text)
    writer = _who_signs().filter(pk=asked.get("contributor") or 0).first()
    context: dict[str, Any] = {
        "title": _("Search"),
        "form": form,
        "q": text,
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
    """Return the address of the list of all stories that the filters leave; "" where none is."""
    named = {name: asked[name].slug for name in ("section", "town") if asked.get(name)}
    named |= {name: str(asked[name]) for name in ("since", "until") if asked.get(name)}
    if asked.get("issue"):
        edition = Edition.objects.visible().filter(number=asked["issue"]).first()
        # An issue has no list that could be narrowed.
        return edition.get_absolute_url() if edition and not (named or writer) else ""
    path = writer.get_absolute_url() if writer else reverse("reader:archive")
    if not named:
        return path if writer else ""
    return f"{path}?{urlencode(named)}"


def _cursor(request: HttpRequest) -> int:
    text = request.GET.get("before", "")
    return min(int(text), 2**63 - 1) if text.isascii() and text.isdigit() and len(text) < 20 else 0


@require_safe
def suggest(request: HttpRequest) -> HttpResponse:
    """Contributors, towns and tags in whose names the typed text stands, as JSON."""
    found = _suggestions(request.GET.get("q", ""))
    return public(JsonResponse({"suggestions": found}, json_dumps_params={"ensure_ascii": False}))


def _suggestions(text: str) -> list[dict[str, str]]:
    """Return those that readers can open: with a story that is out; towns always."""
    text = text.strip()
    if not text or len(text) > _LONGEST:
        return []
    tagged = StoryTag.objects.visible().filter(tag=OuterRef("pk"))
    kinds: list[tuple[str, QuerySet[Any]]] = [
        (_("Writer"), _who_signs()),
        (_("Town"), Town.objects.all()),
        (_("Tag"), Tag.objects.filter(Exists(tagged))),
    ]
    return [
        {"kind": kind, "name": row.name, "url": _address(row)}
        for kind, rows in kinds
        for row in rows.filter(name__icontains=text).order_by("name", "pk")[:SUGGESTED]
    ]


def _who_signs() -> QuerySet[Contributor]:
    """Return who signs a story that is out: the others are nobody's business."""
    signed = StoryContributor.objects.visible().filter(contributor=OuterRef("pk"))
    return Contributor.objects.public().filter(Exists(signed))


def _address(row: Any) -> str:
    return tag_address(row.name) if isinstance(row, Tag) else row.get_absolute_url()

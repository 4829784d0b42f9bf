"""View that merges a conflict copy with the newest revision."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.admin import site
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bylines.models import Contributor
from bylines.services import display_name
from paper.base_admin import DeskRequest
from paper.models import Section, Town
from photos.models import Photo
from textkit.body import Body
from textkit.merge import MergeKind, bounded, changes
from textkit.numbers import parse_number

from .. import services
from ..content import Content, from_json
from ..content_merge import MergePart, open_conflicts, parts, resolve
from ..exceptions import Refusal, StaleSave
from ..models import Article, Genre, Revision
from ..services import permissions
from ..services.revisions import base_of, head_revision
from .rendering import get_visible_article, refuse


@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: DeskRequest, pk: int, number: int) -> HttpResponse:
    """Show base, mine and theirs part by part; save the chosen parts as a new revision."""
    at = timezone.now()
    article = get_visible_article(request, pk, at)
    side = get_object_or_404(article.revisions.filter(is_side=True), number=number)
    try:
        permissions.require_edit(article, request.user, at)
    except Refusal as refusal:
        return refuse(request, refusal, is_saved=True)
    head = head_revision(article)
    assert head is not None, "an article is created with its first revision"
    base = base_of(side)
    found = parts(
        from_json(base.content) if base else Content(),
        from_json(side.content),
        from_json(head.content),
    )
    if request.method != "POST":
        return _show(request, article, side, head, base, found)
    choices = {part.key: request.POST.get(part.key, "") for part in found}
    if open_conflicts(found, choices):
        messages.error(request, _("Please make a choice in each marked place."))
        return _show(request, article, side, head, base, found, status=400)
    return _save(request, article, resolve(found, choices), at)


def _save(
    request: DeskRequest, article: Article, content: Content, at: dt.datetime
) -> HttpResponse:
    base = parse_number(request.POST.get("version", ""), 0)
    try:
        revision = services.save_article(
            article, content, user=request.user, at=at, base_version=base
        )
    except StaleSave as stale:
        messages.error(request, str(stale))
        return redirect("admin:articles_article_merge", article.pk, stale.number)
    except Refusal as refusal:
        return refuse(request, refusal)
    messages.success(request, _("Merged and saved as revision %(n)d.") % {"n": revision.number})
    return redirect("admin:articles_article_change", article.pk)


def _show(
    request: DeskRequest,
    article: Article,
    side: Revision,
    head: Revision,
    base: Revision | None,
    found: list[MergePart],
    *,
    status: int = 200,
) -> HttpResponse:
    is_mine = side.saved_by_id == request.user.pk
    is_my_window = head.saved_by_id == request.user.pk
    theirs = (
        _("Your other window") if is_my_window else display_name(head.saved_by) or _("the system")
    )
    context = {
        **site.each_context(request),
        "title": _("Merge two texts"),
        "article": article,
        "side": side,
        "head": head,
        "base": base,
        "mine_name": _("Your text") if is_mine else display_name(side.saved_by),
        "theirs_name": theirs,
        "rows": _rows(request, found, theirs),
        "open": sum(1 for part in found if part.kind is MergeKind.CONFLICT and not part.proposal),
    }
    return render(request, "articles/merge.html", context, status=status)


def _rows(request: DeskRequest, found: list[MergePart], name: str) -> list[dict[str, Any]]:
    """Return the parts for the template, with marked changes up to a limit."""
    rows = [_row(part, request.POST.get(part.key, ""), name) for part in found]
    sides = [(row, side) for row in rows for side in ("mine", "theirs", "merged")]
    for (row, side), pieces in zip(sides, bounded(row[side] for row, side in sides), strict=True):
        row[side] = pieces
    return rows


def _row(part: MergePart, chosen: str, name: str) -> dict[str, Any]:
    """Return a part for the template: each side compared with the base, and its options."""
    base, mine, theirs = (_shown(part.field, v) for v in (part.base, part.mine, part.theirs))
    labels = {
        "mine": _("Use mine"),
        "theirs": _("Use the version by %(name)s") % {"name": name},
        "both": _("Use both, mine first"),
        "merged": _("Use both changes"),
    }
    return {
        "part": part,
        "label": _labels().get(part.field, ""),
        "is_changed": part.kind not in {MergeKind.SAME, MergeKind.BOTH},
        "is_conflict": part.kind is MergeKind.CONFLICT and not part.proposal,
        "text": mine,
        "mine": changes(base, mine),
        "theirs": changes(base, theirs),
        "merged": changes(base, _shown(part.field, part.merged)) if part.merged else [],
        "options": [
            (name, labels[name], name == (chosen or part.proposal)) for name in part.options
        ],
    }


def _labels() -> dict[str, str]:
    return {
        "kicker": _("Kicker"),
        "headline": _("Headline"),
        "subhead": _("Subhead"),
        "dateline": _("Dateline"),
        "unit": _("Unit"),
        "kind": _("Kind"),
        "section": _("Section"),
        "genre": _("Genre"),
        "bylines": _("Byline"),
        "photos": _("Photos"),
        "towns": _("Towns"),
        "tags": _("Tags"),
    }


def _shown(field: str, value: Any) -> str:
    """Return the value of a part as plain text for the comparison."""
    shown: dict[str, Callable[[Any], str]] = {
        "body": lambda blocks: Body("\n".join(blocks)).text,
        "section": lambda pk: _names(Section, [pk] if pk else []),
        "genre": lambda pk: _names(Genre, [pk] if pk else []),
        "towns": lambda pks: _names(Town, pks),
        "tags": "、".join,
        "bylines": _bylines,
        "photos": _photos,
    }
    return shown.get(field, str)(value)


def _names(model: type[Section] | type[Town] | type[Genre], pks: Any) -> str:
    found = model.objects.in_bulk(list(pks))
    return "、".join(found[pk].name for pk in pks if pk in found)


def _bylines(rows: Any) -> str:
    people = Contributor.objects.in_bulk([row.contributor for row in rows])
    return " ".join(
        f"{row.label or row.role} {people[row.contributor].name}"
        for row in rows
        if row.contributor in people
    )


def _photos(rows: Any) -> str:
    known = Photo.objects.in_bulk([row.photo for row in rows])
    return "\n".join(f"{row.caption} {row.credit}".strip() for row in rows if row.photo in known)

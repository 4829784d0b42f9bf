"""All towns on a tile map, each with its newest story."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from paper.models import Town
from press.models import Story, StoryTown

from ..base_context import render_page

#: Period that determines how active a town's tile looks.
RECENT = dt.timedelta(days=30)


@require_safe
def towns(request: HttpRequest) -> HttpResponse:
    """Show every town at its place in the county, with its newest story and recent activity."""
    rows = list(_towns())
    newest = Story.objects.visible().for_links().in_bulk([t.newest for t in rows if t.newest])
    most = max((town.recent for town in rows), default=0) or 1
    tiles = [
        {
            "town": town,
            "story": newest.get(town.newest),
            "recent": town.recent,
            "depth": -(-4 * town.recent // most),
        }
        for town in rows
    ]
    context: dict[str, Any] = {
        "title": _("Every town"),
        "tiles": tiles,
        "is_map": bool(rows) and all(t.map_column and t.map_row for t in rows),
    }
    return render_page(request, "reader/towns.html", context)


def _towns() -> QuerySet[Any]:
    """Return the towns with the id of their `newest` story and their number of `recent` ones."""
    filed = StoryTown.objects.visible().filter(town=OuterRef("pk"))
    late = filed.filter(release_at__gt=timezone.now() - RECENT).order_by().values("town")
    return Town.objects.filter(is_active=True).annotate(
        newest=Subquery(filed.newest().values("story_id")[:1]),
        recent=Coalesce(Subquery(late.annotate(n=Count("pk")).values("n")), 0),
    )

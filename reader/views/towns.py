"""All towns on a map of tiles, each with its newest story."""

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

from ..shell import render_page

#: How many days count for how lively a town's tile looks.
RECENT = dt.timedelta(days=30)


@require_safe
def towns(request: HttpRequest) -> HttpResponse:
    """Every town where it lies in the county, with its newest story and how much came of late."""
    rows = list(_towns())
    newest = Story.objects.visible().for_titles().in_bulk([t.newest for t in rows if t.newest])
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
    return Town.objects.annotate(
        newest=Subquery(filed.newest().values("story_id")[:1]),
        recent=Coalesce(Subquery(late.annotate(n=Count("pk")).values("n")), 0),
    )

"""Views by which editors arrange the homepage; the rules are in `press`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.admin import site
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from articles.exceptions import Conflict, Forbidden, Invalid, Refusal
from articles.views.rendering import refuse
from paper.base_admin import DeskRequest
from paper.querysets import sections_in_use
from press import homepage as rules
from press import search_index, services
from press.models import HomepagePick, HomepageVersion, Story
from search.terms import MAX_CHARS, read
from search.timeline import TimelineQuery
from textkit.numbers import parse_number

#: Maximum number of stories that a search offers.
FOUND = 12
_Place = HomepagePick.Place


@dataclass(frozen=True, slots=True)
class HomepageChoice:
    """Chosen story; `is_seen` says whether readers can still see it."""

    pick: HomepagePick
    is_seen: bool


@require_safe
def homepage(request: DeskRequest) -> HttpResponse:
    """Show the arrangement of the homepage; `?q=` searches for stories to add."""
    if not services.may_arrange_homepage(request.user):
        return refuse(request, Forbidden(_("Your role cannot arrange the homepage.")))
    return _render(request, request.GET.get("q", ""))


@require_POST
def handle_action(request: DeskRequest, action: str) -> HttpResponse:
    """Run one action on the homepage; report a conflict with another user's change."""
    if action not in ACTIONS:
        raise Http404
    do, part = ACTIONS[action]
    q = request.POST.get("q", "")
    who = {
        "user": request.user,
        "at": timezone.now(),
        "version": parse_number(request.POST.get("version", ""), -1),
    }
    try:
        done = do(request, who)
    except (Conflict, Invalid) as refusal:
        return _render(request, q, refusal)
    except Refusal as refusal:
        return refuse(request, refusal)
    messages.success(request, done)
    query = f"?{urlencode({'q': q})}" if q else ""
    return redirect(f"{reverse('admin:homepage')}{query}{part}")


def _render(request: DeskRequest, q: str, refusal: Refusal | None = None) -> HttpResponse:
    q = q[:MAX_CHARS]
    at = timezone.now()
    context = {
        **site.each_context(request),
        "title": _("Public homepage"),
        **_context(at),
        "q": q,
        "found": find(q, at),
        "refusal": refusal,
    }
    status = refusal.status if refusal else 200
    return render(request, "desk/homepage.html", context, status=status)


def _context(at: dt.datetime) -> dict[str, Any]:
    """Return the context: chosen and automatic stories of the homepage at `at`."""
    edition = rules.edition_at(at)
    chosen = rules.arrangement(sections_in_use(), edition)
    newest = list(Story.objects.visible(at).for_lists().newest()[: rules.NEWEST])
    stories = rules.with_picked(newest, chosen.picked)
    top = rules.top_of(stories, edition, chosen)
    rows = HomepagePick.objects.counting(edition).order_by("order").defer("story__body")
    seen = {story.pk for story in stories}
    picks = [
        HomepageChoice(row, row.story_id in seen)
        for row in rows.select_related("story__section", "story__page__edition")
    ]
    automatic = [story for story in top.headlines if story.pk not in chosen.picked]
    return {
        "edition": edition,
        "page": HomepageVersion.objects.first() or HomepageVersion(),
        "lead": next((row for row in picks if row.pick.place == _Place.LEAD), None),
        "headlines": [row for row in picks if row.pick.place == _Place.HEADLINES],
        "usual_lead": top.lead if top.lead and top.lead.pk not in chosen.picked else None,
        "usual": automatic,
        "picked": chosen.picked,
        "most": rules.MOST_HEADLINES,
        "blocks": chosen.blocks,
        "most_in_block": rules.MOST_IN_BLOCK,
    }


def find(q: str, at: dt.datetime) -> list[Story]:
    """Return the published stories that a search finds, matches in headlines first."""
    shown = Story.objects.visible(at).for_lists()
    return search_index.find(TimelineQuery(read(q)), shown, at=at, size=FOUND)[0]


def _number(request: DeskRequest, name: str) -> int:
    return parse_number(request.POST.get(name, ""), 0)


def _pick(request: DeskRequest, who: dict[str, Any]) -> str:
    place = _Place.LEAD if request.POST.get("place") == _Place.LEAD else _Place.HEADLINES
    story = services.pick_story(_number(request, "story"), place=place, **who)
    message = (
        _("Now the lead: %(title)s")
        if place == _Place.LEAD
        else _("Added to the headlines: %(title)s")
    )
    return message % {"title": story.title}


def _move(request: DeskRequest, who: dict[str, Any]) -> str:
    services.move_pick(_number(request, "story"), position=_number(request, "position"), **who)
    return _("Saved.")


def _drop(request: DeskRequest, who: dict[str, Any]) -> str:
    story = services.drop_pick(_number(request, "story"), **who)
    return _("Taken off the homepage: %(title)s") % {"title": story.title}


def _stays(request: DeskRequest, who: dict[str, Any]) -> str:
    stays = request.POST.get("on") == "1"
    story = services.set_stays(_number(request, "story"), stays, **who)
    message = _("Pinned until it is taken off: %(title)s")
    if not stays:
        message = _("Taken off with the next issue: %(title)s")
    return message % {"title": story.title}


def _move_block(request: DeskRequest, who: dict[str, Any]) -> str:
    services.move_block(request.POST.get("block", ""), position=_number(request, "position"), **who)
    return _("Saved.")


def _show_block(request: DeskRequest, who: dict[str, Any]) -> str:
    services.show_block(request.POST.get("block", ""), request.POST.get("on") == "1", **who)
    return _("Saved.")


def _count(request: DeskRequest, who: dict[str, Any]) -> str:
    services.set_count(request.POST.get("block", ""), _number(request, "count"), **who)
    return _("Saved.")


#: Actions by name: the function, and the URL fragment of its result.
ACTIONS: dict[str, tuple[Callable[[DeskRequest, dict[str, Any]], str], str]] = {
    "pick": (_pick, ""),
    "move": (_move, ""),
    "drop": (_drop, ""),
    "stays": (_stays, ""),
    "move-block": (_move_block, "#blocks"),
    "show-block": (_show_block, "#blocks"),
    "count": (_count, "#blocks"),
}

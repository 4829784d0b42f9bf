"""The readers' front page as editors arrange it. Thin: the rules are in `press`."""

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
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from articles.errors import Conflict, Forbidden, Invalid, Refusal
from articles.screen import refuse
from paper.admin_base import DeskRequest
from paper.querysets import sections_in_use
from press import front as rules
from press import indexing, services
from press.models import FrontPage, FrontPick, Story
from search.terms import MAX_CHARS, read
from search.timeline import Query

from .queue import number

#: So many stories a search offers.
FOUND = 12
_Place = FrontPick.Place


@dataclass(frozen=True, slots=True)
class Chosen:
    """A chosen story on the screen; `is_seen`: whether readers see it still."""

    pick: FrontPick
    is_seen: bool


@require_safe
def front(request: DeskRequest) -> HttpResponse:
    """Show how the front page is arranged; `?q=` looks for a story to put there."""
    if not services.may_arrange_front(request.user):
        return refuse(request, Forbidden(_("Your role does not arrange the front page.")))
    return _screen(request, request.GET.get("q", ""))


@require_POST
def act(request: DeskRequest, action: str) -> HttpResponse:
    """Do one thing to the front page; where another was first the screen says so."""
    if action not in ACTIONS:
        raise Http404
    do, part = ACTIONS[action]
    q = request.POST.get("q", "")
    who = {
        "user": request.user,
        "at": timezone.now(),
        "version": number(request.POST.get("version", ""), -1),
    }
    try:
        done = do(request, who)
    except (Conflict, Invalid) as refusal:
        return _screen(request, q, refusal)
    except Refusal as refusal:
        return refuse(request, refusal)
    messages.success(request, done)
    query = f"?{urlencode({'q': q})}" if q else ""
    return redirect(f"{reverse('admin:front')}{query}{part}")


def _screen(request: DeskRequest, q: str, refusal: Refusal | None = None) -> HttpResponse:
    q = q[:MAX_CHARS]
    at = timezone.now()
    context = {
        **site.each_context(request),
        "title": _("Readers' front page"),
        **_context(at),
        "q": q,
        "found": find(q, at),
        "refusal": refusal,
    }
    status = refusal.status if refusal else 200
    return render(request, "desk/front.html", context, status=status)


def _context(at: dt.datetime) -> dict[str, Any]:
    """Return what stands on the front page at `at`, chosen and by itself."""
    edition = rules.edition_at(at)
    chosen = rules.arrangement(sections_in_use(), edition)
    newest = list(Story.objects.visible(at).for_lists().newest()[: rules.NEWEST])
    stories = rules.with_picked(newest, chosen.picked)
    top = rules.top_of(stories, edition, chosen)
    rows = FrontPick.objects.counting(edition).order_by("order").defer("story__body")
    seen = {story.pk for story in stories}
    picks = [
        Chosen(row, row.story_id in seen)
        for row in rows.select_related("story__section", "story__page__edition")
    ]
    by_itself = [story for story in top.headlines if story.pk not in chosen.picked]
    return {
        "edition": edition,
        "page": FrontPage.objects.first() or FrontPage(),
        "lead": next((row for row in picks if row.pick.place == _Place.LEAD), None),
        "headlines": [row for row in picks if row.pick.place == _Place.HEADLINES],
        "usual_lead": top.lead if top.lead and top.lead.pk not in chosen.picked else None,
        "usual": by_itself,
        "picked": chosen.picked,
        "most": rules.MOST_HEADLINES,
        "blocks": chosen.blocks,
        "most_in_block": rules.MOST_IN_BLOCK,
    }


def find(q: str, at: dt.datetime) -> list[Story]:
    """Return the stories in print that a search finds, those by their headline first."""
    shown = Story.objects.visible(at).for_lists()
    return indexing.find(Query(read(q)), shown, at=at, size=FOUND)[0]


def _number(request: DeskRequest, name: str) -> int:
    return number(request.POST.get(name, ""))


def _pick(request: DeskRequest, who: dict[str, Any]) -> str:
    place = _Place.LEAD if request.POST.get("place") == _Place.LEAD else _Place.HEADLINES
    story = services.pick_story(_number(request, "story"), place=place, **who)
    words = _("Now the lead: %(title)s") if place == _Place.LEAD else _("A headline: %(title)s")
    return words % {"title": story.title}


def _move(request: DeskRequest, who: dict[str, Any]) -> str:
    services.move_pick(_number(request, "story"), position=_number(request, "position"), **who)
    return _("Saved.")


def _drop(request: DeskRequest, who: dict[str, Any]) -> str:
    story = services.drop_pick(_number(request, "story"), **who)
    return _("Taken off the front page: %(title)s") % {"title": story.title}


def _stays(request: DeskRequest, who: dict[str, Any]) -> str:
    stays = request.POST.get("on") == "1"
    story = services.set_stays(_number(request, "story"), stays, **who)
    words = _("It stays until it is taken off: %(title)s")
    if not stays:
        words = _("It ends with the next issue: %(title)s")
    return words % {"title": story.title}


def _move_block(request: DeskRequest, who: dict[str, Any]) -> str:
    services.move_block(request.POST.get("block", ""), position=_number(request, "position"), **who)
    return _("Saved.")


def _show_block(request: DeskRequest, who: dict[str, Any]) -> str:
    services.show_block(request.POST.get("block", ""), request.POST.get("on") == "1", **who)
    return _("Saved.")


def _count(request: DeskRequest, who: dict[str, Any]) -> str:
    services.set_count(request.POST.get("block", ""), _number(request, "count"), **who)
    return _("Saved.")


#: What can be done, and where on the screen it shows.
ACTIONS: dict[str, tuple[Callable[[DeskRequest, dict[str, Any]], str], str]] = {
    "pick": (_pick, ""),
    "move": (_move, ""),
    "drop": (_drop, ""),
    "stays": (_stays, ""),
    "move-block": (_move_block, "#blocks"),
    "show-block": (_show_block, "#blocks"),
    "count": (_count, "#blocks"),
}


def urls(wrap: Callable[..., Any]) -> list[URLPattern]:
    """Return the addresses of the front page at the desk, behind the login by `wrap`."""
    return [
        path("press/front/", wrap(front), name="front"),
        path("press/front/<slug:action>/", wrap(act), name="front_act"),
    ]

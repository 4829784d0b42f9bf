"""The queue of the readings as a screen: look, take and leave in the row."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.admin import site
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from articles.errors import Forbidden, Refusal
from articles.moves import make
from articles.screen import find, refuse
from articles.services.happened import did_already
from articles.states import READING_NAMES, READINGS
from articles.workflow import READERS as BY_READING
from articles.workflow import Actor, actor_of
from issues import queue
from issues.services import may_on_issues
from paper.admin_base import DeskRequest

from .counts import READERS

PER_PAGE = 30
LISTS = {
    "waiting": gettext_lazy("Waiting for me"),
    "mine": gettext_lazy("Taken by me"),
    "others": gettext_lazy("With colleagues"),
    "signed": gettext_lazy("For another reader"),
}
_MOVES = frozenset({"take", "leave"})
#: A number of the database or a page has fewer digits.
MAX_DIGITS = 9


def number(raw: str, default: int = 0) -> int:
    """Return the number that somebody sent, `default` where it is none that we could mean."""
    return int(raw) if raw.isascii() and raw.isdigit() and len(raw) <= MAX_DIGITS else default


def back_to(request: DeskRequest) -> str:
    """Return the list at the desk that the form came from; the queue where it names none."""
    raw = request.POST.get("back", "")
    is_ours = url_has_allowed_host_and_scheme(raw, allowed_hosts=None)
    return raw if is_ours and raw.startswith(reverse("admin:index")) else reverse("admin:queue")


@require_safe
def queue_page(request: DeskRequest) -> HttpResponse:
    """Show what waits for the person, page by page."""
    actor = actor_of(request.user)
    if not actor.roles & READERS:
        return refuse(request, Forbidden(_("Your role makes no reading.")))
    at = timezone.now()
    which = request.GET.get("list", "")
    which = which if which in LISTS else "waiting"
    articles = queue.queue(actor, at, which)
    reading = request.GET.get("reading", "")
    if reading in READINGS:
        articles = articles.filter(state=reading)
    page = max(1, number(request.GET.get("page", ""), 1))
    start = (page - 1) * PER_PAGE
    # One more than is shown tells whether there is a next page: nothing is counted.
    shell = site.each_context(request)
    rows = queue.rows_of(articles[start : start + PER_PAGE + 1], actor, at)
    context = {
        **shell,
        **_choices(actor, which, reading),
        "title": _("Waiting for me"),
        "rows": rows[:PER_PAGE],
        "previous": _address(which, reading, page - 1) if page > 1 else "",
        "next": _address(which, reading, page + 1) if len(rows) > PER_PAGE else "",
        "here": _address(which, reading, page),
        "may_place": may_on_issues("place", request.user),
        "at": at,
    }
    return render(request, "desk/queue.html", context)


def _choices(actor: Actor, which: str, reading: str) -> dict[str, Any]:
    """Return the chips above the list: whose, and which reading where there are several."""
    mine = [state for state in READINGS if BY_READING[state] & actor.roles]
    readings = [
        (READING_NAMES[state], _address(which, state.value), reading == state.value)
        for state in mine
    ]
    return {
        "lists": [(label, _address(name, reading), name == which) for name, label in LISTS.items()],
        "readings": readings if len(readings) > 1 else [],
        "all_readings": (_address(which, ""), reading not in READINGS),
        "which": which,
    }


def _address(which: str, reading: str, page: int = 1) -> str:
    """Return the address of a list; what goes without saying is left out."""
    asked = {
        "list": which if which in LISTS and which != "waiting" else "",
        "reading": reading if reading in READINGS else "",
        "page": str(page) if page > 1 else "",
    }
    query = urlencode({name: value for name, value in asked.items() if value})
    return reverse("admin:queue") + (f"?{query}" if query else "")


@require_POST
def move(request: DeskRequest, pk: int, name: str) -> HttpResponse:
    """Take an article in its row, or leave it; then show the same part of the queue."""
    if name not in _MOVES:
        raise Http404
    at = timezone.now()
    article = find(request, pk, at)
    version = number(request.POST.get("version", ""), article.version)
    try:
        make(name, article, user=request.user, at=at, version=version, values={})
    except Refusal as refusal:
        # A second click is told what the first one did.
        if did_already(pk, name, request.user, version) is None:
            return refuse(request, refusal)
    done = _("Taken: %(title)s") if name == "take" else _("Left: %(title)s")
    messages.success(request, done % {"title": article.title})
    back = back_to(request)
    return redirect(f"{back}#row-{pk}")

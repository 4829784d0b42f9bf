"""The list of articles at the desk: search, filters in the address, and the filters one keeps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.admin import site
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from paper.admin_base import DeskRequest
from paper.querysets import sections_in_use

from . import finding
from .errors import Hidden, Invalid
from .list_forms import DAYS_OF, LISTS, ListForm, address, form_of, pairs
from .models import SavedFilter
from .screen import refuse
from .services import filters
from .states import State
from .workflow import READERS, WRITERS, Actor, Role, actor_of

Pairs = list[tuple[str, str]]
#: Alone this is the queue, which has a page of its own, the most pressing first.
_QUEUE = ("list", "waiting")


@dataclass(frozen=True, slots=True)
class Chip:
    """One choice of the list: its words, the address that makes or undoes it, and if it is made."""

    label: str
    url: str
    is_on: bool = False


@require_http_methods(["GET", "HEAD", "POST"])
def article_list(request: DeskRequest) -> HttpResponse:
    """Show the articles that the person looks for; keep and change his filters."""
    if request.method == "POST":
        return _change_filters(request)
    chosen = pairs(request.GET)
    if any("" in request.GET.getlist(name) for name in ListForm.base_fields):
        # An address to keep and to send: without the fields that were left empty.
        return redirect(request.path + address(chosen))
    if chosen == [_QUEUE] and _is_reader(actor_of(request.user)):
        return redirect("admin:queue")
    return _show(request, chosen)


def _show(
    request: DeskRequest, chosen: Pairs, *, problems: list[str] | None = None
) -> HttpResponse:
    """Return the list for the pairs of its address; `problems` are those of a kept filter."""
    at, actor = timezone.now(), actor_of(request.user)
    form = form_of(chosen)
    before = request.GET.get("before", "")
    found = finding.search(actor, at, form.cleaned_data, before) if form.is_valid() else None
    here = address(chosen)
    context = {
        **site.each_context(request),
        "title": _("Articles"),
        "form": form,
        "found": found,
        "at": at,
        "here": here,
        "first_url": here,
        "older_url": address([*chosen, ("before", found.older)]) if found and found.older else "",
        "is_first": not before,
        "can_write": bool(actor.roles & WRITERS),
        # Who reads for others places too, so all of the bar is theirs.
        "may_bulk": _is_reader(actor),
        "lists": _lists(chosen, actor),
        "states": [_toggle(chosen, "state", s.value, str(s.label)) for s in State],
        "sections": [_toggle(chosen, "section", s.slug, s.name) for s in sections_in_use()],
        "chosen": _chosen(chosen, form),
        "hidden": [pair for pair in chosen if pair[0] in {"list", "state", "section"}],
        "saved": list(SavedFilter.objects.filter(user=request.user)),
        "problems": problems or [],
        "typed_name": request.POST.get("name", ""),
        "more_is_open": any(name in _MORE for name, _value in chosen),
    }
    return render(request, "articles/list.html", context, status=400 if problems else 200)


#: The filters behind “More filters”.
_MORE = frozenset({"town", "writer", "issue", "by", "since", "until"})


def _lists(chosen: Pairs, actor: Actor) -> list[Chip]:
    """Return the lists that the person has: a correspondent's is one, only readers have a queue."""
    if actor.roles <= {Role.CORRESPONDENT}:
        return []
    others = [pair for pair in chosen if pair[0] != "list"]
    now = dict(chosen).get("list", "")
    found = []
    for value, label in LISTS:
        pairs_ = [("list", value), *others] if value else others
        url = reverse("admin:queue") if pairs_ == [_QUEUE] else address(pairs_)
        if _is_reader(actor) or value in {"", "own"}:
            found.append(Chip(str(label), url, value == now))
    return found


def _is_reader(actor: Actor) -> bool:
    return any(actor.roles & able for able in READERS.values())


def _toggle(chosen: Pairs, name: str, value: str, label: str) -> Chip:
    pair = (name, value)
    is_on = pair in chosen
    others = [one for one in chosen if one != pair]
    return Chip(label, address(others if is_on else [*others, pair]), is_on)


def _chosen(chosen: Pairs, form: ListForm) -> list[Chip]:
    """Return what is chosen behind “More filters”, each with the address without it."""
    town = form.cleaned_data.get("town")
    days = {value: str(label) for value, label in DAYS_OF}
    found = []
    for pair in chosen:
        name, value = pair
        if name in _MORE:
            shown = days.get(value, value) if name == "by" else value
            shown = town.name if town and name == "town" else shown
            label = _("%(name)s: %(value)s") % {"name": form.fields[name].label, "value": shown}
            found.append(Chip(label, address([one for one in chosen if one != pair]), True))
    return found


def _change_filters(request: DeskRequest) -> HttpResponse:
    """Keep, rename, move or forget a filter, and show the list again."""
    chosen = pairs(request.GET)
    try:
        done = _call(request, address(chosen))
    except Invalid as invalid:
        return _show(request, chosen, problems=invalid.problems)
    except Hidden as hidden:
        return refuse(request, hidden)
    if done:
        messages.success(request, done)
    return redirect(request.path + address(chosen))


def _call(request: DeskRequest, query: str) -> str:
    """Do what the button says; return what to tell, if anything."""
    user, name = request.user, request.POST.get("name", "")
    verb, _colon, key = request.POST.get("do", "").partition(":")
    pk = int(key) if key.isascii() and key.isdigit() and len(key) < 19 else 0
    if verb == "keep":
        kept = filters.save_filter(name, query, user=user)
        return _("The filter “%(name)s” is kept.") % {"name": kept.name}
    calls: dict[str, Callable[[], Any]] = {
        "rename": lambda: filters.rename_filter(pk, name, user=user),
        "forget": lambda: filters.delete_filter(pk, user=user),
        "up": lambda: filters.move_filter(pk, -1, user=user),
        "down": lambda: filters.move_filter(pk, 1, user=user),
    }
    if verb not in calls:
        raise Invalid([_("Choose what to do with the filter.")])
    calls[verb]()
    return _("The filter is deleted.") if verb == "forget" else ""

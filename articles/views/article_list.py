"""View of the article list: search, filters in the query string, and saved filters."""

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

from paper.base_admin import DeskRequest
from paper.permissions import Capability
from paper.querysets import sections_in_use
from textkit.numbers import MAX_ID, parse_number

from ..exceptions import Hidden, Invalid
from ..forms.list_filters import DAYS_OF, LISTS, ListForm, address, form_of, pairs
from ..models import SavedFilter
from ..selectors import article_list as article_search
from ..services import saved_filters
from ..workflow.states import State
from ..workflow.transitions import Actor, actor_of
from .rendering import refuse

Pairs = list[tuple[str, str]]
#: This filter alone is the review queue, which has a separate screen, sorted by urgency.
_QUEUE = ("list", "waiting")


@dataclass(frozen=True, slots=True)
class Chip:
    """One choice of the list: its label, the URL that toggles it, and whether it is selected."""

    label: str
    url: str
    is_on: bool = False


@require_http_methods(["GET", "HEAD", "POST"])
def article_list(request: DeskRequest) -> HttpResponse:
    """Show the articles that match the filters; change the user's saved filters."""
    if request.method == "POST":
        return _change_filters(request)
    chosen = pairs(request.GET)
    if any("" in request.GET.getlist(name) for name in ListForm.base_fields):
        # Redirect to a short URL for bookmarks and links, without empty fields.
        return redirect(request.path + address(chosen))
    if chosen == [_QUEUE] and _is_reviewer(actor_of(request.user)):
        return redirect("admin:queue")
    return _show(request, chosen)


def _show(
    request: DeskRequest, chosen: Pairs, *, problems: list[str] | None = None
) -> HttpResponse:
    """Return the list for its query string; `problems` are those of a saved filter."""
    at, actor = timezone.now(), actor_of(request.user)
    form = form_of(chosen)
    before = request.GET.get("before", "")
    found = article_search.search(actor, at, form.cleaned_data, before) if form.is_valid() else None
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
        "can_write": actor.may(Capability.WRITE_ARTICLES),
        # Reviewers have all bulk actions.
        "may_bulk": _is_reviewer(actor),
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
_MORE = frozenset({"town", "genre", "writer", "issue", "by", "since", "until"})


def _lists(chosen: Pairs, actor: Actor) -> list[Chip]:
    """Return the lists of the user: correspondents have one, and only reviewers have a queue."""
    if not actor.may(Capability.LIST_ALL_ARTICLES):
        return []
    others = [pair for pair in chosen if pair[0] != "list"]
    now = dict(chosen).get("list", "")
    found = []
    for value, label in LISTS:
        pairs_ = [("list", value), *others] if value else others
        url = reverse("admin:queue") if pairs_ == [_QUEUE] else address(pairs_)
        if _is_reviewer(actor) or value in {"", "own"}:
            found.append(Chip(str(label), url, value == now))
    return found


def _is_reviewer(actor: Actor) -> bool:
    return actor.may(Capability.REVIEW)


def _toggle(chosen: Pairs, name: str, value: str, label: str) -> Chip:
    pair = (name, value)
    is_on = pair in chosen
    others = [one for one in chosen if one != pair]
    return Chip(label, address(others if is_on else [*others, pair]), is_on)


def _chosen(chosen: Pairs, form: ListForm) -> list[Chip]:
    """Return the choices behind “More filters”, each with the URL that removes it."""
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
    """Save, rename, move or delete a filter, and show the list again."""
    chosen = pairs(request.GET)
    try:
        done = _run_filter_action(request, address(chosen))
    except Invalid as invalid:
        return _show(request, chosen, problems=invalid.problems)
    except Hidden as hidden:
        return refuse(request, hidden)
    if done:
        messages.success(request, done)
    return redirect(request.path + address(chosen))


def _run_filter_action(request: DeskRequest, query: str) -> str:
    """Do what the button says; return a success message, or ""."""
    user, name = request.user, request.POST.get("name", "")
    verb, _colon, key = request.POST.get("do", "").partition(":")
    pk = parse_number(key, 0, most=MAX_ID)
    if verb == "keep":
        saved = saved_filters.save_filter(name, query, user=user)
        return _("The filter “%(name)s” is saved.") % {"name": saved.name}
    calls: dict[str, Callable[[], Any]] = {
        "rename": lambda: saved_filters.rename_filter(pk, name, user=user),
        "forget": lambda: saved_filters.delete_filter(pk, user=user),
        "up": lambda: saved_filters.move_filter(pk, -1, user=user),
        "down": lambda: saved_filters.move_filter(pk, 1, user=user),
    }
    if verb not in calls:
        raise Invalid([_("Choose what to do with the filter.")])
    calls[verb]()
    return _("The filter has been deleted.") if verb == "forget" else ""

"""The navigation of the desk, by the work, with what waits in each place."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from articles.models import Article
from articles.states import State
from articles.workflow import WRITERS, Role, actor_of

STAFF = frozenset({Role.REPORTER, Role.EDITOR, Role.HEAD, Role.CHIEF})
PLANNERS = frozenset({Role.EDITOR, Role.HEAD, Role.CHIEF, Role.ADMINISTRATOR})
READERS = frozenset({Role.EDITOR, Role.HEAD, Role.CHIEF})
_ADMIN = frozenset({Role.ADMINISTRATOR})


@dataclass(slots=True)
class Item:
    """One place: its name, address and icon, and how many things wait there."""

    label: str | Promise
    url: str
    icon: str
    count: int = 0
    is_here: bool = False


@dataclass(slots=True)
class Group:
    """Places that belong to one kind of work."""

    label: str | Promise
    items: list[Item] = field(default_factory=list)


def has_reader() -> bool:
    """Return whether this process serves the public pages too."""
    return bool(settings.HAS_READER)


def groups(request: HttpRequest) -> list[Group]:
    """Return the navigation of the person who asks; two queries count what waits."""
    actor = actor_of(request.user)
    at = timezone.now()
    articles = reverse("admin:articles_article_changelist")
    found = [Group(_("My work"), [Item(_("Start"), reverse("admin:index"), "home")])]
    if actor.roles & WRITERS:
        drafts = Article.objects.own(actor).filter(state=State.DRAFT).count()
        found[0].items += [
            Item(_("Write"), reverse("admin:articles_article_add"), "write"),
            Item(_("My articles"), f"{articles}?list=own", "mine", drafts),
        ]
    reading = Group(_("Reading desk"))
    if actor.roles & READERS:
        waiting = Article.objects.waiting_for(actor, at).count()
        reading.items.append(
            Item(_("Waiting for me"), f"{articles}?list=waiting", "waiting", waiting)
        )
    if actor.roles & (STAFF | _ADMIN):
        reading.items.append(Item(_("All articles"), articles, "all"))
    if actor.roles & STAFF:
        reading.items.append(Item(_("Read a page"), reverse("admin:paste"), "paste"))
    found += [reading, _pages(actor.roles), _people(actor.roles), _settings(actor.roles)]
    _mark(found, request.get_full_path(), request.path)
    return [group for group in found if group.items]


def _pages(roles: frozenset[Role]) -> Group:
    group = Group(_("Pages"))
    if roles & PLANNERS:
        group.items.append(Item(_("Issues"), reverse("admin:issues_issue_changelist"), "issue"))
    return group


def _people(roles: frozenset[Role]) -> Group:
    group = Group(_("Contributors"))
    if roles & (STAFF | _ADMIN):
        url = reverse("admin:bylines_contributor_changelist")
        group.items.append(Item(_("Contributors"), url, "people"))
    return group


def _settings(roles: frozenset[Role]) -> Group:
    group = Group(_("Settings"))
    if roles & _ADMIN:
        places = [
            (_("The paper"), "paper_paper", "paper"),
            (_("Sections"), "paper_section", "section"),
            (_("Towns"), "paper_town", "town"),
            (_("House words"), "proofing_houseword", "words"),
            (_("Logins"), "auth_user", "users"),
        ]
        group.items += [
            Item(label, reverse(f"admin:{name}_changelist"), icon) for label, name, icon in places
        ]
    return group


def _mark(found: list[Group], full: str, bare: str) -> None:
    """Mark the place where the person is: the list with its query, else the longest way there."""
    items = [item for group in found for item in group.items]
    query = set(full.partition("?")[2].split("&"))
    lists = [item for item in items if _is_list(item.url, bare, query)]
    leading = [item for item in items if "?" not in item.url and bare.startswith(item.url)]
    for item in lists[:1] or sorted(leading, key=lambda item: -len(item.url))[:1]:
        item.is_here = True


def _is_list(url: str, bare: str, query: set[str]) -> bool:
    """Return whether `url` is this address with a query that the person has not left."""
    path, _mark, wanted = url.partition("?")
    return bool(wanted) and path == bare and wanted in query

"""The navigation of the desk, by the work, with what waits in each place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from articles.phrases import KEEPERS as PHRASE_KEEPERS
from articles.workflow import WRITERS, Role, actor_of
from press.services.front import MAY as ARRANGERS

from .counts import READERS

STAFF = frozenset({Role.REPORTER, Role.EDITOR, Role.HEAD, Role.CHIEF})
PLANNERS = frozenset({Role.EDITOR, Role.HEAD, Role.CHIEF, Role.ADMINISTRATOR})
_ADMIN = frozenset({Role.ADMINISTRATOR})
#: The bar on a phone holds four of these, the first that the person has.
_BAR = ("home", "waiting", "write", "issue", "mine", "users", "people", "all")


@dataclass(slots=True)
class Item:
    """One place: its name, address and icon, and what waits there under the name `waits`."""

    label: str | Promise
    url: str
    icon: str
    waits: str = ""
    count: int = 0
    is_here: bool = False


@dataclass(slots=True)
class Group:
    """Places that belong to one kind of work."""

    label: str | Promise
    items: list[Item] = field(default_factory=list)


@dataclass(slots=True)
class Navigation:
    """All places in their groups, and the few that a phone's bar holds."""

    groups: list[Group]

    @property
    def items(self) -> list[Item]:
        """Return every place."""
        return [item for group in self.groups for item in group.items]

    @property
    def bar(self) -> list[Item]:
        """Return the places of the bar on a phone."""
        known = {item.icon: item for item in self.items}
        return [known[icon] for icon in _BAR if icon in known][:4]


def has_reader() -> bool:
    """Return whether this process serves the public pages too."""
    return bool(settings.HAS_READER)


def navigation(request: HttpRequest, counts: Mapping[str, int]) -> Navigation:
    """Return the places of the person who asks, with `counts` of what waits; no query."""
    roles = actor_of(request.user).roles
    makers = (_writing, _reading, _pages, _people, _settings)
    found = Navigation([group for group in (make(roles) for make in makers) if group.items])
    for item in found.items:
        item.count = counts.get(item.waits, 0)
    _mark(found.items, request.get_full_path(), request.path)
    return found


def _articles() -> str:
    return reverse("admin:articles_article_changelist")


def _writing(roles: frozenset[Role]) -> Group:
    group = Group(_("My work"), [Item(_("Start"), reverse("admin:index"), "home")])
    if roles & WRITERS:
        group.items += [
            Item(_("Write"), reverse("admin:articles_article_add"), "write"),
            Item(_("My articles"), f"{_articles()}?list=own", "mine", "mine"),
            Item(_("Photos"), reverse("admin:photos"), "photo"),
        ]
    return group


def _reading(roles: frozenset[Role]) -> Group:
    group = Group(_("Reading desk"))
    if roles & READERS:
        url = reverse("admin:queue")
        group.items.append(Item(_("Waiting for me"), url, "waiting", "waiting"))
    if roles & (STAFF | _ADMIN):
        group.items.append(Item(_("All articles"), _articles(), "all"))
    if roles & STAFF:
        group.items.append(Item(_("Read a page"), reverse("admin:paste"), "paste"))
    if roles & PHRASE_KEEPERS:
        url = reverse("admin:articles_reasonphrase_changelist")
        group.items.append(Item(_("Reusable reasons"), url, "phrase"))
    return group


def _pages(roles: frozenset[Role]) -> Group:
    group = Group(_("Pages"))
    if roles & PLANNERS:
        url = reverse("admin:issues_issue_changelist")
        group.items.append(Item(_("Issues"), url, "issue", "unplaced"))
        group.items.append(Item(_("Timetable"), reverse("admin:issues_timetable"), "clock"))
    if roles & ARRANGERS:
        group.items.append(Item(_("Readers' front page"), reverse("admin:front"), "front"))
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
            (_("Old addresses"), "paper_oldaddress", "way"),
            (_("House words"), "proofing_houseword", "words"),
            (_("Logins"), "auth_user", "users"),
        ]
        group.items += [
            Item(label, reverse(f"admin:{name}_changelist"), icon) for label, name, icon in places
        ]
    return group


def _mark(items: list[Item], full: str, bare: str) -> None:
    """Mark the place where the person is: the list with its query, else the longest way there."""
    query = set(full.partition("?")[2].split("&"))
    lists = [item for item in items if _is_list(item.url, bare, query)]
    leading = [item for item in items if "?" not in item.url and bare.startswith(item.url)]
    for item in lists[:1] or sorted(leading, key=lambda item: -len(item.url))[:1]:
        item.is_here = True


def _is_list(url: str, bare: str, query: set[str]) -> bool:
    """Return whether `url` is this address with a query that the person has not left."""
    path, _mark, wanted = url.partition("?")
    return bool(wanted) and path == bare and wanted in query

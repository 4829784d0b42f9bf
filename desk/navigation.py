"""Navigation of the desk, grouped by work, with counts of pending items."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from paper.permissions import Capability, Role, roles_allow, roles_of

#: Candidates for the bar on a phone, which shows the first four available ones.
_BAR = ("home", "waiting", "write", "issue", "mine", "users", "people", "all")


@dataclass(slots=True)
class Item:
    """Navigation item: label, URL and icon; `waits` is the key of its count."""

    label: str | Promise
    url: str
    icon: str
    waits: str = ""
    count: int = 0
    is_here: bool = False


@dataclass(slots=True)
class Group:
    """Navigation items for one kind of work."""

    label: str | Promise
    items: list[Item] = field(default_factory=list)


@dataclass(slots=True)
class Navigation:
    """All navigation items in their groups, and those of the bar on a phone."""

    groups: list[Group]

    @property
    def items(self) -> list[Item]:
        """Return all items."""
        return [item for group in self.groups for item in group.items]

    @property
    def bar(self) -> list[Item]:
        """Return the items of the bar on a phone."""
        known = {item.icon: item for item in self.items}
        return [known[icon] for icon in _BAR if icon in known][:4]


def has_public_site() -> bool:
    """Return whether this process also serves the public site."""
    return bool(settings.HAS_READER)


def navigation(request: HttpRequest, counts: Mapping[str, int]) -> Navigation:
    """Return the navigation for the user of `request` with `counts`; it makes no query."""
    roles = roles_of(request.user)
    makers = (_writing, _review, _pages, _people, _records, _settings)
    found = Navigation([group for group in (make(roles) for make in makers) if group.items])
    for item in found.items:
        item.count = counts.get(item.waits, 0)
    _mark_current(found.items, request.get_full_path(), request.path)
    return found


def _articles() -> str:
    return reverse("admin:articles_article_changelist")


def _writing(roles: frozenset[Role]) -> Group:
    group = Group(_("My work"), [Item(_("Dashboard"), reverse("admin:index"), "home")])
    if roles_allow(roles, Capability.WRITE_ARTICLES):
        group.items += [
            Item(_("Write"), reverse("admin:articles_article_add"), "write"),
            Item(_("My articles"), f"{_articles()}?list=own", "mine", "mine"),
            Item(_("Photos"), reverse("admin:photos"), "photo"),
        ]
    return group


def _review(roles: frozenset[Role]) -> Group:
    group = Group(_("Review desk"))
    if roles_allow(roles, Capability.REVIEW):
        url = reverse("admin:queue")
        group.items.append(Item(_("Waiting for your review"), url, "waiting", "waiting"))
    if roles_allow(roles, Capability.LIST_ALL_ARTICLES):
        is_office = roles == {Role.OFFICE}
        label = _("Articles of our town or unit") if is_office else _("All articles")
        group.items.append(Item(label, _articles(), "all"))
    if roles_allow(roles, Capability.IMPORT_PAGES):
        group.items.append(Item(_("Import a page"), reverse("admin:paste"), "paste"))
    if roles_allow(roles, Capability.MANAGE_RETURN_REASONS):
        url = reverse("admin:articles_reasonphrase_changelist")
        group.items.append(Item(_("Reusable reasons"), url, "phrase"))
    return group


def _pages(roles: frozenset[Role]) -> Group:
    group = Group(_("Pages"))
    if roles_allow(roles, Capability.SEE_ISSUES):
        url = reverse("admin:issues_issue_changelist")
        group.items.append(Item(_("Issues"), url, "issue", "unplaced"))
        group.items.append(Item(_("Timetable"), reverse("admin:issues_timetable"), "clock"))
    if roles_allow(roles, Capability.ARRANGE_HOMEPAGE):
        group.items.append(Item(_("Public homepage"), reverse("admin:homepage"), "front"))
    return group


def _people(roles: frozenset[Role]) -> Group:
    group = Group(_("Contributors"))
    if roles_allow(roles, Capability.SEE_CONTRIBUTORS):
        url = reverse("admin:bylines_contributor_changelist")
        group.items.append(Item(_("Contributors"), url, "people"))
    return group


def _records(roles: frozenset[Role]) -> Group:
    group = Group(_("Records"))
    if roles_allow(roles, Capability.SEARCH_RECORDS):
        places = [
            (_("Published stories"), "press_story", "press"),
            (_("Published issues"), "press_edition", "paper"),
            (_("Photo records"), "photos_photo", "photo"),
            (_("Revisions"), "articles_revision", "revision"),
            (_("Log of articles"), "articles_logentry", "log"),
            (_("Log of issues"), "issues_issuelogentry", "log"),
            (_("Tags"), "taggit_tag", "tag"),
        ]
        group.items += [
            Item(label, reverse(f"admin:{name}_changelist"), icon) for label, name, icon in places
        ]
    return group


def _settings(roles: frozenset[Role]) -> Group:
    group = Group(_("Settings"))
    if roles_allow(roles, Capability.MANAGE_GENRES):
        url = reverse("admin:articles_genre_changelist")
        group.items.append(Item(_("Genres"), url, "genre"))
    if roles_allow(roles, Capability.MANAGE_SETTINGS):
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


def _mark_current(items: list[Item], full: str, bare: str) -> None:
    """Mark the current item: a list with its query, else the item with the longest prefix."""
    query = set(full.partition("?")[2].split("&"))
    lists = [item for item in items if _is_list(item.url, bare, query)]
    leading = [item for item in items if "?" not in item.url and bare.startswith(item.url)]
    for item in lists[:1] or sorted(leading, key=lambda item: -len(item.url))[:1]:
        item.is_here = True


def _is_list(url: str, bare: str, query: set[str]) -> bool:
    """Return whether `url` is the current path with a query that is part of the current one."""
    path, _separator, wanted = url.partition("?")
    return bool(wanted) and path == bare and wanted in query

"""Set-up checklist for administrators: the state of reference data, and what is missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.auth.models import Group, User
from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from bylines.models import Contributor
from paper.models import Section
from paper.permissions import Role
from paper.querysets import get_paper, towns_in_use
from proofing.models import HouseWord


@dataclass(frozen=True, slots=True)
class SetupTile:
    """Tile of the checklist: label, URL, icon, and a summary."""

    label: str
    url: str
    icon: str
    summary: str


@dataclass(frozen=True, slots=True)
class SetupChecklist:
    """Tiles of the checklist, and (sentence, URL) of what is missing."""

    tiles: list[SetupTile]
    missing: list[tuple[str, str]]


def setup_checklist() -> SetupChecklist:
    """Return the set-up checklist, in a few queries."""
    paper = get_paper()
    sections = list(
        Section.objects.filter(is_active=True).annotate(
            n=Count("editors", filter=Q(editors__is_active=True))
        )
    )
    people = User.objects.filter(is_active=True).count()
    towns, words = towns_in_use().count(), HouseWord.objects.count()
    writers = Contributor.objects.unmerged().filter(is_active=True).count()
    rows = [
        (_("The paper"), "paper_paper", "paper", paper.name),
        (_("Logins"), "auth_user", "users", _("%(n)d in use") % {"n": people}),
        (_("Contributors"), "bylines_contributor", "people", _("%(n)d in use") % {"n": writers}),
        (_("Sections"), "paper_section", "section", _("%(n)d in use") % {"n": len(sections)}),
        (_("Towns"), "paper_town", "town", str(towns)),
        (_("House words"), "proofing_houseword", "words", str(words)),
    ]
    tiles = [SetupTile(label, _list(name), icon, text) for label, name, icon, text in rows]
    return SetupChecklist(tiles, _missing(paper.pk and bool(paper.cn_number), sections, towns))


def _list(name: str) -> str:
    return reverse(f"admin:{name}_changelist")


def _missing(has_number: object, sections: Sequence[Section], towns: int) -> list[tuple[str, str]]:
    """Return (sentence, URL) of each missing item that the paper needs."""
    found = []
    if not has_number:
        found.append(
            (_("The paper's CN number is not set. It appears in the footer."), "paper_paper")
        )
    if not sections:
        found.append((_("There is no section yet, so nothing can be submitted."), "paper_section"))
    bare = [section.name for section in sections if not getattr(section, "n", 0)]
    if bare:
        text = _("These sections have no editor: %(names)s.") % {"names": "、".join(bare)}
        found.append((text, "paper_section"))
    if not towns:
        found.append((_("There is no town yet."), "paper_town"))
    held = set(Group.objects.filter(user__is_active=True).values_list("name", flat=True))
    for role in (Role.CHIEF, Role.EDITOR):
        if role.value not in held:
            text = _("Nobody has this role: %(role)s.") % {"role": role.label}
            found.append((text, "auth_user"))
    return [(text, _list(name)) for text, name in found]

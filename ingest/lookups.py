"""What the names on a page mean at this paper: its sections, towns and people, read once."""

from __future__ import annotations

from django.utils.translation import gettext as _

from articles.errors import Invalid
from bylines.services import People
from paper.models import PHOTO_NEWS, Section, Town
from paper.querysets import sections_in_use, towns_in_order


class Lookups:
    """Sections, towns and people of the paper, each by its name."""

    def __init__(self) -> None:
        self.towns: dict[str, Town] = {town.name: town for town in towns_in_order()}
        self.people = People()
        self._sections: dict[str, Section] = {one.name: one for one in sections_in_use()}

    def section(self, label: str, kind: str, page_name: str) -> Section:
        """Return the section that a story's label names, else the page's, else the first one.

        Photo news goes to the section of that name where the paper has one. Raises Invalid for a
        paper without sections.
        """
        if not self._sections:
            raise Invalid([_("The paper has no section yet. Set one up first.")])
        named = label or (PHOTO_NEWS if kind == "photo" else "")
        first = next(iter(self._sections.values()))
        return self._sections.get(named) or self._sections.get(page_name) or first

"""Index of the paper's sections, towns and contributors by name, loaded once per import."""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from articles.exceptions import Invalid
from bylines.services import ContributorMatcher
from paper.models import PHOTO_NEWS, Section, Town
from paper.querysets import sections_in_use, towns_in_order


class NameIndex:
    """Sections, towns and contributors of the paper by name.

    `user` imports the page, None for the console; `answers` resolves doubtful names (see
    `bylines.services.ContributorMatcher`).
    """

    def __init__(self, user: User | None = None, answers: Mapping[str, str] | None = None) -> None:
        self.towns: dict[str, Town] = {town.name: town for town in towns_in_order()}
        self.people = ContributorMatcher(user=user, answers=answers)
        self._sections: dict[str, Section] = {one.name: one for one in sections_in_use()}

    def section(self, label: str, kind: str, page_name: str) -> Section:
        """Return the section that a story's label names, else the page's, else the first one.

        Photo news belongs to the section of that name, if the paper has one. Raises Invalid for a
        paper without sections.
        """
        if not self._sections:
            raise Invalid([_("The paper has no section yet. Set one up first.")])
        named = label or (PHOTO_NEWS if kind == "photo" else "")
        first = next(iter(self._sections.values()))
        return self._sections.get(named) or self._sections.get(page_name) or first

"""Public search: the form and the index query."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from paper.humanize import day_start
from paper.models import Section, Town
from paper.querysets import towns_in_order
from press import search_index
from press.merged_contributors import Merged, family
from press.models import Edition
from search.terms import Term, read_signed
from search.timeline import LATEST, TimelineQuery, key_at

from .filters import FIRST_YEAR

#: Minimum length of a search term; a single character occurs in every other story, but for the
#: rare ones of names.
LEAST = 2
_RARE = re.compile("[\u3400-\u4dbf\ue000-\uf8ff\U00020000-\U0003ffff]")
_DAY = forms.DateInput(attrs={"type": "date"})
#: Largest id; both databases accept it as a parameter.
_MOST = 2**31 - 1


class SearchForm(forms.Form):
    """The search form: terms and filters."""

    #: The first characters are searched for (`search.terms.MAX_CHARS`).
    q = forms.CharField(label=_("Search"), required=False)
    section = forms.TypedChoiceField(label=_("Section"), required=False, empty_value=None)
    town = forms.TypedChoiceField(label=_("Town"), required=False, empty_value=None)
    since = forms.DateField(label=_("From"), required=False, widget=_DAY)
    until = forms.DateField(label=_("To"), required=False, widget=_DAY)
    issue = forms.IntegerField(label=_("Issue no."), required=False, min_value=1, max_value=_MOST)
    contributor = forms.IntegerField(
        required=False, min_value=1, max_value=_MOST, widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, sections: list[Section], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offer("section", sections, _("All sections"), attrgetter("shown_name"))
        self._offer("town", list(towns_in_order()), _("All towns"), attrgetter("name"))

    def _offer(
        self, name: str, rows: Sequence[Section | Town], all_of: Any, name_of: Callable[..., str]
    ) -> None:
        known = {row.slug: row for row in rows}
        field: Any = self.fields[name]
        field.choices = [("", all_of), *((slug, name_of(row)) for slug, row in known.items())]
        field.coerce = known.__getitem__


def terms_of(text: str) -> tuple[list[Term], list[Term]]:
    """Return the wanted and the excluded terms, without those that are too short."""
    wanted, without = read_signed(text)
    return (
        [term for term in wanted if _is_enough(term.words)],
        [term for term in without if _is_enough(term.words)],
    )


def _is_enough(words: str) -> bool:
    return len(words) >= LEAST or bool(_RARE.match(words))


def query_of(chosen: dict[str, Any], now: dt.datetime, merged: Merged) -> TimelineQuery | None:
    """Return the index query of a valid form, or None if nothing can be found.

    `merged` maps merged contributors.
    """
    wanted, without = terms_of(chosen.get("q", ""))
    files: list[str | Sequence[str]] = []
    if chosen.get("section"):
        files.append(search_index.section_file(chosen["section"].pk))
    if chosen.get("town"):
        files.append(search_index.town_file(chosen["town"].pk))
    if chosen.get("contributor"):
        numbers = family(chosen["contributor"], merged)
        files.append([search_index.contributor_file(pk) for pk in numbers])
    if chosen.get("issue"):
        edition = Edition.objects.visible(now).filter(number=chosen["issue"]).first()
        if edition is None:
            return None
        files.append(search_index.edition_file(edition.pk))
    since, until = chosen.get("since"), chosen.get("until")
    begin, end = 0, LATEST
    if since and since.year >= FIRST_YEAR:
        begin = key_at(day_start(since))
    if until and FIRST_YEAR <= until.year < dt.MAXYEAR:
        end = key_at(day_start(until + dt.timedelta(days=1)))
    return TimelineQuery(wanted, without, files, begin, end)

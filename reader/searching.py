"""Readers' search: the form, what it asks the index, and the pieces of text that it shows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from django import forms
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from paper.models import Section, Town
from paper.querysets import towns_in_order
from paper.times import day_start
from press import indexing
from press.models import Edition, Story
from search.terms import MAX_CHARS, Term, read_signed
from search.timeline import LATEST, Query, key_at
from textkit import html
from textkit.cut import flat
from textkit.tokens import mark

from .filters import FIRST_YEAR

SIZE = 20
#: A search takes two characters at least: one stands in every other story.
LEAST = 2
_BEFORE, _AFTER = 30, 90
_DAY = forms.DateInput(attrs={"type": "date"})
#: No number of the paper is longer, and both databases can be asked for it.
_MOST = 2**31 - 1


class SearchForm(forms.Form):
    """What is looked for and where."""

    q = forms.CharField(label=_("Search"), required=False, max_length=MAX_CHARS)
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


@dataclass(frozen=True, slots=True)
class Result:
    """A story that was found, with headline and text as they show what was looked for."""

    story: Story
    title: SafeString
    snippet: SafeString


def terms_of(text: str) -> tuple[list[Term], list[Term]]:
    """Return the terms that are looked for and those that must not be there; too short ones not."""
    wanted, without = read_signed(text)
    return (
        [term for term in wanted if len(term.words) >= LEAST],
        [term for term in without if len(term.words) >= LEAST],
    )


def query_of(chosen: dict[str, Any], now: dt.datetime) -> Query | None:
    """Return what to ask the index for a valid form; None where nothing can be found."""
    wanted, without = terms_of(chosen.get("q", ""))
    files = []
    if chosen.get("section"):
        files.append(indexing.section_file(chosen["section"].pk))
    if chosen.get("town"):
        files.append(indexing.town_file(chosen["town"].pk))
    if chosen.get("contributor"):
        files.append(indexing.contributor_file(chosen["contributor"]))
    if chosen.get("issue"):
        edition = Edition.objects.visible(now).filter(number=chosen["issue"]).first()
        if edition is None:
            return None
        files.append(indexing.edition_file(edition.pk))
    since, until = chosen.get("since"), chosen.get("until")
    begin, end = 0, LATEST
    if since and since.year >= FIRST_YEAR:
        begin = key_at(day_start(since))
    if until and FIRST_YEAR <= until.year < dt.MAXYEAR:
        end = key_at(day_start(until + dt.timedelta(days=1)))
    return Query(wanted, without, files, begin, end)


def find(query: Query, *, before: int, at: dt.datetime) -> tuple[list[Result], int]:
    """Return a page of results, and where the next one begins, or 0."""
    shown = Story.objects.visible(at).select_related("section", "page__edition")
    stories, older = indexing.find(query, shown, at=at, size=SIZE, before=before)
    words = [term.words for term in query.terms]
    return [Result(s, _marked(s.title, words), snippet(s, words)) for s in stories], older


def snippet(story: Story, words: list[str]) -> SafeString:
    """Return the piece of the text where the words stand first, marked; else its beginning."""
    text = flat(html.to_text(story.body))
    folded = text.casefold()
    places = [at for at in (folded.find(word) for word in words) if at >= 0]
    start = max(0, min(places, default=0) - _BEFORE)
    piece = text[start : start + _BEFORE + _AFTER]
    before, after = "…" if start else "", "…" if start + len(piece) < len(text) else ""
    return _marked(before + piece + after, words)


def _marked(text: str, words: list[str]) -> SafeString:
    pieces = mark(text, words)
    tags = {True: ("<mark>", "</mark>"), False: ("", "")}
    return format_html_join(
        "",
        "{}{}{}",
        ((SafeString(tags[hit][0]), piece, SafeString(tags[hit][1])) for piece, hit in pieces),
    )

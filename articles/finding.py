"""Finding articles at the desk: which ones, a page at a time, and what was found in each."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db.models import F, Q, Value
from django.db.models.functions import Greatest, Lower, StrIndex, Substr

from paper.times import day_start
from press.models import Story
from search.terms import Term
from textkit import html
from textkit.tokens import mark

from .models import Article, Byline
from .querysets import ArticleQuerySet
from .services.indexing import DESK
from .states import State
from .workflow import Actor

PAGE_SIZE = 30
#: Beyond this a list says "more than": nobody counts further, neither does the database.
COUNT_CAP = 1000
#: The key, out of reach of the planners, for the same reason as in `search.index.Holds`.
_KEY = F("pk") + 0
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MICROSECOND = dt.timedelta(microseconds=1)
_CURSOR = re.compile(r"([hbn])([0-9]{1,18})-([0-9]{1,18})", re.ASCII)

#: Of a body so much HTML is read around a hit, and so much text is shown of it.
_BEFORE, _LENGTH = 120, 420
_SHOWN_BEFORE, _SHOWN_AFTER = 22, 70
_CUT_START = re.compile(r"^(?:[^<>]*>|[a-z#0-9]{1,6};)")
_CUT_END = re.compile(r"(?:<[^>]*|&[a-z#0-9]{0,6})$")
Pieces = list[tuple[str, bool]]


@dataclass(frozen=True, slots=True)
class Row:
    """One article of a list; pieces are (text, whether it is what was looked for)."""

    article: Article
    state: State
    holder: User | None
    title: Pieces
    second: Pieces
    snippet: Pieces


@dataclass(frozen=True, slots=True)
class Found:
    """A page of the list: its rows, the next one's cursor, on the first page how many in all."""

    rows: list[Row]
    older: str
    total: int | None

    @property
    def is_capped(self) -> bool:
        """Return whether there are more than were counted."""
        return self.total is not None and self.total > COUNT_CAP


def search(actor: Actor, at: dt.datetime, wanted: Mapping[str, Any], before: str = "") -> Found:
    """Return the page of what `actor` sees at `at` and `wanted` (of `ListForm`) asks for.

    `before` is the cursor of the last page; one that cannot be read means the first page.
    """
    terms: Sequence[Term] = wanted["q"]
    rows = narrowed(Article.objects.listed_for(actor, at), actor, at, wanted)
    rows = rows.alias(key=_KEY)
    for term in terms:
        rows = rows.filter(_holds(term))
    streams = _streams(rows, terms, by_match=wanted["sort"] == "match")
    # The keys of the first page are counted on, up to the cap; the next pages read their own.
    keys = _keys(streams, before, PAGE_SIZE if before else max(COUNT_CAP, PAGE_SIZE))
    older = keys[PAGE_SIZE - 1] if len(keys) > PAGE_SIZE else ""
    pks = [int(key.rpartition("-")[2]) for key in keys[:PAGE_SIZE]]
    return Found(list(_rows(pks, terms, at)), older, None if before else len(keys))


def narrowed(
    rows: ArticleQuerySet, actor: Actor, at: dt.datetime, wanted: Mapping[str, Any]
) -> ArticleQuerySet:
    """Return `rows` without what the filters leave out."""
    if wanted["list"] == "own":
        rows = rows.own(actor)
    elif wanted["list"] == "waiting":
        rows = rows.waiting_for(actor, at)
    elif wanted["list"] == "taken":
        rows = rows.taken_by_reader(actor)
    if wanted["state"]:
        rows = rows.filter(in_states(wanted["state"], at))
    if wanted["section"]:
        rows = rows.filter(section__in=wanted["section"])
    if wanted["town"]:
        rows = rows.filter(pk__in=_from_towns(Q(town=wanted["town"])))
    if wanted["writer"]:
        rows = rows.filter(pk__in=_by_people(wanted["writer"]))
    if wanted["issue"]:
        rows = rows.filter(_of_issue(wanted["issue"]))
    return _of_days(rows, wanted)


def in_states(states: Sequence[str], at: dt.datetime) -> Q:
    """Return the condition for any of `states` at `at`, the derived ones too."""
    # Few stories are still to come out: those are named, and the many others need no look.
    unseen = Q(story__in=Story.objects.filter(release_at__gt=at).order_by().values("pk"))
    approved = Q(state=State.APPROVED)
    derived = {
        State.APPROVED: approved & Q(story__isnull=True),
        State.SCHEDULED: approved & unseen,
        State.PUBLISHED: approved & Q(story__isnull=False) & ~unseen,
    }
    found = Q(state__in=[state for state in states if state not in derived])
    for state in states:
        if state in derived:
            found |= derived[State(state)]
    return found


def _of_issue(issue: int | dt.date) -> Q:
    """Return the condition for what stands or stood in the issue of this number or date."""
    field = "date" if isinstance(issue, dt.date) else "number"
    placed = Article.objects.filter(**{f"placements__page__issue__{field}": issue})
    printed = Article.objects.filter(**{f"story__page__edition__{field}": issue})
    return Q(pk__in=placed.order_by().values("pk")) | Q(pk__in=printed.order_by().values("pk"))


def _of_days(rows: ArticleQuerySet, wanted: Mapping[str, Any]) -> ArticleQuerySet:
    """Return the rows changed, submitted or released from one day to another, both included."""
    limits = {}
    if wanted["since"]:
        limits["gte"] = day_start(wanted["since"])
    if wanted["until"]:
        limits["lt"] = day_start(wanted["until"] + dt.timedelta(days=1))
    if not limits:
        return rows
    if wanted["by"] == "released":
        stories = Story.objects.filter(**{f"release_at__{at}": day for at, day in limits.items()})
        return rows.filter(story__in=stories.order_by().values("pk"))
    field = "submitted_at" if wanted["by"] == "submitted" else "updated_at"
    return rows.filter(**{f"{field}__{at}": day for at, day in limits.items()})


def _holds(term: Term) -> Q:
    """Return the condition for a term: in the text, or in the name of a contributor or a town."""
    name = term.words.replace(" ", "")
    towns = Q(town__name__icontains=name) | Q(town__short_name__icontains=name)
    people = Q(key__in=_by_people(term.text)) | Q(key__in=_by_people(name))
    return Q(DESK.holds(term)) | people | Q(key__in=_from_towns(towns))


def _by_people(name: str) -> Any:
    rows = Byline.objects.filter(contributor__name__icontains=name)
    return rows.order_by().values("article")


def _from_towns(towns: Q) -> Any:
    return Article.towns.through.objects.filter(towns).order_by().values("article")


def _streams(
    rows: ArticleQuerySet, terms: Sequence[Term], *, by_match: bool
) -> list[tuple[str, ArticleQuerySet]]:
    """Return the rows in the parts that follow each other: with a hit in the heading first."""
    if not (by_match and terms):
        return [("n", rows)]
    in_head = Q()
    for term in terms:
        in_head &= Q(DESK.holds(term, in_head=True))
    return [("h", rows.filter(in_head)), ("b", rows.exclude(in_head))]


def _keys(streams: Sequence[tuple[str, ArticleQuerySet]], before: str, most: int) -> list[str]:
    """Return the cursors of `most` rows and of one more, after the cursor `before`."""
    start = _CURSOR.fullmatch(before)
    names = [name for name, _rows in streams]
    skip = names.index(start[1]) if start and start[1] in names else 0
    found: list[str] = []
    for name, rows in streams[skip:]:
        if start and name == start[1]:
            rows = _older(rows, int(start[2]), int(start[3]))
        ordered = rows.order_by("-updated_at", "-id").values_list("updated_at", "pk")
        found += [
            f"{name}{(at - _EPOCH) // _MICROSECOND}-{pk}"
            for at, pk in ordered[: most + 1 - len(found)]
        ]
        if len(found) > most:
            break
    return found


def _older(rows: ArticleQuerySet, micros: int, pk: int) -> ArticleQuerySet:
    try:
        at = _EPOCH + micros * _MICROSECOND
    except OverflowError:
        return rows
    # The first condition alone lets both databases walk the index from there.
    return rows.filter(updated_at__lte=at).exclude(updated_at=at, pk__gte=pk)


def _rows(pks: Sequence[int], terms: Sequence[Term], at: dt.datetime) -> Iterator[Row]:
    looked_for = terms[:2]
    windows = {f"window_{n}": _window(term) for n, term in enumerate(looked_for)}
    rows = Article.objects.filter(pk__in=pks).for_lists().annotate(**windows)
    found = {article.pk: article for article in rows}
    words = [term.words for term in terms]
    for article in (found[pk] for pk in pks if pk in found):
        texts = [getattr(article, name) for name in windows]
        yield Row(
            article,
            article.status(at),
            article.held_by(at),
            mark(article.title, words),
            mark(_second(article), words),
            snippet(texts, words),
        )


def _second(article: Article) -> str:
    """Return the line under the title: kicker, towns or unit, writers."""
    places = "、".join(town.name for town in article.towns.all()) or article.unit
    names = "、".join(dict.fromkeys(row.contributor.name for row in article.bylines.all()))
    return " · ".join(dict.fromkeys(filter(None, (article.kicker, places, names))))


def _window(term: Term) -> Substr:
    """Return the body around the first place of a term, so that no whole body is read."""
    has_case = any(character.isascii() and character.isalpha() for character in term.text)
    source = Lower("body") if has_case else "body"
    place = StrIndex(source, Value(term.text.lower() if has_case else term.text))
    return Substr("body", Greatest(place - _BEFORE, 1), _LENGTH)


def snippet(windows: Sequence[str], words: Sequence[str]) -> Pieces:
    """Return what to show of the HTML `windows` of a body: each hit with a little around it."""
    found: Pieces = []
    missing = list(words)
    for window in windows:
        text = " ".join(html.to_paragraphs(_CUT_END.sub("", _CUT_START.sub("", window))))
        hits = mark(text, missing)
        if not any(is_hit for _text, is_hit in hits):
            continue
        found += _around(hits)
        seen = "".join(f" {part}" for part, is_hit in hits if is_hit)
        missing = [word for word in missing if not mark(seen, [word])[1:]]
    return found


def _around(hits: Pieces) -> Pieces:
    """Return the pieces around the first hit, a few characters before and more after it."""
    first = next(n for n, (_text, is_hit) in enumerate(hits) if is_hit)
    before = "".join(text for text, _hit in hits[:first])
    start = before[-_SHOWN_BEFORE:]
    found: Pieces = [(("…" if len(before) > len(start) else "") + start, False)] if start else []
    left = _SHOWN_AFTER
    for text, is_hit in hits[first:]:
        shown = text if is_hit else text[:left]
        found.append((shown, is_hit))
        left -= len(shown)
        if left <= 0:
            return [*found, ("…", False)]
    return found

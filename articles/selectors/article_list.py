"""Search of the article list: filters, keyset pagination and highlighted matches."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db.models import F, Q, Value
from django.db.models.functions import Greatest, Lower, StrIndex, Substr

from paper.humanize import day_start
from press.models import Story
from search.terms import Term
from textkit.body import Body
from textkit.highlight import Pieces, excerpts, mark_headline, missing_in
from textkit.tokens import mark

from ..issue_plan import issue_plan
from ..models import Article, ArticleTown, Byline
from ..querysets import ArticleQuerySet
from ..services.search_index import DESK
from ..workflow.states import State
from ..workflow.transitions import Actor

PAGE_SIZE = 30
#: A list with more articles shows "more than"; the database does not count further.
COUNT_CAP = 1000
#: The key as an expression that query planners ignore; see `search.index.ContainsTerms`.
_KEY = F("pk") + 0
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MICROSECOND = dt.timedelta(microseconds=1)
_CURSOR = re.compile(r"([hbn])([0-9]{1,18})-([0-9]{1,18})", re.ASCII)

#: Length of the HTML that is read around a match, and of the text that is shown of it.
_BEFORE, _LENGTH = 120, 420
_SHOWN_BEFORE, _SHOWN_AFTER = 22, 70
_CUT_START = re.compile(r"^(?:[^<>]*>|[a-z#0-9]{1,6};)")
_CUT_END = re.compile(r"(?:<[^>]*|&[a-z#0-9]{0,6})$")
#: Length of the HTML that is read of a body whose match SQL does not find.
_LONGEST = 60_000


@dataclass(frozen=True, slots=True)
class ArticleRow:
    """One article of a list; pieces are (text, whether it matches)."""

    article: Article
    state: State
    holder: User | None
    title: Pieces
    second: Pieces
    snippet: Pieces


@dataclass(frozen=True, slots=True)
class ArticleSearchResult:
    """A page of the list: rows, cursor of the next page, and on the first page the total."""

    rows: list[ArticleRow]
    older: str
    total: int | None

    @property
    def is_capped(self) -> bool:
        """Return whether counting stopped at `COUNT_CAP`."""
        return self.total is not None and self.total > COUNT_CAP


def search(
    actor: Actor, at: dt.datetime, wanted: Mapping[str, Any], before: str = ""
) -> ArticleSearchResult:
    """Return a page of the articles that `actor` sees at `at`, filtered by `wanted`.

    `wanted` is the cleaned data of `ListForm`. `before` is the cursor of the last page; an invalid
    cursor means the first page.
    """
    terms: Sequence[Term] = wanted["q"]
    rows = narrowed(Article.objects.listed_for(actor, at), actor, at, wanted)
    rows = rows.alias(key=_KEY)
    for term in terms:
        rows = rows.filter(_holds(term))
    streams = _streams(rows, terms, by_match=wanted["sort"] == "match")
    # The first page reads keys up to the cap, to count them; later pages read only their own.
    keys = _keys(streams, before, PAGE_SIZE if before else max(COUNT_CAP, PAGE_SIZE))
    older = keys[PAGE_SIZE - 1] if len(keys) > PAGE_SIZE else ""
    pks = [int(key.rpartition("-")[2]) for key in keys[:PAGE_SIZE]]
    return ArticleSearchResult(list(_rows(pks, terms, at)), older, None if before else len(keys))


def narrowed(
    rows: ArticleQuerySet, actor: Actor, at: dt.datetime, wanted: Mapping[str, Any]
) -> ArticleQuerySet:
    """Return `rows` restricted by the filters."""
    if wanted["list"] == "own":
        rows = rows.own(actor)
    elif wanted["list"] == "waiting":
        rows = rows.waiting_for(actor, at)
    elif wanted["list"] == "taken":
        rows = rows.taken_by_reviewer(actor)
    if wanted["state"]:
        rows = rows.filter(in_states(wanted["state"], at))
    if wanted["section"]:
        rows = rows.filter(section__in=wanted["section"])
    if wanted["town"]:
        rows = rows.filter(pk__in=_from_towns(Q(town=wanted["town"])))
    if wanted["genre"]:
        rows = rows.filter(genre=wanted["genre"])
    if wanted["writer"]:
        rows = rows.filter(pk__in=_by_people(wanted["writer"]))
    if wanted["issue"]:
        rows = rows.filter(_of_issue(wanted["issue"]))
    return _of_days(rows, wanted)


def in_states(states: Sequence[str], at: dt.datetime) -> Q:
    """Return the condition for any of `states` at `at`, including the derived ones."""
    # Few stories are not released yet: list them, so that the many others need no lookup.
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
    """Return the condition for articles placed or printed in the issue of this number or date."""
    field = "date" if isinstance(issue, dt.date) else "number"
    printed = Article.objects.filter(**{f"story__page__edition__{field}": issue})
    return issue_plan().in_issue(issue) | Q(pk__in=printed.order_by().values("pk"))


def _of_days(rows: ArticleQuerySet, wanted: Mapping[str, Any]) -> ArticleQuerySet:
    """Return the rows changed, submitted or released between two days, both included."""
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
    bears = Q(contributor__name__icontains=name)
    rows = Byline.objects.filter(bears | Q(contributor__merged_into__name__icontains=name))
    return rows.order_by().values("article")


def _from_towns(towns: Q) -> Any:
    return ArticleTown.objects.filter(towns).order_by().values("article")


def _streams(
    rows: ArticleQuerySet, terms: Sequence[Term], *, by_match: bool
) -> list[tuple[str, ArticleQuerySet]]:
    """Return the rows in consecutive parts: first those with a match in the heading."""
    if not (by_match and terms):
        return [("n", rows)]
    in_head = Q()
    for term in terms:
        in_head &= Q(DESK.holds(term, in_head=True))
    return [("h", rows.filter(in_head)), ("b", rows.exclude(in_head))]


def _keys(streams: Sequence[tuple[str, ArticleQuerySet]], before: str, most: int) -> list[str]:
    """Return up to `most + 1` cursors after the cursor `before`."""
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
    # The first condition alone lets both databases scan the index from that position.
    return rows.filter(updated_at__lte=at).exclude(updated_at=at, pk__gte=pk)


def _rows(pks: Sequence[int], terms: Sequence[Term], at: dt.datetime) -> Iterator[ArticleRow]:
    windows = {f"window_{n}": _window(term) for n, term in enumerate(terms[:2])}
    rows = Article.objects.filter(pk__in=pks).for_lists().annotate(**windows)
    found = {article.pk: article for article in rows}
    words = [term.words for term in terms]
    snippets, hidden = {}, {}
    for pk, article in found.items():
        snippets[pk] = snippet([getattr(article, name) for name in windows], words)
        shown = [article.title, _second(article), *(text for text, _is_hit in snippets[pk])]
        if missing := missing_in("\n".join(shown), words):
            hidden[pk] = missing
    more = _further_snippets(hidden)
    for article in (found[pk] for pk in pks if pk in found):
        yield ArticleRow(
            article,
            article.status(at),
            article.held_by(at),
            mark_headline(article.title, words),
            mark(_second(article), words),
            snippets[article.pk] + more.get(article.pk, []),
        )


def _further_snippets(hidden: Mapping[int, Sequence[str]]) -> dict[int, Pieces]:
    """Return excerpts with words that a row does not show yet: `hidden` has them by article.

    SQL does not find a word that is written in another width, with a mark inside, or across the
    markup, and it looks at the body alone. Two queries, or none.
    """
    if not hidden:
        return {}
    start = Substr("body", 1, _LONGEST)
    rows = Article.objects.filter(pk__in=hidden).only("subhead", "dateline", "unit")
    # The stubs do not know that taggit's manager supports this.
    rows = rows.annotate(start=start).prefetch_related("tags")  # type: ignore[misc]
    return {row.pk: _excerpts(_texts_of(row), hidden[row.pk])[0] for row in rows}


def _texts_of(article: Any) -> Iterator[str]:
    """Yield the indexed texts of an article that its row does not show, the body first."""
    yield _plain_text(article.start)
    yield from (article.subhead, article.dateline, article.unit)
    yield from (tag.name for tag in article.tags.all())


def _second(article: Article) -> str:
    """Return the line under the title: kicker, towns or unit, writers."""
    places = "、".join(town.name for town in article.towns.all()) or article.unit
    names = "、".join(dict.fromkeys(row.contributor.name for row in article.bylines.all()))
    return " · ".join(dict.fromkeys(filter(None, (article.kicker, places, names))))


def _window(term: Term) -> Substr:
    """Return the part of the body around the first match of a term, to avoid reading all of it."""
    has_case = any(character.isascii() and character.isalpha() for character in term.text)
    source = Lower("body") if has_case else "body"
    place = StrIndex(source, Value(term.text.lower() if has_case else term.text))
    return Substr("body", Greatest(place - _BEFORE, 1), _LENGTH)


def snippet(windows: Sequence[str], words: Sequence[str]) -> Pieces:
    """Return the matches in the HTML `windows` of a body, each with some context."""
    return _excerpts(map(_plain_text, windows), words)[0]


def _plain_text(part: str) -> str:
    """Return the text of a part of an HTML body, which may begin and end within its markup."""
    return " ".join(Body(_CUT_END.sub("", _CUT_START.sub("", part))).paragraphs)


def _excerpts(texts: Iterable[str], words: Sequence[str]) -> tuple[Pieces, list[str]]:
    return excerpts(texts, words, before=_SHOWN_BEFORE, after=_SHOWN_AFTER)

"""Fill a database with many articles in the states of a desk after a year, for measuring.

`python tools/many.py 20000` adds them to the demo paper in the database of the settings. Rows are
written in bulk, past the services: their texts are invented, their signatures are worth nothing.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import itertools
import random
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PAGES = ROOT / "newsroom" / "demo" / "pages"
BATCH = 500
CONTRIBUTORS = 400
PER_ISSUE = 24
#: In a hundred articles: how many are in which state. The rest is in print.
SHARES = {
    "draft": 5,
    "first_reading": 2,
    "second_reading": 2,
    "final_reading": 1,
    "approved": 2,
    "scheduled": 2,
    "spiked": 3,
    "withdrawn": 1,
}
STATES = [state for state, share in SHARES.items() for _n in range(share)]
STATES += ["published"] * (100 - len(STATES))
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"
GIVEN = "文武明清山河春夏秋冬云海林森田园禾苗安宁和平家国兴旺德才学思远志"
#: Two characters that no text of the demo has: a term that few articles hold.
RARE = "鲟鳇"
_HOUR = dt.timedelta(hours=1)
#: Who signs which reading.
_READERS = {"first_reading": "editor", "second_reading": "head", "final_reading": "chief"}
_IN_PRINT = frozenset({"published", "scheduled", "withdrawn"})


@dataclasses.dataclass(slots=True)
class Made:
    """One article with its text and how far it is to come."""

    article: Any
    content: Any
    goal: str
    revision: Any = None


@dataclasses.dataclass(slots=True)
class House:
    """What all articles share."""

    now: dt.datetime
    rolls: random.Random
    sentences: list[str]
    sections: list[Any]
    towns: list[Any]
    people: list[Any]
    users: dict[str, Any]
    pages: list[Any]


def fill(number: int, now: dt.datetime) -> None:
    """Add `number` articles, the oldest first, with their record, to the demo paper."""
    from django.db import transaction

    house = _house(number, now)
    for start in range(0, number, BATCH):
        with transaction.atomic():
            _batch(house, range(start, min(start + BATCH, number)), number)


def _house(number: int, now: dt.datetime) -> House:
    from django.contrib.auth.models import User

    from bylines.models import Contributor
    from paper.models import Section, Town

    rolls = random.Random(20221018)
    towns = list(Town.objects.all())
    Contributor.objects.bulk_create(
        Contributor(
            name=rolls.choice(SURNAMES) + rolls.choice(GIVEN) + rolls.choice(GIVEN),
            town=rolls.choice(towns),
        )
        for _n in range(CONTRIBUTORS)
    )
    return House(
        now=now,
        rolls=rolls,
        sentences=_sentences(),
        sections=list(Section.objects.all()),
        towns=towns,
        people=list(Contributor.objects.order_by("pk")),
        users={user.username: user for user in User.objects.all()},
        pages=_issues(-(-number // PER_ISSUE), now),
    )


def _sentences() -> list[str]:
    """Return the sentences of the demo's pages."""
    text = "".join(path.read_text(encoding="utf-8") for path in sorted(PAGES.glob("*.txt")))
    parts = (part.strip() for line in text.split("\n") for part in line.split("。"))
    return sorted({part for part in parts if len(part) > 12})


def _issues(number: int, now: dt.datetime) -> list[Any]:
    """Make signed issues of four pages, one a day backwards from last week; return their pages."""
    from django.db.models import Max, Min

    from issues.models import Issue, Page

    first = (Issue.objects.aggregate(low=Min("date"))["low"] or now.date()) - dt.timedelta(days=1)
    base = Issue.objects.aggregate(high=Max("number"))["high"] or 0
    issues = []
    for back in range(number):
        release = now - dt.timedelta(days=back + 7)
        issues.append(
            Issue(
                number=base + number - back,
                date=first - dt.timedelta(days=back),
                cutoff_at=release - 8 * _HOUR,
                release_at=release,
                state="signed",
                is_archive=True,
            )
        )
    issues = Issue.objects.bulk_create(reversed(issues))
    names = ("要闻", "民生", "镇街", "文化")
    return Page.objects.bulk_create(
        Page(issue=issue, number=n, name=name)
        for issue in issues
        for n, name in enumerate(names, start=1)
    )


def _batch(house: House, numbers: range, of: int) -> None:
    """Write one batch: articles first, then everything that hangs on them."""
    from articles.models import Article

    made = [_article(house, number, of) for number in numbers]
    _print(house, made)
    Article.objects.bulk_create(one.article for one in made)
    _relate(made)
    _revisions(made)
    _record(house, made)
    _approve(made)
    _place(house, made, numbers)


def _article(house: House, number: int, of: int) -> Made:
    from articles.models import Article
    from textkit.count import count_chars

    rolls, goal = house.rolls, house.rolls.choice(STATES)
    age = dt.timedelta(minutes=30) * (of - number)
    changed = house.now - (age if goal in {"published", "withdrawn", "spiked"} else age / 200)
    content = _content(house, number)
    writers = ("correspondent", "correspondent2", "reporter", "reporter2", "editor")
    is_held = goal in _READERS and rolls.random() < 0.2
    article = Article(
        headline=content.headline,
        body=content.body,
        dateline=content.dateline,
        section_id=content.section,
        chars=count_chars(content.body),
        # The signed revision comes after the article: see _approve.
        state=goal if goal in {"spiked", *_READERS} else "draft",
        version=6,
        round=int(goal != "draft"),
        created_by=None if rolls.random() < 0.6 else house.users[rolls.choice(writers)],
        created_at=changed - 6 * _HOUR,
        updated_at=changed,
        submitted_at=None if goal == "draft" else changed - 5 * _HOUR,
        taken_by=house.users[_READERS[goal]] if is_held else None,
        taken_at=house.now if is_held else None,
    )
    return Made(article, content, goal)


def _content(house: House, number: int) -> Any:
    from articles.content import BylineRow, Content

    rolls = house.rolls
    writers = rolls.sample(house.people, rolls.choice((1, 1, 1, 2)))
    headline, body = _text(house, number)
    return Content(
        headline=headline,
        body=body,
        dateline="云溪讯",
        section=rolls.choice(house.sections).pk,
        towns=(rolls.choice(house.towns).pk,),
        bylines=tuple(BylineRow(person.pk, "通讯员") for person in writers),
    )


def _text(house: House, number: int) -> tuple[str, str]:
    """Return a headline of two lines and a body of 400 to 1,200 characters."""
    from textkit import html

    rolls, chosen = house.rolls, []
    while sum(map(len, chosen)) < rolls.randrange(400, 1200):
        chosen.append(rolls.choice(house.sentences))
    if number % 1000 == 7:
        chosen.append(f"保护站放流了{RARE}幼鱼{number}尾")
    first, second = rolls.choice(house.sentences)[:12], rolls.choice(house.sentences)[:14]
    paragraphs = ["。".join(chosen[i : i + 4]) + "。" for i in range(0, len(chosen), 4)]
    return f"{first}\n{second}", html.from_paragraphs(paragraphs)


def _relate(made: Sequence[Made]) -> None:
    from articles.models import Article, Byline
    from articles.services.indexing import DESK, document

    through = Article.towns.through
    through.objects.bulk_create(
        through(article=one.article, town_id=town) for one in made for town in one.content.towns
    )
    Byline.objects.bulk_create(
        Byline(article=one.article, contributor_id=row.contributor, role=row.role, order=order)
        for one in made
        for order, row in enumerate(one.content.bylines)
    )
    names = ("kicker", "headline", "subhead", "dateline", "unit", "body", "tags")
    DESK.put(
        document(one.article.pk, **{name: getattr(one.content, name) for name in names})
        for one in made
    )


def _revisions(made: Sequence[Made]) -> None:
    """Write two revisions of each article; the newer one is the one to sign."""
    from articles.models import Revision

    rows = []
    for one in made:
        older = dataclasses.replace(one.content, headline=f"{one.content.headline}（初稿）")
        for number, text in ((1, older), (2, one.content)):
            rows.append(
                Revision(
                    article=one.article,
                    number=number,
                    content=text.as_json(),
                    sha256=text.sha256,
                    base_version=number,
                    saved_by=one.article.created_by,
                    saved_at=one.article.created_at,
                )
            )
    for one, revision in zip(made, Revision.objects.bulk_create(rows)[1::2], strict=True):
        one.revision = revision


def _record(house: House, made: Sequence[Made]) -> None:
    """Write the log, the signatures and some comments."""
    from articles.models import Comment, LogEntry, Reading

    entries, readings, comments = [], [], []
    for one in made:
        for at, (move, source, target, user) in enumerate(_steps(house, one)):
            when = one.article.submitted_at + at * dt.timedelta(minutes=20)
            row = {"article": one.article, "at": when, "revision": one.revision}
            entries.append(LogEntry(move=move, from_state=source, to_state=target, by=user, **row))
            if move == "pass":
                sha = one.revision.sha256
                readings.append(Reading(round=1, reading=source, sha256=sha, reader=user, **row))
        if house.rolls.random() < 0.15:
            row = {"revision_number": 2, "paragraph": 0, "text": "请核实数字。"}
            user, when = house.users["head"], one.article.updated_at
            comments.append(Comment(article=one.article, by=user, at=when, **row))
    LogEntry.objects.bulk_create(entries)
    Reading.objects.bulk_create(readings)
    Comment.objects.bulk_create(comments)


def _steps(house: House, one: Made) -> Iterator[tuple[str, str, str, Any]]:
    """Give the moves that brought an article where it is."""
    if one.goal == "draft":
        return
    yield "submit", "draft", "first_reading", one.article.created_by
    if one.goal == "spiked":
        yield "spike", "first_reading", "spiked", house.users["editor"]
        return
    states = [*_READERS, "approved"]
    for source, target in itertools.pairwise(states):
        if source == one.goal:
            return
        yield "take", source, source, house.users[_READERS[source]]
        yield "pass", source, target, house.users[_READERS[source]]
    if one.goal in _IN_PRINT:
        yield "release", "approved", "approved", house.users["chief"]
    if one.goal == "withdrawn":
        yield "withdraw", "approved", "withdrawn", house.users["chief"]


def _print(house: House, made: Sequence[Made]) -> None:
    """Write the stories of what is in print, was, or will be."""
    from press.models import Story

    printed = [one for one in made if one.goal in _IN_PRINT]
    stories = [
        Story(
            headline=one.content.headline,
            body=one.content.body,
            dateline=one.content.dateline,
            section_id=one.content.section,
            chars=one.article.chars,
            revision=2,
            sha256=one.content.sha256,
            release_at=house.now + _HOUR if one.goal == "scheduled" else one.article.updated_at,
            withdrawn_at=house.now if one.goal == "withdrawn" else None,
            withdrawal_reason="待核实" if one.goal == "withdrawn" else "",
        )
        for one in printed
    ]
    for one, story in zip(printed, Story.objects.bulk_create(stories), strict=True):
        one.article.story = story


def _approve(made: Sequence[Made]) -> None:
    """Set the signed revision of what was signed, and its state."""
    from django.db.models import OuterRef, Subquery

    from articles.models import Article, Revision

    newest = Revision.objects.filter(article=OuterRef("pk"), number=2).values("pk")[:1]
    for state, goals in (("approved", _IN_PRINT | {"approved"}), ("withdrawn", {"withdrawn"})):
        chosen = [one.article.pk for one in made if one.goal in goals]
        rows = Article.objects.filter(pk__in=chosen)
        rows.update(state=state, approved_revision=Subquery(newest))


def _place(house: House, made: Sequence[Made], numbers: range) -> None:
    """Put what is printed on the pages of its issue."""
    from issues.models import Placement

    Placement.objects.bulk_create(
        Placement(
            page=house.pages[number * 4 // PER_ISSUE],
            article=one.article,
            position=number % 6 + 1,
            is_open=False,
            placed_at=one.article.updated_at,
        )
        for one, number in zip(made, numbers, strict=True)
        if one.goal in {"published", "withdrawn"}
    )


def main() -> None:
    """Fill the database of the settings."""
    import os

    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")
    import django

    django.setup()
    from django.utils import timezone

    fill(int(sys.argv[1]), timezone.now())


if __name__ == "__main__":
    main()

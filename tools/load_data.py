"""Fill a database with many articles in the states of a desk after a year, for benchmarks.

`python tools/load_data.py 20000` adds them to the demo paper in the configured database. Rows are
written in bulk, not through the services: texts are invented, and signatures are not valid.
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
#: States of a hundred articles; the others are published.
SHARES = {
    "draft": 5,
    "first_review": 2,
    "second_review": 2,
    "final_review": 1,
    "approved": 2,
    "scheduled": 2,
    "spiked": 3,
    "withdrawn": 1,
}
STATES = [state for state, share in SHARES.items() for _n in range(share)]
STATES += ["published"] * (100 - len(STATES))
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"
GIVEN = "文武明清山河春夏秋冬云海林森田园禾苗安宁和平家国兴旺德才学思远志"
#: Two characters that no demo text contains, as a term in few articles.
RARE = "鲟鳇"
_HOUR = dt.timedelta(hours=1)
#: Reviewer of each review.
_REVIEWERS = {"first_review": "editor", "second_review": "head", "final_review": "chief"}
_IN_PRINT = frozenset({"published", "scheduled", "withdrawn"})


@dataclasses.dataclass(slots=True)
class LoadedArticle:
    """Article with its text and the state that it shall reach."""

    article: Any
    content: Any
    goal: str
    revision: Any = None


@dataclasses.dataclass(slots=True)
class SharedData:
    """Data that all articles share."""

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

    shared = _shared(number, now)
    for start in range(0, number, BATCH):
        with transaction.atomic():
            _batch(shared, range(start, min(start + BATCH, number)), number)


def _shared(number: int, now: dt.datetime) -> SharedData:
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
    return SharedData(
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
    """Create signed issues of four pages, one per day back from last week; return the pages."""
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


def _batch(shared: SharedData, numbers: range, of: int) -> None:
    """Write one batch: articles first, then the rows that refer to them."""
    from articles.models import Article

    made = [_article(shared, number, of) for number in numbers]
    _print(shared, made)
    Article.objects.bulk_create(one.article for one in made)
    _relate(made)
    _revisions(made)
    _record(shared, made)
    _approve(made)
    _place(shared, made, numbers)


def _article(shared: SharedData, number: int, of: int) -> LoadedArticle:
    from articles.models import Article
    from textkit.char_count import count_chars

    rolls, goal = shared.rolls, shared.rolls.choice(STATES)
    age = dt.timedelta(minutes=30) * (of - number)
    changed = shared.now - (age if goal in {"published", "withdrawn", "spiked"} else age / 200)
    content = _content(shared, number)
    writers = ("correspondent", "correspondent2", "reporter", "reporter2", "editor")
    is_held = goal in _REVIEWERS and rolls.random() < 0.2
    article = Article(
        headline=content.headline,
        body=content.body,
        dateline=content.dateline,
        section_id=content.section,
        chars=count_chars(content.body),
        # The signed revision comes after the article: see _approve.
        state=goal if goal in {"spiked", *_REVIEWERS} else "draft",
        version=6,
        round=int(goal != "draft"),
        created_by=None if rolls.random() < 0.6 else shared.users[rolls.choice(writers)],
        created_at=changed - 6 * _HOUR,
        updated_at=changed,
        submitted_at=None if goal == "draft" else changed - 5 * _HOUR,
        taken_by=shared.users[_REVIEWERS[goal]] if is_held else None,
        taken_at=shared.now if is_held else None,
    )
    return LoadedArticle(article, content, goal)


def _content(shared: SharedData, number: int) -> Any:
    from articles.content import BylineRow, Content

    rolls = shared.rolls
    writers = rolls.sample(shared.people, rolls.choice((1, 1, 1, 2)))
    headline, body = _text(shared, number)
    return Content(
        headline=headline,
        body=body,
        dateline="云溪讯",
        section=rolls.choice(shared.sections).pk,
        towns=(rolls.choice(shared.towns).pk,),
        bylines=tuple(BylineRow(person.pk, "通讯员") for person in writers),
    )


def _text(shared: SharedData, number: int) -> tuple[str, str]:
    """Return a headline of two lines and a body of 400 to 1,200 characters."""
    from textkit.body import Body

    rolls, chosen = shared.rolls, []
    while sum(map(len, chosen)) < rolls.randrange(400, 1200):
        chosen.append(rolls.choice(shared.sentences))
    if number % 1000 == 7:
        chosen.append(f"保护站放流了{RARE}幼鱼{number}尾")
    first, second = rolls.choice(shared.sentences)[:12], rolls.choice(shared.sentences)[:14]
    paragraphs = ["。".join(chosen[i : i + 4]) + "。" for i in range(0, len(chosen), 4)]
    return f"{first}\n{second}", Body.from_paragraphs(paragraphs)


def _relate(made: Sequence[LoadedArticle]) -> None:
    from articles.models import Article, Byline
    from articles.services.search_index import DESK, document

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


def _revisions(made: Sequence[LoadedArticle]) -> None:
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


def _record(shared: SharedData, made: Sequence[LoadedArticle]) -> None:
    """Write the log, the signatures and some comments."""
    from articles.models import Comment, LogEntry, Review

    entries, reviews, comments = [], [], []
    for one in made:
        for at, (move, source, target, user) in enumerate(_steps(shared, one)):
            when = one.article.submitted_at + at * dt.timedelta(minutes=20)
            row = {"article": one.article, "at": when, "revision": one.revision}
            entries.append(
                LogEntry(transition=move, from_state=source, to_state=target, by=user, **row)
            )
            if move == "approve":
                sha = one.revision.sha256
                reviews.append(Review(round=1, review=source, sha256=sha, reviewer=user, **row))
        if shared.rolls.random() < 0.15:
            row = {"revision_number": 2, "paragraph": 0, "text": "请核实数字。"}
            user, when = shared.users["head"], one.article.updated_at
            comments.append(Comment(article=one.article, by=user, at=when, **row))
    LogEntry.objects.bulk_create(entries)
    Review.objects.bulk_create(reviews)
    Comment.objects.bulk_create(comments)


def _steps(shared: SharedData, one: LoadedArticle) -> Iterator[tuple[str, str, str, Any]]:
    """Yield the transitions that led an article to its state."""
    if one.goal == "draft":
        return
    yield "submit", "draft", "first_review", one.article.created_by
    if one.goal == "spiked":
        yield "spike", "first_review", "spiked", shared.users["editor"]
        return
    states = [*_REVIEWERS, "approved"]
    for source, target in itertools.pairwise(states):
        if source == one.goal:
            return
        yield "take", source, source, shared.users[_REVIEWERS[source]]
        yield "approve", source, target, shared.users[_REVIEWERS[source]]
    if one.goal in _IN_PRINT:
        yield "release", "approved", "approved", shared.users["chief"]
    if one.goal == "withdrawn":
        yield "withdraw", "approved", "withdrawn", shared.users["chief"]


def _print(shared: SharedData, made: Sequence[LoadedArticle]) -> None:
    """Write the stories of published, withdrawn and scheduled articles."""
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
            release_at=shared.now + _HOUR if one.goal == "scheduled" else one.article.updated_at,
            withdrawn_at=shared.now if one.goal == "withdrawn" else None,
            withdrawal_reason="待核实" if one.goal == "withdrawn" else "",
        )
        for one in printed
    ]
    for one, story in zip(printed, Story.objects.bulk_create(stories), strict=True):
        one.article.story = story


def _approve(made: Sequence[LoadedArticle]) -> None:
    """Set state and signed revision of approved articles."""
    from django.db.models import OuterRef, Subquery

    from articles.models import Article, Revision

    newest = Revision.objects.filter(article=OuterRef("pk"), number=2).values("pk")[:1]
    for state, goals in (("approved", _IN_PRINT | {"approved"}), ("withdrawn", {"withdrawn"})):
        chosen = [one.article.pk for one in made if one.goal in goals]
        rows = Article.objects.filter(pk__in=chosen)
        rows.update(state=state, approved_revision=Subquery(newest))


def _place(shared: SharedData, made: Sequence[LoadedArticle], numbers: range) -> None:
    """Place published articles on the pages of their issue."""
    from issues.models import Placement

    Placement.objects.bulk_create(
        Placement(
            page=shared.pages[number * 4 // PER_ISSUE],
            article=one.article,
            position=number % 6 + 1,
            is_open=False,
            placed_at=one.article.updated_at,
        )
        for one, number in zip(made, numbers, strict=True)
        if one.goal in {"published", "withdrawn"}
    )


def main() -> None:
    """Fill the configured database."""
    import os

    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")
    import django

    django.setup()
    from django.utils import timezone

    fill(int(sys.argv[1]), timezone.now())


if __name__ == "__main__":
    main()

"""Planned issue of the demo, with an article in every workflow state."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from django.contrib.auth.models import User

from articles import services
from articles.content import content_of
from articles.models import Article
from ingest.name_index import NameIndex
from ingest.services import ImportReport, content_of_story, read_page
from issues import services as issues
from issues.models import Page, Series
from textkit.body import Body

from . import people

_TEXT = Path(__file__).parent / "pages" / "planned.txt"
#: For each story of planned.txt: the user name of its author, and the state it reaches.
STORIES = [
    ("correspondent", "approved"),
    ("correspondent", "first_review"),
    ("correspondent2", "second_review"),
    ("correspondent2", "returned"),
    ("reporter", "final_review"),
    ("reporter", "approved"),
    ("reporter2", "approved"),
    ("reporter2", "taken"),
    ("correspondent", "draft"),
    ("correspondent2", "spiked"),
    ("correspondent", "scheduled"),
    ("reporter2", "withdrawn"),
    ("reporter", "correction"),
]
_REVIEWERS = {"first_review": "editor", "second_review": "head", "final_review": "chief"}
#: Change that a reviewer makes in the first story before approving it: (before, after).
_EDITS = {
    "editor": ("过去开一座闸要两个人摇半个钟头。", "过去开一座闸，两个人要摇上半个钟头。"),
    "head": ("是半夜下雨要蹚水过去。“现在", "是半夜下雨还得蹚水过去。“现在好了，"),
}
#: Of each page: its capacity in characters and photos, and its regular columns.
_ROOM = [
    (1200, 2, ("今日导读",)),
    (1000, 2, ("天气",)),
    (800, 1, ()),
    (1500, 1, ("诗词",)),
]
_HOUR = dt.timedelta(hours=1)


def build(users: Mapping[str, User], date: dt.date, now: dt.datetime) -> None:
    """Plan the issue of `date` and advance its articles to the states in STORIES."""
    series = _series(users["chief"], date)
    pages = [plan._replace(editor=users["editor"].pk) for plan in issues.pages_of(series)]
    issue = issues.plan_issue(date=date, user=users["chief"], series=series, pages=pages)
    parsed = read_page(_TEXT.read_text(encoding="utf-8"))
    numbers = {page.number: page for page in issue.pages.all()}
    for number, (story, (author, goal)) in enumerate(zip(parsed.stories, STORIES, strict=True)):
        content = content_of_story(story, "要闻", ImportReport(), NameIndex())
        content = replace(content, tags=_tags(content.headline + content.body))
        start = now - dt.timedelta(hours=30 - number)
        article = services.create_article(content, user=users[author], at=start)
        _advance(article, goal, users, start)
        if goal == "taken":
            # A taken review is free again after half an hour, so this one is taken now.
            services.take(article, user=users["editor"], at=now)
        if goal not in {"draft", "returned", "spiked", "scheduled", "withdrawn", "correction"}:
            _place(article, numbers[number % 4 + 1], users, now)


def _tags(text: str) -> tuple[str, ...]:
    """Return up to three tags for a text, by the words it contains."""
    found = [tag for word, tag in people.TAGS.items() if word in text]
    return tuple(dict.fromkeys(found))[:3]


def _series(chief: User, date: dt.date) -> Series:
    """Create a series that appears on the weekday of `date` and two more days."""
    days = "".join(sorted(str((date.isoweekday() + step - 1) % 7 + 1) for step in (0, 2, 4)))
    pattern = issues.SeriesPattern("平日版", days, 1, dt.time(22), dt.time(6))
    pages = [
        issues.PagePlan(number, name, chars, photos, columns)
        for number, (name, (chars, photos, columns)) in enumerate(
            zip(people.PAGE_NAMES, _ROOM, strict=True), start=1
        )
    ]
    return issues.save_series(None, pattern, pages, user=chief)


def correct_one(users: Mapping[str, User], now: dt.datetime) -> None:
    """Publish a correction of one story of the old issues, which /corrections/ then lists."""
    article = Article.objects.filter(story__page__number=3).order_by("story__release_at", "pk")[0]
    note = "本文见报时把“星期三”误作“星期四”，现予更正。"
    services.correct(article, user=users["head"], at=now, kind="correction", reason=note)
    for reviewer in ("head", "chief"):
        _sign(article, users[reviewer], now)


def _place(article: Article, page: Page, users: Mapping[str, User], now: dt.datetime) -> None:
    issues.place(article, page, user=users["chief"], at=now)


def _advance(article: Article, goal: str, users: Mapping[str, User], at: dt.datetime) -> None:
    """Make the transitions that lead an article to `goal`, an hour apart."""
    if goal == "draft":
        return
    author, chief = article.created_by or users["chief"], users["chief"]
    services.submit(article, user=author, at=at + _HOUR)
    if goal in {"returned", "spiked"}:
        _first_review(article, goal, users["editor"], at + 2 * _HOUR)
        return
    if goal == "taken":
        return
    _review_until(article, goal, users, at + 2 * _HOUR)
    if goal in {"scheduled", "withdrawn", "correction"}:
        out = at + 50 * _HOUR if goal == "scheduled" else None
        services.release(article, user=chief, at=at + 6 * _HOUR, release_at=out)
    if goal == "withdrawn":
        reason = "数字有误，正在核实，核实后重新发布。"
        services.withdraw(article, user=chief, at=at + 7 * _HOUR, reason=reason)
    if goal == "correction":
        services.correct(
            article,
            user=users["head"],
            at=at + 8 * _HOUR,
            kind="correction",
            reason="文中气象员守站的年数应为十九年，现予核对更正。",
        )


def _first_review(article: Article, goal: str, editor: User, at: dt.datetime) -> None:
    services.take(article, user=editor, at=at)
    if goal == "returned":
        reason = "请补充老粮仓是哪一年建的，展馆什么时候开门，再配一张照片。"
        services.return_article(article, user=editor, at=at + _HOUR, reason=reason)
    if goal == "spiked":
        reason = "与上周见报的内容重复，这次不用。"
        services.spike(article, user=editor, at=at + _HOUR, reason=reason)


def _review_until(article: Article, goal: str, users: Mapping[str, User], at: dt.datetime) -> None:
    """Approve one review after the other until the article reaches `goal`."""
    for state, reviewer in _REVIEWERS.items():
        if goal == state:
            return
        services.take(article, user=users[reviewer], at=at)
        _edit(article, users[reviewer], at + dt.timedelta(minutes=10))
        _sign(article, users[reviewer], at + dt.timedelta(minutes=20))
        at += _HOUR
        article.refresh_from_db()


def _sign(article: Article, reviewer: User, at: dt.datetime) -> None:
    """Approve the article's current review, for its current text."""
    article.refresh_from_db()
    services.approve(article, user=reviewer, at=at, version=article.version)


def _edit(article: Article, reviewer: User, at: dt.datetime) -> None:
    """Make the reviewer's change from _EDITS if the article contains its text."""
    article.refresh_from_db()
    content = content_of(article)
    before, after = _EDITS.get(reviewer.username, ("", ""))
    if before and before in content.body:
        content = replace(content, body=Body(content.body.replace(before, after)))
        services.save_article(article, content, user=reviewer, at=at, base_version=article.version)

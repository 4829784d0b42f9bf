"""Rule: frequently used screens take at most 20 queries, however full they are."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts import session_length
from articles import services
from articles.content import BylineRow, PhotoRow
from articles.models import Article
from articles.services import comments
from bylines.models import Role as BylineRole
from bylines.services import match_or_create
from issues import services as issues
from issues.models import Page
from paper.models import Town
from photos.services import add_photo, set_credits
from tests.helpers import factories

MOST = 20
ALL = "admin:articles_article_changelist"
ONE = "admin:articles_article_change"


def queries_of(client: Client, url: str) -> int:
    """Return the number of queries of a page, including those of the session."""
    with CaptureQueriesContext(connection) as taken:
        answer = client.get(url)
    assert answer.status_code == 200
    return len(taken)


def full(staff, now: dt.datetime, number: int = 0) -> Article:
    """Create an article with all relations: photos, towns, tags, two writers, comments."""
    rows = []
    for shade in (1, 2):
        photo = add_photo(
            data=factories.picture(size=(40 + number, 30 + shade)),
            caption="新渠",
            user=staff["correspondent"],
            at=now,
        )
        person = match_or_create(f"摄影{shade}", BylineRole.PHOTOGRAPH)[0]
        set_credits(photo, [(person, BylineRole.PHOTOGRAPH, "")])
        rows.append(PhotoRow(photo.pk, "新渠", f"摄影{shade} 摄"))
    people = [match_or_create(name, BylineRole.CORRESPONDENT)[0] for name in ("甲乙丙", "丁戊己")]
    content = factories.content(
        headline=f"新渠通水第{number}段",
        towns=tuple(Town.objects.values_list("pk", flat=True)),
        tags=("水利", "冬修"),
        photos=tuple(rows),
    )
    signed = tuple(BylineRow(one.pk, BylineRole.CORRESPONDENT) for one in people)
    article = services.create_article(
        replace(content, bylines=signed), user=staff["correspondent"], at=now
    )
    services.submit(article, user=staff["correspondent"], at=now)
    return article


def read_twice(article: Article, staff, now: dt.datetime) -> Article:
    """Return an article that was returned, submitted again and taken, with a comment."""
    editor, head = staff["editor"], staff["head"]
    services.take(article, user=editor, at=now)
    factories.sign_review(article, user=editor, at=now)
    services.take(article, user=head, at=now)
    services.return_article(article, user=head, at=now, reason="补上通水时间")
    services.submit(article, user=staff["correspondent"], at=now)
    services.take(article, user=editor, at=now)
    article.refresh_from_db()
    said = comments.add_comment(article, text="几点通的水？", user=head, at=now, paragraph=0)
    comments.add_comment(article, text="六点。", user=editor, at=now, parent=said.pk)
    return article


@pytest.fixture
def busy(staff, now):
    """Create articles in every state, an issue in planning, and the editor's own articles."""
    issue = issues.plan_issue(
        date=now.date() + dt.timedelta(days=1),
        cutoff_at=now + dt.timedelta(hours=5),
        release_at=now + dt.timedelta(hours=24),
        user=staff["chief"],
    )
    page = Page.objects.filter(issue=issue).first()
    for number in range(4):
        article = full(staff, now, number)
        issues.place(article, page, user=staff["chief"], at=now)
        if number == 0:
            read_twice(article, staff, now)
    for state in ("draft", "second_review", "approved", "published"):
        factories.make_in(state, staff["editor"], now, headline=f"自己的{state}")
    factories.make_in("published", staff["reporter"], now, headline="已经见报")
    return staff


def screens() -> dict[str, str]:
    taken = Article.objects.get(headline="新渠通水第0段")
    waiting = Article.objects.get(headline="新渠通水第1段")
    return {
        "start": reverse("admin:index"),
        "queue": reverse("admin:queue"),
        "list": reverse(ALL),
        "filtered": reverse(ALL) + "?section=news&town=baisha&writer=甲乙丙&since=2020-01-01",
        "search": reverse(ALL) + "?q=通水 水闸&sort=match",
        "in my review": reverse(ONE, args=[taken.pk]),
        "waiting": reverse(ONE, args=[waiting.pk]),
        "printed": reverse(ONE, args=[Article.objects.get(headline="已经见报").pk]),
        "own draft": reverse(ONE, args=[Article.objects.get(headline="自己的draft").pk]),
        "own in print": reverse(ONE, args=[Article.objects.get(headline="自己的published").pk]),
    }


def test_no_screen_of_the_editor_takes_more_than_20_queries(busy, desk):
    client = desk("editor")
    taken = {name: queries_of(client, url) for name, url in screens().items()}
    assert {name: number for name, number in taken.items() if number > MOST} == {}


def test_the_form_of_a_correspondent_takes_no_more(busy, desk):
    client = desk("correspondent")
    mine = reverse(ONE, args=[Article.objects.get(headline="新渠通水第0段").pk])
    urls = {"start": "/desk/", "new": reverse("admin:articles_article_add"), "mine": mine}
    taken = {name: queries_of(client, url) for name, url in urls.items()}
    assert {name: number for name, number in taken.items() if number > MOST} == {}


def test_the_lists_take_the_same_for_many(busy, desk, now):
    client = desk("editor")
    urls = {name: url for name, url in screens().items() if name in {"start", "queue", "list"}}
    few = {name: queries_of(client, url) for name, url in urls.items()}
    for number in range(10, 22):
        full(busy, now, number)
    assert {name: queries_of(client, url) for name, url in urls.items()} == few


def test_the_screen_takes_the_same_with_a_longer_record(busy, desk, now):
    client = desk("editor")
    article = Article.objects.get(headline="新渠通水第0段")
    url = reverse(ONE, args=[article.pk])
    before = queries_of(client, url)
    for number in range(8):
        comments.add_comment(article, text=f"第{number}问", user=busy["head"], at=now)
        services.leave(article, user=busy["editor"], at=now)
        services.take(article, user=busy["editor"], at=now)
    assert queries_of(client, url) == before


def test_the_first_request_of_a_session_notes_it_in_two_more(busy):
    client = Client()
    client.force_login(busy["editor"])
    session = client.session
    session_length.begin(session, at=timezone.now())
    session.save()
    first = queries_of(client, reverse(ALL))
    assert first == queries_of(client, reverse(ALL)) + 2

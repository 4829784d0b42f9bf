"""Rule: concurrent saves of two users lose nothing."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.test import Client

from articles import services
from articles.content import Content
from articles.models import Article, Revision
from articles.views import articles as article_views
from articles.workflow.states import State
from paper.models import Section
from tests.helpers import factories
from tests.helpers.concurrency import ON_SERVER, at_once
from tests.helpers.editor_windows import Window, assert_nothing_is_lost

ADD, AUTOSAVE = (f"/desk/articles/article/{name}/" for name in ("add", "autosave"))


pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def two_authors() -> tuple[list[User], Content]:
    """Return two users, and the content of an article that the second one signs."""
    factories.make_paper()
    writers = [factories.make_user(name, "reporter") for name in ("author-1", "author-2")]
    return writers, factories.content(writer=writers[1].last_name)


def open_windows(writers: list[User], content: Content) -> list[Window]:
    return [Window(user, content, f"window-{n}-0000") for n, user in enumerate(writers)]


@pytest.mark.django_db
def test_two_hundred_interleavings_of_two_editors_lose_nothing(now):
    """In random order: type, save, autosave, reload. On every database."""
    writers, content = two_authors()
    for seed in range(200):
        article = services.create_article(content, user=writers[0], at=now)
        _interleave(article, open_windows(writers, content), random.Random(seed), now)


def _interleave(
    article: Article, windows: list[Window], lot: random.Random, now: dt.datetime
) -> None:
    winners: dict[int, str] = {}
    for step in range(lot.randint(3, 5)):
        window = lot.choice(windows)
        if lot.random() < 0.3:
            window.reload(article)
        window.type(f"字{step}号{lot.randrange(10**6)}。")
        base = window.version
        head = article.revisions.filter(is_side=False).order_by("-number").first()
        outcome = window.send(article, now, auto=lot.random() < 0.6)
        current = Article.objects.get(pk=article.pk)
        if outcome == "won":
            assert window.text in current.body
            assert head is not None
            is_first = base == head.base_version or head.window_id == window.window_id
            assert is_first, "a text was overwritten that the window had not seen"
            assert winners.setdefault(base, window.window_id) == window.window_id, (
                "two winners of one base"
            )
        if outcome == "aside":
            window.reload(article)
    texts = {text for window in windows for text in window.sent}
    assert_nothing_is_lost(article, texts)


@ON_SERVER
def test_two_hundred_saves_at_one_moment_lose_nothing(now):
    """The same with two connections that save concurrently."""
    writers, content = two_authors()
    article = services.create_article(content, user=writers[0], at=now)
    windows, lot = open_windows(writers, content), random.Random(1)
    for n in range(200):
        for window in windows:
            window.reload(article)
            window.text = f"第{n}轮{window.user}写的{lot.randrange(10**6)}。"
        autos = [lot.random() < 0.5 for _window in windows]
        outcomes = at_once(
            *[
                lambda w=window, auto=auto: w.send(article, now, auto=auto)
                for window, auto in zip(windows, autos, strict=True)
            ]
        )
        assert sorted(map(str, outcomes)) == ["aside", "won"], "one base has one winner"
    assert_nothing_is_lost(article, {text for window in windows for text in window.sent})


@ON_SERVER
def test_one_form_sent_twice_at_once_makes_one_article(now):
    factories.make_paper()
    author = factories.make_staff()["correspondent"]
    content = factories.content()

    def create() -> Article:
        return services.create_article(
            content, user=author, at=now, form_key="form-00001", sequence=1
        )

    made = at_once(create, create, create)
    assert len({article.pk for article in made}) == 1
    assert Article.objects.count() == Revision.objects.count() == 1


def new_form() -> dict[str, str]:
    """Return a new article as its window sends it."""
    return {
        "headline": "水闸",
        "body": "<p>装上了。</p>",
        "body_format": "html",
        "kind": "story",
        "section": str(Section.objects.get(slug="news").pk),
        "byline": "通讯员 甲乙丙",
        "photos-TOTAL_FORMS": "0",
        "photos-INITIAL_FORMS": "0",
        "version": "0",
        "window_id": "window-one-0001",
        "sequence": "2",
        "then": "submit",
    }


@pytest.mark.django_db
@pytest.mark.parametrize("turns", [1, 2], ids=["click", "double-click"])
def test_a_new_form_is_handed_in_past_its_own_save(desk, monkeypatch, turns):
    """The click looks for its article just before the window's autosave creates it."""
    client, real, twice = (
        desk("correspondent"),
        services.article_of_form,
        article_views.is_duplicate_save,
    )
    client.post(AUTOSAVE, {**new_form(), "sequence": "1", "body": "<p>装</p>"})
    for sequence in range(turns):
        blind = iter([None]) if sequence == 0 else iter(())
        unseen = iter([False])
        monkeypatch.setattr(services, "article_of_form", lambda *a, b=blind: next(b, real(*a)))
        monkeypatch.setattr(
            article_views, "is_duplicate_save", lambda *a, u=unseen: next(u, twice(*a))
        )
        assert client.post(ADD, new_form()).status_code == 302
    article = Article.objects.get()
    assert (article.state, article.log.count()) == (State.FIRST_REVIEW, 1)
    assert article.body == "<p>装上了。</p>"


@ON_SERVER
def test_a_new_form_and_its_own_save_at_once(now):
    factories.make_paper()
    author = factories.make_staff()["correspondent"]

    def send(path: str, data: dict[str, str]) -> Callable[[], int]:
        browser = Client()
        browser.force_login(author)
        return lambda: browser.post(path, data).status_code

    for number in range(8):
        form = {**new_form(), "window_id": f"window-{number:08d}"}
        auto = {**form, "sequence": "1", "body": "<p>装</p>"}
        # The autosave may come last, and get the message that the article has changed.
        outcomes = at_once(send(AUTOSAVE, auto), send(ADD, form), send(ADD, form))
        assert outcomes.count(302) == 2
    assert set(Article.objects.values_list("state", flat=True)) == {State.FIRST_REVIEW}
    assert Article.objects.count() == 8

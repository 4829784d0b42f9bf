"""Rule: users see who else has the same article open."""

from __future__ import annotations

import datetime as dt

from django.test import Client

from articles.models import Article, Presence
from tests.helpers import factories
from tests.helpers.autosaves import OTHER, TAB, heads, send, url_of


def beat(
    client: Client, article: Article, window_id: str, **more: object
) -> list[dict[str, object]]:
    return client.post(url_of(article, "presence"), {"window_id": window_id, **more}).json()[
        "people"
    ]


def test_who_else_has_it_open(desk, staff, now):
    article = factories.make_in("first_review", staff["correspondent"], now)
    writer, reader = desk("correspondent"), desk("editor")
    assert beat(writer, article, TAB) == []
    assert beat(reader, article, OTHER, editing=1) == [
        {"name": "correspondent", "editing": False, "me": False}
    ]
    assert beat(writer, article, TAB) == [{"name": "editor", "editing": True, "me": False}]
    assert beat(writer, article, "window-three-3")[1] == {
        "name": "correspondent",
        "editing": False,
        "me": True,
    }
    beat(reader, article, OTHER, leaving=1)
    assert [row["name"] for row in beat(writer, article, TAB)] == ["correspondent"]


def test_a_window_that_is_gone_is_not_shown_and_not_kept(desk, staff, now):
    article = factories.make_in("first_review", staff["correspondent"], now)
    beat(desk("editor"), article, OTHER)
    Presence.objects.update(seen_at=now - dt.timedelta(seconds=61))
    assert beat(desk("correspondent"), article, TAB) == []
    assert Presence.objects.count() == 1


def test_a_revision_that_a_window_begins_from_is_not_renewed(desk, article):
    """Otherwise the base of a merge would be missing."""
    client = desk("correspondent")
    send(client, article, 1, headline="一")
    beat(client, article, OTHER, opened=2)
    send(client, article, 2, version=2, headline="一二")
    assert [text for _n, text, _auto in heads(article)][1:] == ["一", "一二"]


def test_a_beat_is_cheap(desk, article, django_assert_max_num_queries):
    client = desk("correspondent")
    beat(client, article, TAB)
    with django_assert_max_num_queries(11):
        beat(client, article, TAB)

"""Rule: a page is kept while nothing that it shows has changed, and not a moment longer."""

from __future__ import annotations

import datetime as dt
import re
import threading
from email.utils import parsedate_to_datetime

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.http import http_date

from paper.models import Paper, Section
from press import services as press
from press.content_version import VersionTracker, tracker
from press.database_grants import grants
from press.models import Change, Story
from press.triggers import WATCHED
from reader.page_cache import store as page_store
from reader.page_cache.wsgi import cached_application
from reader.url_helpers import canonical_query
from tests.helpers import factories
from tests.helpers.canary_issue import sign_canary_issue, surfaces
from tests.helpers.concurrency import all_at_once
from tests.helpers.wsgi_requests import ask

HOUR = dt.timedelta(hours=1)
SECOND = dt.timedelta(seconds=1)


@pytest.fixture
def signed(staff, now):
    return sign_canary_issue(staff, now)


def test_a_page_is_made_once_and_again_after_a_change(client, paper, now, made):
    story = factories.make_story("一篇", now - HOUR)
    url = story.get_absolute_url()
    first = client.get(url)
    assert client.get(url).content == first.content
    assert len(made) == 1
    press.withdraw_story(story, reason="待核实", at=timezone.now())
    gone = client.get(url)
    assert (gone.status_code, len(made)) == (410, 2)
    assert client.get(url).status_code == 410
    assert len(made) == 2


def test_what_the_desk_alone_does_makes_no_page_anew(client, staff, now, made):
    factories.make_story("一篇", now - HOUR)
    client.get("/")
    factories.make_draft(staff["reporter"], now, headline="草稿")
    client.get("/")
    assert len(made) == 1


@pytest.mark.parametrize("table", WATCHED)
@pytest.mark.django_db
def test_every_write_to_what_readers_see_changes_the_mark(table):
    before = set(Change.objects.values_list("mark"))
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table} WHERE 1 = 0")
        if connection.vendor == "sqlite":
            names = {"insert", "update", "delete"}
            cursor.execute(
                "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [table]
            )
            assert {name.rsplit("_", 1)[1] for (name,) in cursor.fetchall()} == names
            return
    assert set(Change.objects.values_list("mark")) != before


def test_a_raw_update_counts_too(client, paper, now):
    story = factories.make_story("旧的", now - HOUR)
    assert "旧的" in client.get("/").content.decode()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE press_story SET headline = '新的' WHERE id = %s", [story.pk])
    page = client.get("/").content.decode()
    assert "新的" in page
    assert "旧的" not in page
    Section.objects.filter(slug="news").update(name="头版新闻")
    assert "头版新闻" in client.get("/").content.decode()


def test_pages_ask_no_table_that_is_not_watched(client, signed, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: signed.release_at)
    with CaptureQueriesContext(connection) as queries:
        for url in surfaces(signed).values():
            client.get(url)
    asked = {t for q in queries for t in re.findall(r'(?:FROM|JOIN) "?(\w+)"?', q["sql"])}
    own = {
        "press_change",
        "search_press",
        "search_press_text",
        "search_press_find",
        "named",
        "newest",
    }
    photos = {"photos_photo"}
    assert asked - set(WATCHED) - own - photos <= {"SELECT"}


def test_a_release_ends_what_was_kept(client, paper, now, monkeypatch):
    factories.make_story("六点见报", now + HOUR)
    assert "六点见报" not in client.get("/").content.decode()
    monkeypatch.setattr("django.utils.timezone.now", lambda: now + HOUR - SECOND)
    assert "六点见报" not in client.get("/").content.decode()
    monkeypatch.setattr("django.utils.timezone.now", lambda: now + HOUR)
    assert "六点见报" in client.get("/").content.decode()


def test_who_has_the_page_is_told_so(client, paper, now):
    factories.make_story("一篇", now - HOUR)
    etag = client.get("/").headers["ETag"]
    again = client.get("/", headers={"If-None-Match": etag})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get("/", headers={"If-None-Match": 'W/"other"'}).status_code == 200
    factories.make_story("又一篇", now - HOUR)
    assert client.get("/", headers={"If-None-Match": etag}).status_code == 200


def test_last_modified_is_told_once_no_second_change_can_share_it(client, paper, now, monkeypatch):
    assert "Last-Modified" not in client.get("/").headers
    seen = tracker.content_version().seen
    monkeypatch.setattr("django.utils.timezone.now", lambda: seen + 3 * SECOND)
    modified = client.get("/").headers["Last-Modified"]
    assert parsedate_to_datetime(modified) <= seen
    assert client.get("/", headers={"If-Modified-Since": modified}).status_code == 304
    for wrong in ("yesterday", "Thu, 01 Jan 1970 00:00:00 GMT", "0"):
        assert client.get("/", headers={"If-Modified-Since": wrong}).status_code == 200


def test_a_cdn_keeps_nothing_beyond_the_next_release(client, paper, now, settings, monkeypatch):
    # At noon: midnight also ends a content version.
    now = timezone.localtime(now + dt.timedelta(days=1)).replace(hour=12)
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)
    factories.make_story("快了", now + 90 * SECOND)
    assert client.get("/").headers["Cache-Control"] == "public, no-cache"
    settings.CDN_SECONDS = 60
    assert "s-maxage=60" in client.get("/").headers["Cache-Control"]
    monkeypatch.setattr("django.utils.timezone.now", lambda: now + 60 * SECOND)
    assert "s-maxage=30" in client.get("/").headers["Cache-Control"]
    monkeypatch.setattr("django.utils.timezone.now", lambda: now + 89.5 * SECOND)
    assert client.get("/").headers["Cache-Control"] == "public, no-cache"


def test_nothing_of_an_asker_is_in_a_page(desk, signed, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: signed.release_at)
    chief = desk("chief")
    for name, url in surfaces(signed).items():
        anonymous = Client().get(url)
        page_store.store.clear()
        known = chief.get(url, headers={"Accept-Language": "en", "User-Agent": "x"})
        assert not known.cookies, name
        assert "cookie" not in known.headers.get("Vary", "").lower(), name
        if not known.streaming:
            assert known.content == anonymous.content, name
            assert b"csrf" not in known.content, name


def test_what_others_hang_on_an_address_changes_nothing(client, paper, now, made):
    factories.make_story("一篇", now - HOUR)
    first = client.get("/")
    for tail in ("?utm_source=x", "?from=singlemessage&isappinstalled=0", "?x=" + "y" * 500):
        assert client.get(f"/{tail}").content == first.content
    assert len(made) == 1
    assert canonical_query("b=1&before=2&after=&q=%E6%B0%B4") == "before=2&q=%E6%B0%B4"


def test_other_hosts_and_schemes_have_pages_of_their_own(client, paper, settings):
    settings.ALLOWED_HOSTS = ["a.example", "b.example"]
    for host in ("a.example", "b.example", "a.example"):
        page = client.get("/", headers={"host": host}).content.decode()
        assert f'rel="canonical" href="http://{host}/"' in page
    assert client.get("/", headers={"host": "evil.example"}).status_code == 400


@pytest.mark.parametrize(("days", "status"), [(-1, 200), (0, 304), (1, 200)])
def test_a_time_that_lies_ahead_says_nothing(client, paper, now, monkeypatch, days, status):
    """RFC 9110, 13.1.3: only the time that this server said itself counts."""
    client.get("/")
    monkeypatch.setattr(timezone, "now", lambda: now + dt.timedelta(minutes=1))
    said = parsedate_to_datetime(client.get("/").headers["Last-Modified"])
    since = http_date((said + dt.timedelta(days=days)).timestamp())
    assert client.get("/", headers={"if-modified-since": since}).status_code == status


def test_the_front_door_answers_what_is_kept_and_asks_for_the_rest(client, paper, now):
    asked: list[str] = []

    def application(environ, start_response):
        asked.append(environ["PATH_INFO"])
        start_response("200 OK", [])
        return [b"django"]

    door = cached_application(application)
    assert ask("/", door)[2] == b"django"
    page = client.get("/").content
    status, headers, body = ask("/", door)
    assert (status, body) == ("200 OK", page)
    assert ask("/", door, REQUEST_METHOD="HEAD")[2] == b""
    assert ask("/", door, HTTP_IF_NONE_MATCH=headers["ETag"])[0] == "304 Not Modified"
    assert ask("/", door, HTTP_ACCEPT_ENCODING="br, gzip;q=0")[2] == page
    packed = ask("/", door, HTTP_ACCEPT_ENCODING="gzip;q=0.8, br")
    assert packed[1]["Content-Encoding"] == "gzip"
    assert len(packed[2]) == int(packed[1]["Content-Length"]) < len(page)
    assert asked == ["/"]
    for method, path in (("POST", "/"), ("GET", "/desk/"), ("GET", "/healthz")):
        assert ask(path, door, REQUEST_METHOD=method)[2] == b"django"
    factories.make_story("又一篇", now - HOUR)
    assert ask("/", door)[2] == b"django"


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_hundred_who_ask_at_once_make_a_page_once(made):
    factories.make_paper()
    assert all_at_once(200, lambda: Client().get("/").status_code) == [200] * 200
    assert 1 <= len(made) <= 2


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_page_that_was_made_slowly_is_not_kept_beyond_a_withdrawal(monkeypatch):
    """While a page is made, its story is withdrawn by another process."""
    factories.make_paper()
    story = factories.make_story("慢慢来", timezone.now() - HOUR)
    from reader import base_context

    render = base_context.render_to_string

    def slow(template: str, *args: object) -> str:
        page = render(template, *args)
        if Story.objects.get(pk=story.pk).withdrawn_at is None:
            press.withdraw_story(story, reason="待核实", at=timezone.now())
        return page

    monkeypatch.setattr(base_context, "render_to_string", slow)
    Client().get("/")
    assert "慢慢来" not in Client().get("/").content.decode()


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer")
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_transactions_that_end_in_another_order_are_both_seen():
    factories.make_paper()
    versions = [VersionTracker().content_version().version]
    done = threading.Event(), threading.Event()

    def first() -> None:
        with transaction.atomic():
            Paper.objects.update(motto="先开始，后结束")
            done[0].set()
            done[1].wait(10)
        connection.close()

    thread = threading.Thread(target=first)
    thread.start()
    done[0].wait(10)
    Section.objects.update(english_name="X")
    versions.append(VersionTracker().content_version().version)
    done[1].set()
    thread.join()
    versions.append(VersionTracker().content_version().version)
    assert len(set(versions)) == 3


def test_memory_is_bounded_and_queries_push_out_no_pages(client, paper, now, settings):
    settings.PAGE_CACHE_MB = 1
    client.get("/")
    for n in range(300):
        client.get("/search/", {"q": f"第{n}个"})
    content_version = tracker.content_version()
    kept = page_store.store
    assert sum(kept._bytes.values()) <= 2**20 * 1.25
    assert len(kept._with_query) < 300
    environ = {"wsgi.url_scheme": "http", "PATH_INFO": "/"}
    assert kept.get(content_version, page_store.key_of(environ))


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no roles")
def test_the_readers_role_reads_every_page_and_nothing_of_the_desk(client, signed, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: signed.release_at)
    urls = surfaces(signed)
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE paper_reader_test")
        cursor.execute("GRANT paper_reader_test TO CURRENT_USER")
        for sql in grants("paper_reader_test"):
            cursor.execute(sql)
        cursor.execute("SET ROLE paper_reader_test")
    try:
        for name, url in urls.items():
            assert client.get(url).status_code == 200, name
        with connection.cursor() as cursor:
            for table in ("articles_article", "auth_user", "issues_issue"):
                cursor.execute("SELECT has_table_privilege(%s, 'SELECT')", [table])
                assert cursor.fetchone() == (False,), table
            cursor.execute("SELECT has_column_privilege('bylines_contributor', 'phone', 'SELECT')")
            assert cursor.fetchone() == (False,)
            cursor.execute("SELECT has_table_privilege('press_story', 'UPDATE')")
            assert cursor.fetchone() == (False,)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE")

"""Old URLs redirect to the present page, after a change of its slug or by a manual entry."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from paper.models import OldAddress, Section
from paper.querysets import new_address
from paper.services import move_address
from tests.helpers import factories

ADD = "/desk/paper/oldaddress/add/"


def known() -> dict[str, str]:
    return dict(OldAddress.objects.values_list("old", "new"))


def test_chains_are_shortened_and_never_closed(db, now):
    move_address("/a/", "/b/", now)
    move_address("/x/", "/a/", now)
    assert known() == {"/x/": "/a/"}  # /a/ was in use again.
    move_address("/a/", "/b/", now)
    move_address("/b/", "/c/", now)
    assert known() == {"/x/": "/c/", "/a/": "/c/", "/b/": "/c/"}
    move_address("/c/", "/a/", now)
    assert known() == {"/x/": "/a/", "/b/": "/a/", "/c/": "/a/"}
    move_address("/b/", "/b/", now)
    assert "/b/" not in known()


def test_two_that_change_places_both_arrive(db, now):
    for old, new in [("/a/", "/t/"), ("/b/", "/a/"), ("/t/", "/b/")]:
        move_address(old, new, now)
    assert known() == {"/t/": "/b/"}


def test_a_redirect_preserves_the_query(client, paper, now):
    move_address("/sections/旧/", "/towns/白沙?/", now)
    answer = client.get("/sections/旧/?since=2022-10-18&town=")
    assert answer.status_code == 301
    there = "/towns/%E7%99%BD%E6%B2%99%3F/"
    assert answer.headers["Location"] == f"{there}?since=2022-10-18"
    assert answer.is_public
    # A browser must revalidate: the URL may be used again one day.
    assert answer.headers["Cache-Control"] == "public, no-cache"
    assert client.get("/sections/旧/feed.atom").headers["Location"] == f"{there}feed.atom"
    assert client.get("/sections/旧/other").status_code == 404
    assert client.get("/nowhere/feed.rss").status_code == 404


def test_it_is_asked_only_where_nothing_is_found(client, paper, now):
    move_address("/sections/news/", "/towns/baisha/", now)
    assert client.get("/sections/news/").status_code == 200
    with CaptureQueriesContext(connection) as queries:
        assert client.get("/old/").status_code == 404
    assert len([q for q in queries if "oldaddress" in q["sql"]]) == 1


def test_a_withdrawn_story_stays_gone(client, staff, now):
    story = factories.make_in("withdrawn", staff["reporter"], now).story
    move_address(story.get_absolute_url(), "/", now)
    assert client.get(story.get_absolute_url()).status_code == 410


@pytest.mark.parametrize(("kind", "pk_of"), [("section", "news"), ("town", "baisha")])
def test_a_new_slug_keeps_the_old_address(desk, client, kind, pk_of):
    admin = desk("administrator")

    def rename(old: str, new: str) -> None:
        model = OldAddress._meta.apps.get_model("paper", kind)
        row = model.objects.get(slug=old)
        url = f"/desk/paper/{kind}/{row.pk}/change/"
        answer = admin.post(url, {"name": row.name, "slug": new, "order": 1, "is_active": "on"})
        assert answer.status_code == 302

    rename(pk_of, "second")
    rename("second", "second")
    rename("second", "third")
    for old in (pk_of, "second"):
        answer = client.get(f"/{kind}s/{old}/")
        assert (answer.status_code, answer.headers["Location"]) == (301, f"/{kind}s/third/")
    rename("third", pk_of)
    assert client.get(f"/{kind}s/{pk_of}/").status_code == 200
    assert client.get(f"/{kind}s/second/").headers["Location"] == f"/{kind}s/{pk_of}/"
    assert set(known()) == {f"/{kind}s/second/", f"/{kind}s/third/"}


def test_a_new_section_takes_its_address_back(desk, now):
    move_address("/sections/photo/", "/sections/news/", now)
    data = {"name": "影像", "slug": "photo", "order": 1, "is_active": "on"}
    assert desk("administrator").post("/desk/paper/section/add/", data).status_code == 302
    assert Section.objects.filter(slug="photo").exists()
    assert known() == {}


def enter(admin, old: str, new: str, url: str = ADD):
    return admin.post(url, {"old": old, "new": new})


def test_addresses_of_the_former_website_are_entered_by_hand(desk, client, now):
    move_address("/sections/before/", "/sections/news/", now)
    admin = desk("administrator")
    assert enter(admin, "/html/%E8%A6%81%E9%97%BB.htm", "/sections/before/").status_code == 302
    assert known()["/html/要闻.htm"] == "/sections/news/"
    answer = client.get("/html/%E8%A6%81%E9%97%BB.htm")
    assert answer.headers["Location"] == "/sections/news/"
    # A redirect to a URL that is now entered as old leads to its target.
    assert enter(admin, "/index.asp", "/other/").status_code == 302
    assert enter(admin, "/other/", "/").status_code == 302
    assert known()["/index.asp"] == "/"
    row = OldAddress.objects.get(old="/other/")
    url = f"/desk/paper/oldaddress/{row.pk}/change/"
    assert enter(admin, "/other/", "/issues/", url).status_code == 302
    assert known()["/other/"] == "/issues/"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("no-slash", "/"),
        ("/a/", "news/"),
        ("/desk/", "/"),
        ("/desk", "/"),
        ("/a/", "/desk/articles/article/"),
        ("/a/", "/%64esk/"),
        ("/a/", "//elsewhere.example/"),
        ("/a/", "/%2Felsewhere.example/"),
        ("/a/", "/\\elsewhere.example/"),
        ("/a/", "https://elsewhere.example/"),
        ("/a/?id=1", "/"),
        ("/a/", "/#top"),
        ("/a/%0d%0aX: y", "/"),
        ("/a/%00", "/"),
        ("", "/"),
        ("/a/", ""),
        ("/a/", "/a/"),
        ("/a/", "/%61/"),
        ("/b/", "/x/"),
        ("/x/", "/"),
        ("/%78/", "/"),
    ],
)
def test_what_leads_nowhere_elsewhere_or_in_a_circle_is_refused(desk, now, old, new):
    move_address("/x/", "/b/", now)
    answer = enter(desk("administrator"), old, new)
    assert answer.status_code == 200
    assert known() == {"/x/": "/b/"}


@pytest.mark.parametrize("role", ["correspondent", "reporter", "editor", "head", "chief"])
def test_only_administrators_enter_them(desk, role):
    assert enter(desk(role), "/a/", "/").status_code in {403, 404}
    assert known() == {}


def test_a_feed_does_not_follow_into_a_file(db, now):
    move_address("/a/", "/b.html", now)
    assert new_address("/a/") == "/b.html"
    assert new_address("/a/feed.rss") == ""

"""Rule: the library shows users the photos that they may see; photos keep their credits."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.models import Article
from articles.services import presence
from paper.models import Town
from photos.models import Photo
from photos.services import credit_line, set_focus
from tests.helpers import factories
from tests.helpers.library_photos import add, in_article

DAY = dt.timedelta(days=1)


@pytest.fixture
def shelf(staff, now):
    """Return unused, waiting and published photos of three people, over three days."""
    town = Town.objects.get(slug="baisha")
    loose = add(staff["correspondent"], now, "还没用的闸门")
    waiting = add(staff["reporter"], now - DAY, "待审的新桥", by="沈知远")
    in_article(waiting, "second_review", staff["reporter"], now, section="literature")
    printed = add(staff["reporter"], now - 2 * DAY, "见报的集市", width=140)
    in_article(printed, "published", staff["reporter"], now, towns=(town.pk,))
    return {"loose": loose, "waiting": waiting, "printed": printed}


def captions(client, query: str = "") -> set[str]:
    page = client.get(f"/desk/photos/{query}")
    assert page.status_code == 200
    return {one.caption for one in page.context["shelf"].photos}


def test_users_see_the_photos_of_articles_that_they_may_see(desk, shelf):
    assert captions(desk("correspondent")) == {"还没用的闸门", "见报的集市"}
    assert captions(desk("reporter")) == {"待审的新桥", "见报的集市"}
    assert captions(desk("editor")) == {"见报的集市"}
    assert captions(desk("head")) == {"待审的新桥", "见报的集市"}
    assert captions(desk("administrator")) == {"还没用的闸门", "待审的新桥", "见报的集市"}


def test_what_one_may_not_see_is_not_there(desk, shelf):
    for name, code in (("loose", 404), ("waiting", 404), ("printed", 200)):
        for path in ("", "use/"):
            assert desk("editor").get(f"/desk/photos/{shelf[name].pk}/{path}").status_code == code
    use = f"/desk/photos/{shelf['loose'].pk}/use/"
    assert desk("editor").post(use, {"article": ""}).status_code == 404
    assert not Article.objects.filter(created_by__username="editor").exists()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?q=新桥", {"待审的新桥"}),
        ("?writer=知秋", {"还没用的闸门", "见报的集市"}),
        ("?town=baisha", {"见报的集市"}),
        ("?use=printed", {"见报的集市"}),
        ("?use=waiting", {"待审的新桥"}),
        ("?use=unused", {"还没用的闸门"}),
        ("?use=own", set()),
        ("?use=printed&q=新桥", set()),
    ],
)
def test_photos_are_found_by_words_people_town_and_use(desk, shelf, query, found):
    assert captions(desk("administrator"), query) == found


def test_photos_are_found_by_day(desk, shelf, now):
    yesterday = timezone.localdate(now - DAY).isoformat()
    client = desk("administrator")
    assert captions(client, f"?since={yesterday}&until={yesterday}") == {"待审的新桥"}
    page = client.get("/desk/photos/?since=gestern")
    assert "请" in page.content.decode()
    assert page.status_code == 200


def test_a_photo_keeps_its_credit_in_another_story(desk, shelf, staff, now):
    made = shelf["printed"]
    draft = factories.make_draft(staff["correspondent"], now, headline="集市十年")
    client = desk("correspondent")
    page = client.get(f"/desk/photos/{made.pk}/use/").content.decode()
    assert "集市十年" in page
    answer = client.post(f"/desk/photos/{made.pk}/use/", {"article": draft.pk}, follow=True)
    assert "集市十年" in answer.content.decode()
    row = draft.article_photos.get()
    assert (row.photo, row.caption) == (made, "见报的集市")
    assert credit_line(row.photo) == "通讯员 叶知秋 摄"
    assert draft.revisions.count() == 2
    client.post(f"/desk/photos/{made.pk}/use/", {"article": draft.pk})
    assert draft.revisions.count() == 2


def test_a_photo_begins_a_new_article_once(desk, shelf):
    url, form = f"/desk/photos/{shelf['printed'].pk}/use/", {"article": "", "key": "a" * 36}
    client = desk("reporter")
    first = client.post(url, form)
    assert client.post(url, form)["Location"] == first["Location"]
    made = Article.objects.latest("pk")
    assert (made.kind, made.photos.get()) == ("photo", shelf["printed"])
    assert made.bylines.get().contributor.user.username == "reporter"


def test_an_article_of_others_takes_no_photo(desk, shelf, staff, now):
    other = factories.make_in("approved", staff["reporter"], now)
    url = f"/desk/photos/{shelf['printed'].pk}/use/"
    assert desk("correspondent").post(url, {"article": other.pk}).status_code == 404
    assert desk("reporter").post(url, {"article": other.pk}).status_code == 409
    assert desk("administrator").post(url, {"article": ""}).status_code == 403
    assert not other.article_photos.exists()


def test_the_page_of_a_photo_says_where_it_stands_and_what_looks_like_it(desk, shelf, staff, now):
    twin = add(staff["reporter"], now, "又传一次")
    page = desk("administrator").get(f"/desk/photos/{shelf['printed'].pk}/").content.decode()
    assert "水闸换了电动机" in page
    assert f"/desk/photos/{twin.pk}/" in page


def test_a_long_shelf_is_paged_and_costs_the_same(desk, shelf, staff, now):
    client = desk("administrator")
    with CaptureQueriesContext(connection) as few:
        captions(client)
    first = shelf["loose"]
    rows = Photo.objects.filter(pk=first.pk).values().get()
    Photo.objects.bulk_create(
        Photo(**{**rows, "id": None, "token": f"{n:032x}", "caption": f"第{n}张"})
        for n in range(50)
    )
    with CaptureQueriesContext(connection) as many:
        one = client.get("/desk/photos/")
    assert len(many) == len(few) <= 20
    seen = [row.pk for row in one.context["shelf"].photos]
    two = client.get("/desk/photos/" + one.context["older"])
    seen += [row.pk for row in two.context["shelf"].photos]
    assert len(seen) == len(set(seen)) == 53
    for before in ("x", "1e999-1", "-", "99999999999999-5", "nan-1"):
        assert client.get("/desk/photos/", {"before": before}).status_code == 200


def test_a_photo_that_others_show_keeps_its_credit_in_words(desk, shelf, staff, now):
    draft = factories.make_draft(staff["correspondent"], now, headline="集市十年")
    client = desk("correspondent")
    client.post(f"/desk/photos/{shelf['printed'].pk}/use/", {"article": draft.pk})
    form = {
        "headline": "集市十年",
        "body": "<p>正文</p>",
        "kind": "story",
        "version": 2,
        "photos-TOTAL_FORMS": 1,
        "photos-INITIAL_FORMS": 1,
        "photos-0-photo": shelf["printed"].pk,
        "photos-0-caption": "十年前的集市",
        "photos-0-credit": "冒名者 摄",
    }
    url = f"/desk/articles/article/{draft.pk}/change/"
    refused = client.post(url, form)
    assert refused.status_code == 400
    assert "通讯员 叶知秋 摄" in refused.content.decode()
    assert client.post(url, form | {"photos-0-credit": "通讯员 叶知秋 摄"}).status_code == 302
    assert draft.article_photos.get().caption == "十年前的集市"
    shelf["printed"].refresh_from_db()
    assert credit_line(shelf["printed"]) == "通讯员 叶知秋 摄"
    assert shelf["printed"].caption == "见报的集市"


FACTS = {"caption": "集市", "source": "", "rights": "云溪日报", "focus_x": 20, "focus_y": 80}


def test_who_may_edit_its_article_sets_the_focal_point(desk, shelf, staff, now):
    draft = factories.make_draft(staff["correspondent"], now)
    url = f"/desk/photos/{shelf['loose'].pk}/"
    client = desk("correspondent")
    assert client.post(url, FACTS).status_code == 302
    client.post(url + "use/", {"article": draft.pk})
    page = client.get(url).content.decode()
    assert 'name="focus_x" value="20"' in page
    assert client.post(url, FACTS | {"focus_x": 101}).status_code == 400
    shelf["loose"].refresh_from_db()
    made = shelf["loose"]
    assert (made.focus_x, made.focus_y, made.version, made.rights) == (20, 80, 2, "云溪日报")
    assert client.get(f"/desk/articles/article/photos/{made.token}/2/w120.jpg").status_code == 200
    assert client.get(f"/desk/articles/article/photos/{made.token}/1/w120.jpg").status_code == 404


def test_nobody_else_changes_a_photo(desk, shelf):
    url = f"/desk/photos/{shelf['printed'].pk}/"
    for role in ("correspondent", "reporter", "editor"):
        client = desk(role)
        assert "focus_x" not in client.get(url).content.decode()
        assert client.post(url, FACTS).status_code == 403
    assert desk("editor").post(f"/desk/photos/{shelf['loose'].pk}/", FACTS).status_code == 404
    shelf["printed"].refresh_from_db()
    assert shelf["printed"].caption == "见报的集市"


def test_a_printed_photo_of_others_is_not_changed_through_an_own_draft(desk, shelf, staff, now):
    draft = factories.make_draft(staff["correspondent"], now)
    url = f"/desk/photos/{shelf['printed'].pk}/"
    client = desk("correspondent")
    client.post(url + "use/", {"article": draft.pk})
    assert draft.article_photos.exists()
    assert client.post(url, FACTS).status_code == 403
    assert desk("chief").post(url, FACTS).status_code == 302


def test_two_who_set_the_focal_point_at_once_do_not_mix_their_crops(desk, shelf, staff):
    mine, theirs = (Photo.objects.get(pk=shelf["loose"].pk) for _person in range(2))
    set_focus(mine, 10, 10)
    with pytest.raises(ValidationError, match="刚刚"):
        set_focus(theirs, 90, 90)
    kept = Photo.objects.get(pk=mine.pk)
    assert (kept.version, kept.focus_x) == (2, 10)


def test_a_story_that_is_open_in_another_window_is_not_changed_behind_it(desk, shelf, staff, now):
    """Rule: the text typed there must not become stale; after closing, the story gets the photo."""
    user, made = staff["correspondent"], shelf["printed"]
    draft = factories.make_draft(user, now, headline="集市十年")
    presence.beat(draft, user=user, at=timezone.now(), window_id="form")
    presence.beat(draft, user=staff["reporter"], at=timezone.now(), window_id="other")
    use = f"/desk/photos/{made.pk}/use/"
    answer = desk("correspondent").post(use, {"article": draft.pk}, follow=True)
    assert answer.redirect_chain[0][0] == use
    assert "集市十年" in str(next(iter(answer.context["messages"])))
    assert not draft.photos.exists()
    presence.leave(draft, user=user, window_id="form")
    desk("correspondent").post(use, {"article": draft.pk})
    assert draft.photos.get() == made

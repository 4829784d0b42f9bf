"""The homepage: as the paper is set where nobody chose, and as editors arrange it."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from paper.exceptions import Conflict, Forbidden, Hidden, Invalid
from paper.models import Section
from press import homepage, services
from press.models import Edition, EditionPage, HomepageBlock, HomepagePick, HomepageVersion, Story
from reader.page_cache import store as page_store
from tests.helpers import factories

HOUR = dt.timedelta(hours=1)
SCREEN = "/desk/press/homepage/"
#: All that a homepage may ask, the content version apart.
MOST = 8
PHOTO = {"url": "/photos/x", "width": 600, "height": 400, "widths": [320], "crops": [320]}


def publish_edition(number: int, released: dt.datetime, *headlines: str) -> list[Story]:
    """An edition with these stories on its first page."""
    day = released.date()
    part = Edition.objects.filter(date=day).count() + 1
    edition = Edition.objects.create(
        number=number, date=day, part=part, release_at=released, sha256="0" * 64
    )
    page = EditionPage.objects.create(edition=edition, number=1, name="要闻")
    return [
        a_story(headline, released, page=page, position=n)
        for n, headline in enumerate(headlines, start=1)
    ]


def a_story(headline: str, released: dt.datetime, **more: object) -> Story:
    section = Section.objects.get(slug=more.pop("section", "news"))
    return Story.objects.create(
        headline=headline,
        summary=f"{headline}的摘要",
        section=section,
        revision=1,
        sha256="0" * 64,
        release_at=released,
        **more,
    )


@pytest.fixture
def printed(staff, now) -> list[Story]:
    return publish_edition(7, now - HOUR, *(f"第{n}条" for n in range(1, 9)))


@pytest.fixture
def arrange(staff, now):
    """Return a function that does one thing as the editor, who has just looked."""

    def do(what, *args, **more):
        page = HomepageVersion.objects.first()
        who = {"user": staff["editor"], "at": now, "version": page.version if page else 0}
        return what(*args, **{**who, **more})

    return do


def seen(client) -> tuple[str | None, list[str]]:
    """The lead and the headlines that a reader sees."""
    page_store.store.clear()
    context = client.get("/").context
    lead = context["lead"]
    return lead and lead.headline, [story.headline for story in context["headlines"]]


def bands(client) -> list[str]:
    """The blocks below the top in their order, by what a reader sees."""
    page_store.store.clear()
    page = client.get("/").content.decode()
    return re.findall(r'id="(today|photo-news|towns|block-[a-z]+)"', page)


def test_without_an_arrangement_it_is_the_paper_as_it_is_set(client, printed):
    Story.objects.filter(headline="第3条").update(photo_list=[PHOTO])
    a_story("副刊里的", printed[0].release_at - HOUR, section="literature")
    assert seen(client) == ("第3条", ["第1条", "第2条", "第4条", "第5条", "第6条"])
    assert bands(client) == ["today", "block-news", "block-literature", "towns"]
    assert homepage.default_blocks([]) == [
        homepage.HomepageBlockContent("pages"),
        homepage.HomepageBlockContent("photos", count=6),
        homepage.HomepageBlockContent("towns"),
    ]


def test_chosen_stories_stand_first_and_the_paper_fills_the_rest(client, printed, arrange):
    arrange(services.pick_story, printed[6].pk, place="lead")
    arrange(services.pick_story, printed[4].pk, place="headlines")
    assert seen(client) == ("第7条", ["第5条", "第1条", "第2条", "第3条", "第4条"])
    arrange(services.pick_story, printed[7].pk, place="lead")
    assert seen(client) == ("第8条", ["第7条", "第5条", "第1条", "第2条", "第3条"])
    arrange(services.move_pick, printed[4].pk, position=1)
    assert seen(client)[1][:2] == ["第5条", "第7条"]
    arrange(services.drop_pick, printed[7].pk)
    assert seen(client) == ("第1条", ["第5条", "第7条", "第2条", "第3条", "第4条"])


def test_a_pick_ends_with_the_next_edition_at_the_second_of_its_release(
    client, printed, arrange, now, monkeypatch
):
    old = printed[0].release_at + 24 * HOUR
    arrange(services.pick_story, printed[6].pk, place="lead")
    arrange(services.pick_story, printed[5].pk, place="headlines")
    arrange(services.set_stays, printed[5].pk, stays=True)
    publish_edition(8, old, "新的头条", "新的二条")
    monkeypatch.setattr("django.utils.timezone.now", lambda: old - dt.timedelta(seconds=1))
    assert seen(client)[0] == "第7条"
    monkeypatch.setattr("django.utils.timezone.now", lambda: old)
    assert seen(client) == ("新的头条", ["第6条", "新的二条"])
    arrange(services.set_stays, printed[5].pk, stays=False, at=old)
    assert seen(client)[1] == ["第6条", "新的二条"]
    assert [row.story_id for row in HomepagePick.objects.all()] == [printed[5].pk]


def test_what_readers_may_not_see_never_shows_and_its_place_is_filled(
    client, printed, arrange, now
):
    for story in (printed[7], printed[6]):
        arrange(services.pick_story, story.pk, place="lead")
    services.withdraw_story(printed[6], reason="待核实", at=now)
    assert seen(client) == ("第1条", ["第8条", "第2条", "第3条", "第4条", "第5条"])
    later = a_story("还没发的", now + HOUR)
    with pytest.raises(Hidden):
        arrange(services.pick_story, later.pk, place="lead")
    HomepagePick.objects.create(
        story=later, place="headlines", order=0, edition=printed[0].page.edition
    )
    assert "还没发的" not in client.get("/").content.decode()
    assert len(seen(client)[1]) == 5


def test_six_chosen_headlines_are_six_though_one_is_withdrawn(client, printed, arrange, now):
    for story in printed[2:8]:
        arrange(services.pick_story, story.pk, place="headlines")
    services.withdraw_story(printed[7], reason="待核实", at=now)
    assert seen(client)[1] == ["第3条", "第4条", "第5条", "第6条", "第7条", "第2条"]


def test_an_old_story_may_stand_on_top(client, printed, arrange, now):
    old = a_story("十年以前", now - 24 * 3650 * HOUR)
    Story.objects.bulk_create(
        Story(
            headline=f"新{n}",
            section=old.section,
            revision=1,
            sha256="0" * 64,
            release_at=now - 2 * HOUR,
        )
        for n in range(homepage.NEWEST)
    )
    arrange(services.pick_story, old.pk, place="headlines")
    assert seen(client)[1][0] == "十年以前"


def test_there_is_room_for_eight(printed, arrange, now):
    more = a_story("第9条", now - HOUR)
    for story in printed:
        arrange(services.pick_story, story.pk, place="headlines")
    with pytest.raises(Invalid):
        arrange(services.pick_story, more.pk, place="headlines")
    assert HomepagePick.objects.count() == 8
    arrange(services.pick_story, more.pk, place="lead")
    with pytest.raises(Invalid):
        arrange(services.pick_story, more.pk, place="headlines")
    assert HomepagePick.objects.get(place="lead").story == more


def test_blocks_are_moved_hidden_and_numbered(client, printed, arrange, now):
    Story.objects.filter(headline="第1条").update(photo_list=[PHOTO])
    Story.objects.filter(headline="第2条").update(photo_list=[PHOTO])
    for n in range(9):
        a_story(f"副刊{n}", now - 2 * HOUR, section="literature")
    literature = f"section-{Section.objects.get(slug='literature').pk}"
    assert bands(client) == ["today", "photo-news", "block-news", "block-literature", "towns"]
    arrange(services.move_block, "towns", position=2)
    arrange(services.move_block, "pages", position=5)
    arrange(services.set_count, literature, 7)
    assert bands(client) == ["towns", "photo-news", "block-news", "block-literature", "today"]
    page_store.store.clear()
    assert len(client.get("/").context["bands"][2]["rows"][1]["stories"]) == 7
    arrange(services.show_block, "photos", is_shown=False)
    arrange(services.show_block, literature, is_shown=False)
    assert bands(client) == ["towns", "block-news", "today"]
    arrange(services.show_block, "photos", is_shown=True)
    arrange(services.move_block, "pages", position=1)
    assert bands(client) == ["today", "towns", "photo-news", "block-news"]
    for wrong in (0, 13):
        with pytest.raises(Invalid):
            arrange(services.set_count, "photos", wrong)
    with pytest.raises(Invalid):
        arrange(services.set_count, "towns", 3)
    with pytest.raises(Conflict):
        arrange(services.move_block, "section-999", position=1)


def test_a_new_section_comes_in_by_itself_behind_its_neighbour(client, printed, arrange, now):
    arrange(services.move_block, "towns", position=1)
    new = Section.objects.create(name="健康", slug="health", order=1)
    a_story("体检", now - HOUR, section="health")
    a_story("诗", now - HOUR, section="literature")
    assert bands(client) == ["towns", "today", "block-news", "block-health", "block-literature"]
    arrange(services.show_block, f"section-{new.pk}", is_shown=False)
    Section.objects.filter(pk=new.pk).update(is_active=False)
    arrange(services.move_block, "towns", position=5)
    Section.objects.filter(pk=new.pk).update(is_active=True)
    assert "block-health" not in bands(client)


def test_photo_news_stands_in_the_strip_and_only_if_an_editor_wants_in_a_block_too(
    client, printed, arrange, now
):
    photos = Section.objects.create(name="图片新闻", slug="pictures", order=9)
    a_story("采茶", now - HOUR, section="pictures")
    assert "block-pictures" not in bands(client)
    arrange(services.move_block, "towns", position=2)
    assert "block-pictures" not in bands(client)
    arrange(services.show_block, f"section-{photos.pk}", is_shown=True)
    assert "block-pictures" in bands(client)
    arrange(services.move_block, "towns", position=3)
    assert "block-pictures" in bands(client)


def test_of_two_editors_the_second_is_told_and_nothing_is_lost(printed, arrange, staff, now):
    arrange(services.pick_story, printed[6].pk, place="lead", version=0)
    with pytest.raises(Conflict, match="editor"):
        arrange(services.pick_story, printed[5].pk, place="lead", version=0, user=staff["head"])
    with pytest.raises(Conflict):
        arrange(services.move_block, "towns", position=1, version=0)
    assert HomepagePick.objects.get().story == printed[6]
    assert not HomepageBlock.objects.exists()


@pytest.mark.parametrize("role", ["correspondent", "reporter", "administrator"])
def test_who_may_not_arrange_is_refused(role, desk, printed, arrange, staff):
    with pytest.raises(Forbidden):
        arrange(services.pick_story, printed[6].pk, place="lead", user=staff[role])
    with pytest.raises(Forbidden):
        arrange(services.move_block, "towns", position=1, user=staff[role])
    client = desk(role)
    assert client.get(SCREEN).status_code == 403
    sent = client.post(f"{SCREEN}pick/", {"story": printed[6].pk, "place": "lead", "version": 0})
    assert sent.status_code == 403
    assert not HomepagePick.objects.exists()
    assert SCREEN not in client.get("/desk/").content.decode()


@pytest.mark.parametrize("role", ["editor", "head", "chief"])
def test_who_arranges_does_all_of_it_by_plain_forms(role, desk, client, printed):
    browser = desk(role)
    assert SCREEN in browser.get("/desk/").content.decode()

    def post(action: str, **sent: object) -> int:
        version = HomepageVersion.objects.first()
        return browser.post(
            f"{SCREEN}{action}/", {"version": version.version if version else 0, **sent}
        ).status_code

    one, other = printed[6].pk, printed[7].pk
    steps = [
        ("pick", {"story": one, "place": "lead"}),
        ("pick", {"story": other, "place": "lead"}),
        ("stays", {"story": one, "on": "1"}),
        ("move", {"story": one, "position": "1"}),
        ("drop", {"story": other}),
        ("move-block", {"block": "towns", "position": "1"}),
        ("show-block", {"block": "photos", "on": "0"}),
        ("count", {"block": "photos", "count": "3"}),
    ]
    assert {post(name, **sent) for name, sent in steps} == {302}
    assert seen(client)[1][0] == "第7条"
    assert HomepagePick.objects.get().stays
    assert post("count", block="photos", count="99") == 400
    assert post("pick", story=999, place="lead") == 404
    assert post("nothing") == 404
    assert post("move", story="x", position="\0") == 409


def test_the_screen_says_who_was_first_and_shows_how_it_stands(desk, printed, arrange):
    arrange(services.pick_story, printed[6].pk, place="lead")
    answer = desk("head").post(
        f"{SCREEN}pick/", {"story": printed[5].pk, "place": "lead", "version": 0, "q": "第6条"}
    )
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "editor" in page[page.index('role="alert"') :][:200]
    assert 'value="第6条"' in page
    assert f'name="version" value="{HomepageVersion.objects.get().version}"' in page


def test_the_search_finds_what_is_in_print_and_nothing_else(desk, staff, now):
    factories.make_story("水闸换了电动机", now - HOUR)
    factories.make_story("水闸还没有发", now + HOUR)
    factories.make_in("draft", staff["reporter"], now, headline="水闸草稿")
    withdrawn = factories.make_story("水闸撤了", now - HOUR)
    services.withdraw_story(withdrawn, reason="待核实", at=now)
    found = desk("editor").get(SCREEN, {"q": "水闸"}).context["found"]
    assert [story.headline for story in found] == ["水闸换了电动机"]
    for odd in ("", "-", '"', "无" * 500):
        assert desk("editor").get(SCREEN, {"q": odd}).status_code == 200


def test_a_withdrawn_pick_is_marked_at_the_desk(desk, printed, arrange, now):
    arrange(services.pick_story, printed[6].pk, place="lead")
    services.withdraw_story(printed[6], reason="待核实", at=now)
    context = desk("editor").get(SCREEN).context
    assert (context["lead"].is_seen, context["usual_lead"]) == (False, printed[0])


@pytest.mark.parametrize("count", [1, 8])
def test_it_takes_eight_queries_however_much_is_chosen(client, printed, arrange, now, count):
    old = [a_story(f"旧{n}", now - 9999 * HOUR - n * HOUR) for n in range(count)]
    Story.objects.bulk_create(
        Story(headline="新", section=old[0].section, revision=1, sha256="0", release_at=now - HOUR)
        for _n in range(homepage.NEWEST)
    )
    for story in old:
        arrange(services.pick_story, story.pk, place="headlines")
    arrange(services.move_block, "towns", position=1)
    # The worst: a picture of a page shows a story that is not among the newest.
    page = EditionPage.objects.get()
    page.image = {"token": "t", "widths": [240], "width": 240, "height": 340}
    page.areas = [{"story": old[0].pk, "x": 0, "y": 0, "w": 1, "h": 1}]
    page.save()
    page_store.store.clear()
    with CaptureQueriesContext(connection) as taken:
        assert client.get("/").status_code == 200
    asked = [q["sql"] for q in taken if "press_change" not in q["sql"]]
    assert len(asked) <= MOST, asked


def test_the_usual_front_page_takes_eight_with_the_clock(client, printed, arrange):
    arrange(services.pick_story, printed[6].pk, place="lead")
    page_store.store.clear()
    with CaptureQueriesContext(connection) as taken:
        assert client.get("/").status_code == 200
    assert len(taken) <= MOST, [q["sql"] for q in taken]


def test_a_change_is_there_at_once_though_pages_are_kept(client, printed, arrange):
    assert "第7条" not in client.get("/").content.decode().split('id="block-news"')[0]
    arrange(services.pick_story, printed[6].pk, place="lead")
    client.get("/nowhere/")
    assert client.get("/").context["lead"] == printed[6]


def test_the_photo_strip_has_captions_and_credits(client, printed):
    photo = {**PHOTO, "caption": "看闸人按下按钮", "credit": "张禾 摄", "alt": "", "placed": False}
    Story.objects.filter(headline__in=["第1条", "第2条"]).update(photo_list=[photo])
    page = client.get("/").content.decode()
    strip = page[page.index('id="photo-news"') : page.index('class="blocks"')]
    assert "<span>看闸人按下按钮</span>" in strip
    assert '<small class="credit">张禾 摄</small>' in strip


def test_the_database_holds_what_the_code_relies_on(printed):
    news = Section.objects.get(slug="news")
    for wrong in (
        [HomepageBlock(kind="section")],
        [HomepageBlock(kind="towns", section=news)],
        [HomepageBlock(kind="towns"), HomepageBlock(kind="towns")],
        [HomepageBlock(kind="section", section=news), HomepageBlock(kind="section", section=news)],
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            HomepageBlock.objects.bulk_create(wrong)

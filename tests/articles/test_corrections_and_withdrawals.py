"""Rules after publication: a correction is public and listed, a withdrawn story disappears."""

from __future__ import annotations

import datetime as dt
import json
import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from articles import services
from articles.exceptions import Conflict
from articles.models import Article
from articles.workflow.states import Shown
from press.models import Correction, Story
from tests.helpers import factories

HOUR = dt.timedelta(hours=1)
NOTE = "原稿把“六座”写成“七座”"


def correct(article: Article, staff, at, note: str = NOTE, kind: str = "correction") -> Story:
    """Open a correction with a new headline and approve its two reviews."""
    services.correct(article, user=staff["head"], at=at, kind=kind, reason=note)
    article.refresh_from_db()
    services.take(article, user=staff["head"], at=at)
    article.refresh_from_db()
    text = factories.content("改过的标题")
    services.save_article(article, text, user=staff["head"], at=at, base_version=article.version)
    for reader in ("head", "chief"):
        article.refresh_from_db()
        factories.sign_review(article, user=staff[reader], at=at)
    return Story.objects.get(pk=article.story_id)


@pytest.fixture
def published(staff, now) -> Article:
    return factories.make_in("published", staff["correspondent"], now)


def json_ld(client: Client, story: Story) -> dict:
    page = client.get(story.get_absolute_url()).content.decode()
    (data,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.S)
    return json.loads(data)


def test_a_correction_stands_on_the_story_and_in_the_list(client, published, staff, now):
    assert NOTE not in client.get("/corrections/").content.decode()
    story = correct(published, staff, now)
    page = client.get(story.get_absolute_url()).content.decode()
    assert "更正" in page
    assert NOTE in page
    listed = client.get("/corrections/").content.decode()
    assert NOTE in listed
    assert f'href="{story.get_absolute_url()}"' in listed


def test_nothing_is_said_before_the_correction_is_signed(client, published, staff, now):
    services.correct(published, user=staff["head"], at=now, kind="update", reason=NOTE)
    assert NOTE not in client.get("/corrections/").content.decode()
    assert NOTE not in client.get(published.story.get_absolute_url()).content.decode()


def test_machines_read_when_it_was_changed_and_why(client, published, staff, now):
    before = json_ld(client, published.story)
    assert before["dateModified"] == before["datePublished"]
    story = correct(published, staff, now)
    after = json_ld(client, story)
    assert after["datePublished"] == before["datePublished"]
    assert after["dateModified"] == timezone.localtime(now).isoformat(timespec="seconds")
    assert [c["text"] for c in after["correction"]] == [NOTE]


def test_no_text_ends_the_element_of_the_machine_copy(client, staff, now):
    story = factories.make_story("</script><b>&amp;", now - HOUR, has_code=True)
    assert json_ld(client, story)["headline"] == "</script><b>&amp;"


def test_a_withdrawn_story_leaves_the_list_of_corrections(client, published, staff, now):
    story = correct(published, staff, now)
    services.withdraw(published, user=staff["chief"], at=timezone.now(), reason="正在核实")
    gone = client.get(story.get_absolute_url())
    assert gone.status_code == 410
    assert "正在核实" in gone.content.decode()
    assert NOTE not in client.get("/corrections/").content.decode()


def test_a_second_correction_comes_first(client, published, staff, now):
    correct(published, staff, now, "第一次")
    published.refresh_from_db()
    story = correct(published, staff, now + HOUR, "第二次", kind="apology")
    assert [c["note"] for c in story.corrections] == ["第二次", "第一次"]
    assert list(Correction.objects.values_list("note", "kind")) == [
        ("第二次", "apology"),
        ("第一次", "correction"),
    ]


def test_the_list_is_paged_by_key(
    client, published, now, django_assert_max_num_queries, still_clock
):
    story = published.story
    Correction.objects.bulk_create(
        Correction(story=story, kind="update", note=f"第{n}条", at=now - n * HOUR)
        for n in range(1, 46)
    )
    url, notes = "/corrections/", []
    still_clock()
    while url:
        with django_assert_max_num_queries(4):
            page = client.get(url).context["page"]
        notes += [row.note for row in page.rows]
        url = f"/corrections/?before={page.older}" if page.older else ""
    assert notes == [f"第{n}条" for n in range(1, 46)]


def test_the_chief_withdraws_by_the_desk_and_gives_the_reason(client, desk, published):
    chief = desk("chief")
    url = reverse("admin:articles_article_transition", args=[published.pk, "withdraw"])
    assert "此操作不能撤销" in chief.get(url).content.decode()
    refused = chief.post(url, {"version": published.version, "reason": " "})
    assert refused.status_code == 400
    assert client.get(published.story.get_absolute_url()).status_code == 200
    chief.post(url, {"version": published.version, "reason": "照片未经同意"})
    gone = client.get(published.story.get_absolute_url())
    assert gone.status_code == 410
    assert "照片未经同意" in gone.content.decode()


def returned_correction(article: Article, staff, now) -> Article:
    services.correct(article, user=staff["head"], at=now, kind="correction", reason=NOTE)
    services.take(article, user=staff["head"], at=now)
    services.return_article(article, user=staff["head"], at=now, reason="请改标题")
    article.refresh_from_db()
    return article


def test_a_story_whose_correction_was_returned_stays_in_the_hands_of_the_desk(
    desk, published, staff, now
):
    """It is a draft of its author again and still published: head and chief see it and may act."""
    article = returned_correction(published, staff, now)
    url = f"/desk/articles/article/{article.pk}/"
    for role, status in (("head", 200), ("chief", 200), ("editor", 200), ("reporter", 404)):
        assert desk(role).get(f"{url}change/").status_code == status, role
    form = {"version": article.version, "reason": "事实有误"}
    assert desk("chief").post(f"{url}withdraw/", form).status_code == 302
    article.refresh_from_db()
    assert article.state == "withdrawn"


def test_a_dropped_correction_says_that_the_story_stays(desk, published, staff, now):
    article = returned_correction(published, staff, now)
    url = f"/desk/articles/article/{article.pk}/spike/"
    page = desk("head").get(url).content.decode()
    assert "放弃更正" in page
    assert "读者看到的原稿不变" in page
    form = {"version": article.version, "reason": "不必更正"}
    said = desk("head").post(url, form, follow=True).content.decode()
    assert "已放弃更正，原稿照旧" in said
    told = staff["correspondent"].notifications.order_by("-id").first().text
    assert "放弃了" in told
    assert "原稿照旧" in told
    assert Story.objects.visible(now).filter(pk=article.story_id).exists()


def test_a_correction_is_not_returned_to_nobody(published, staff, now):
    """An archived article has no author with a login: nobody could edit a draft of it."""
    Article.objects.filter(pk=published.pk).update(created_by=None)
    published.bylines.all().delete()
    with pytest.raises(Conflict, match="没有账号"):
        returned_correction(Article.objects.get(pk=published.pk), staff, now)


def test_the_desk_says_what_readers_see_now(desk, published, staff, now):
    """During a correction the old text stays published, unless the story is withdrawn."""
    url = f"/desk/articles/article/{published.pk}/"
    chief = desk("chief")
    assert published.shown(now) is Shown.STORY
    assert "旧稿" not in chief.get(f"{url}change/").content.decode()
    services.correct(published, user=staff["head"], at=now, kind="correction", reason=NOTE)
    published.refresh_from_db()
    assert published.shown(now) is Shown.OLD_TEXT
    assert "读者看到的仍是原稿" in chief.get(f"{url}change/").content.decode()
    form = {"version": published.version, "reason": "事实有误"}
    chief.post(f"{url}withdraw/", form)
    published.refresh_from_db()
    assert published.shown(timezone.now()) is Shown.WITHDRAWN
    page = chief.get(f"{url}change/").content.decode()
    assert "旧稿" not in page
    assert "读者只看得到撤稿原因" in page
    assert "事实有误" in page

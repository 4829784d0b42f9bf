"""Rule: text is never lost."""

from __future__ import annotations

import pytest
from django.db import connection
from django.db.models import ProtectedError

from articles import services
from articles.exceptions import Forbidden, Invalid, StaleSave
from articles.models import Article, Revision
from articles.services.audit_verify import verify
from bylines.models import Contributor
from paper.services import set_in_use
from tests.helpers import factories


def test_every_save_is_a_revision(staff, now):
    author = staff["correspondent"]
    article = factories.make_draft(author, now)
    for number, headline in enumerate(("第二稿", "第三稿"), start=1):
        services.save_article(
            article, factories.content(headline), user=author, at=now, base_version=number
        )
    numbers = list(article.revisions.values_list("number", flat=True))
    assert numbers == [3, 2, 1]
    assert article.revisions.first().content["headline"] == "第三稿"


def test_the_same_text_again_makes_no_revision(staff, now):
    author = staff["correspondent"]
    article = factories.make_draft(author, now)
    services.save_article(article, factories.content(), user=author, at=now, base_version=1)
    assert article.revisions.count() == 1


def test_a_stale_save_is_refused_and_kept(staff, now):
    author = staff["correspondent"]
    article = factories.make_draft(author, now)
    services.save_article(article, factories.content("先存的"), user=author, at=now, base_version=1)
    with pytest.raises(StaleSave):
        services.save_article(
            article, factories.content("后存的"), user=author, at=now, base_version=1
        )
    article.refresh_from_db()
    assert article.headline == "先存的"
    assert Revision.objects.get(is_side=True).content["headline"] == "后存的"


def test_a_save_after_the_article_moved_on_is_kept(staff, now):
    author = staff["correspondent"]
    article = factories.make_draft(author, now)
    services.submit(article, user=author, at=now)
    with pytest.raises(StaleSave):
        services.save_article(
            article, factories.content("还在改"), user=author, at=now, base_version=1
        )
    assert Revision.objects.get(is_side=True).content["headline"] == "还在改"


def test_the_screen_keeps_what_was_typed(desk, staff, now):
    """A stale save returns 409 with the typed text still in the form."""
    article = factories.make_draft(staff["correspondent"], now)
    form = {"kind": "story", "photos-TOTAL_FORMS": 0, "photos-INITIAL_FORMS": 0, "version": 1}
    client = desk("correspondent")
    url = f"/desk/articles/article/{article.pk}/change/"
    first = client.post(url, {**form, "headline": "第一次", "body": "<p>甲</p>"})
    assert first.status_code == 302
    second = client.post(url, {**form, "headline": "第二次打的字", "body": "<p>乙</p>"})
    assert second.status_code == 409
    assert "第二次打的字" in second.content.decode()
    assert Revision.objects.filter(is_side=True).count() == 1


def test_a_field_in_error_loses_nothing(desk):
    form = {"kind": "story", "photos-TOTAL_FORMS": 0, "photos-INITIAL_FORMS": 0, "version": 0}
    response = desk("correspondent").post(
        "/desk/articles/article/add/",
        {**form, "headline": "打好的标题", "body": "<p>打好的正文</p>", "kicker": "长" * 121},
    )
    page = response.content.decode()
    assert response.status_code == 400
    assert "打好的标题" in page
    assert "打好的正文" in page


def test_submit_with_something_missing_saves_the_text(desk):
    form = {"kind": "story", "photos-TOTAL_FORMS": 0, "photos-INITIAL_FORMS": 0, "version": 0}
    response = desk("correspondent").post(
        "/desk/articles/article/add/",
        {**form, "headline": "只有标题", "body": "", "then": "submit"},
        follow=True,
    )
    page = response.content.decode()
    assert "缺正文" in page
    assert "您写的内容已保存" in page
    assert Revision.objects.get().content["headline"] == "只有标题"


def test_pasted_html_is_cleaned(staff, now):
    body = '<p onclick="x()">好<script>alert(1)</script><b>粗</b></p><img src=x onerror=y>'
    article = factories.make_draft(staff["correspondent"], now, body=body)
    assert article.body == "<p>好<strong>粗</strong></p>"


def test_too_long_is_said_not_cut(staff, now):
    with pytest.raises(Invalid):
        factories.make_draft(staff["correspondent"], now, kicker="长" * 121)
    with pytest.raises(Invalid):
        factories.make_draft(staff["correspondent"], now, body="<p>" + "长" * 500_001 + "</p>")


def test_an_administrator_does_not_write(staff, now):
    with pytest.raises(Forbidden):
        factories.make_draft(staff["administrator"], now)


@pytest.mark.parametrize("tag", ["长" * 61, "a" * 120, "ﷺ" * 20])
def test_a_tag_that_the_database_has_no_room_for_is_refused_in_words(desk, tag):
    form = {"kind": "story", "photos-TOTAL_FORMS": 0, "photos-INITIAL_FORMS": 0, "version": 0}
    url = "/desk/articles/article/add/"
    response = desk("correspondent").post(url, {**form, "headline": "水闸", "tag_line": tag})
    page = response.content.decode()
    assert response.status_code == 400
    assert "标签“" in page
    assert tag in page
    assert not Article.objects.exists()


@pytest.mark.parametrize("tag", [".", "..", "水利/../农业", "水利\\.."])
def test_a_tag_that_a_browser_takes_for_a_way_up_is_refused_in_words(desk, tag):
    form = {"kind": "story", "photos-TOTAL_FORMS": 0, "photos-INITIAL_FORMS": 0, "version": 0}
    url = "/desk/articles/article/add/"
    response = desk("correspondent").post(url, {**form, "headline": "水闸", "tag_line": tag})
    assert response.status_code == 400
    assert "不能用作网页地址" in response.content.decode()
    assert not Article.objects.exists()


def test_a_tag_with_a_slash_is_a_page(staff, now, client):
    factories.make_story("基站", now, tags=("5G/6G", "1.0", "…"))
    story = client.get(f"/stories/{Article.objects.get().story_id}/").content.decode()
    assert 'href="/tags/5G/6G/"' in story
    assert "基站" in client.get("/tags/5G/6G/").content.decode()


def test_a_town_out_of_use_stays_where_it_is(staff, now, town):
    """The correction is dropped, and the signed revision still names the town."""
    article = factories.make_draft(staff["correspondent"], now, towns=(town.pk,))
    services.submit(article, user=staff["correspondent"], at=now)
    factories.pass_all(article, staff, now)
    services.release(article, user=staff["chief"], at=now)
    services.correct(article, user=staff["head"], at=now, kind="update", reason="补充")
    with pytest.raises(ProtectedError):
        town.delete()
    set_in_use(town, False, by=staff["administrator"], at=now)
    services.spike(article, user=staff["chief"], at=now, reason="不更正")
    article.refresh_from_db()
    assert article.state == "approved"
    assert list(article.towns.all()) == [town]
    connection.check_constraints()
    assert verify(article) is None


def test_a_writer_who_is_gone_is_asked_for_in_words(desk, staff, now):
    """A conflict copy names a deleted contributor: after the merge, the form asks who wrote it."""
    article = factories.make_draft(staff["correspondent"], now)
    aside = factories.content("丙", writer="新人甲")
    with pytest.raises(StaleSave):
        services.save_article(
            article,
            aside,
            user=staff["correspondent"],
            at=now,
            base_version=0,
            window_id="tab-aaaaaaa",
        )
    Contributor.objects.get(name="新人甲").delete()
    response = desk("correspondent").post(
        f"/desk/articles/article/{article.pk}/merge/2/",
        {"headline": "mine", "bylines": "mine", "version": 1},
    )
    assert response.status_code == 400
    assert "请重新填写署名" in response.content.decode()
    connection.check_constraints()


def test_tags_up_to_the_limit_are_kept_even_where_their_addresses_meet(staff, now):
    for tag in ("长" * 60, f"{'长' * 59}！", f"{'长' * 59}？"):
        article = factories.make_draft(staff["correspondent"], now, tags=(tag,))
        assert [row.name for row in article.tags.all()] == [tag]

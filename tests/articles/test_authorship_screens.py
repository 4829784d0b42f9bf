"""Rule: before the signature, the screens ask whether a name is the signer's."""

from __future__ import annotations

import pytest

from articles import services
from articles.models import Article
from tests.helpers.authorship import NAME, waiting


@pytest.fixture
def article(staff, namesake, now) -> Article:
    found = waiting(staff, now, writer=namesake)
    services.take(found, user=staff["chief"], at=now)
    found.refresh_from_db()
    return found


def test_the_button_of_the_reading_turns_into_the_question(desk, article, namesake):
    url = f"/desk/articles/article/{article.pk}/approve/"
    client = desk("chief")
    page = client.post(url, {"version": article.version, "note": "改得好"})
    text = page.content.decode()
    assert page.status_code == 400
    assert f'name="namesake-c{namesake.pk}"' in text
    assert "改得好" in text
    assert "白沙中学" in text
    data = {"version": article.version, "note": "改得好", f"namesake-c{namesake.pk}": "other"}
    assert client.post(url, data).status_code == 302
    article.refresh_from_db()
    assert article.state == "approved"
    assert article.reviews.get().note == "改得好"


def test_saved_and_signed_by_one_button_it_is_asked_and_nothing_typed_is_lost(
    desk, article, namesake
):
    client, url = desk("chief"), f"/desk/articles/article/{article.pk}/change/"
    form = client.get(url).context["form"]
    data = {name: form[name].value() or "" for name in form.fields}
    data |= {"then": "approve", "note": "改得好", "headline": "改过的标题", "towns": []}
    data |= {"photos-TOTAL_FORMS": 0, "photos-INITIAL_FORMS": 0}
    page = client.post(url, data)
    article.refresh_from_db()
    assert page.status_code == 400
    assert article.headline == "改过的标题"
    assert "改得好" in page.content.decode()
    assert f'action="/desk/articles/article/{article.pk}/approve/"' in page.content.decode()
    answer = {
        "version": page.context["version"],
        "note": "改得好",
        f"namesake-c{namesake.pk}": "other",
    }
    done = client.post(f"/desk/articles/article/{article.pk}/approve/", answer)
    assert done.status_code == 302
    assert Article.objects.get(pk=article.pk).state == "approved"


def test_it_is_me_is_said_in_words_and_stands_in_the_record(desk, article, namesake):
    url = f"/desk/articles/article/{article.pk}/approve/"
    data = {"version": article.version, f"namesake-c{namesake.pk}": "me"}
    page = desk("chief").post(url, data)
    assert page.status_code == 409
    assert "是您本人" in page.content.decode()
    record = desk("head").get(f"/desk/articles/article/{article.pk}/sheet/").content.decode()
    assert "是本人" in record


def test_several_at_once_ask_for_each_article(desk, staff, chief, namesake, now):
    plain = waiting(staff, now, writer=None, headline="无人同名")
    doubtful = waiting(staff, now, writer=namesake, headline="有人同名")
    rows = [f"{one.pk}:{one.version}" for one in (plain, doubtful)]
    client = desk("chief")
    page = client.post("/desk/queue/bulk/", {"do": "approve", "row": rows}).content.decode()
    field = f"{doubtful.pk}-namesake-c{namesake.pk}"
    assert page.count(f'name="{field}"') == 2
    data = {"do": "approve", "row": rows, "confirmed": "1", "has_read": "on"}
    told = client.post("/desk/queue/bulk/", data).content.decode()
    states = dict(Article.objects.values_list("headline", "state"))
    assert states == {"无人同名": "approved", "有人同名": "final_review"}
    assert NAME in told
    data = {**data, "row": rows[1:], field: "other"}
    client.post("/desk/queue/bulk/", data)
    assert set(Article.objects.values_list("state", flat=True)) == {"approved"}


def test_the_questions_of_many_cost_no_more_queries(
    staff, chief, namesake, now, django_assert_max_num_queries
):
    from articles.services.authorship import standings

    found = [waiting(staff, now, writer=namesake, headline=f"第{n}篇") for n in range(12)]
    with django_assert_max_num_queries(14):
        assert len(standings(found, chief)) == 12

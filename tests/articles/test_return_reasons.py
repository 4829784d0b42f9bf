"""Rule: returning and spiking require a reason; frequent reasons are one tap away."""

from __future__ import annotations

import pytest

from articles.models import Article, ReasonPhrase
from tests.helpers import factories


def phrases(transition: str) -> list[ReasonPhrase]:
    return list(ReasonPhrase.objects.filter(transition=transition))


def taken(staff, now, **more) -> Article:
    article = factories.make_in("first_review", staff["correspondent"], now, **more)
    Article.objects.filter(pk=article.pk).update(taken_by=staff["editor"], taken_at=now)
    return article


def test_a_new_paper_has_phrases_for_both_transitions(staff):
    assert len(phrases("return")) >= 8
    assert len(phrases("spike")) >= 4


@pytest.mark.parametrize("transition", ["return", "spike"])
def test_ticked_phrases_and_typed_words_become_one_reason(desk, staff, now, transition):
    article = taken(staff, now)
    url = f"/desk/articles/article/{article.pk}/{transition}/"
    first, second = phrases(transition)[:2]
    page = desk("editor").get(url).content.decode()
    assert first.text in page
    other = phrases("spike" if transition == "return" else "return")[0]
    assert other.text not in page
    data = {"phrases": [first.pk, second.pk], "reason": "另外：标题太长"}
    data["version"] = Article.objects.get(pk=article.pk).version
    assert desk("editor").post(url, data).status_code == 302
    note = article.log.last().note
    assert note == f"{first.text}\n{second.text}\n另外：标题太长"


def test_a_phrase_alone_is_a_reason_and_is_said_once(desk, staff, now):
    article = taken(staff, now)
    phrase = phrases("return")[0]
    version = Article.objects.get(pk=article.pk).version
    data = {"phrases": [phrase.pk], "reason": phrase.text, "version": version}
    desk("editor").post(f"/desk/articles/article/{article.pk}/return/", data)
    assert article.log.last().note == phrase.text


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"reason": "  "}, "请写明原因"),
        ({"reason": "长" * 300, "phrases": "1"}, "300"),
        ({"reason": "留着", "phrases": "999"}, "留着"),
        ({"reason": "留着", "phrases": "9" * 30}, "留着"),
        ({"reason": "留着", "phrases": "'; DROP"}, "留着"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_lost(desk, staff, now, data, said):
    article = taken(staff, now)
    response = desk("editor").post(f"/desk/articles/article/{article.pk}/return/", data)
    assert response.status_code == 400
    assert said in response.content.decode()
    article.refresh_from_db()
    assert article.state == "first_review"


@pytest.mark.parametrize(
    ("role", "may"),
    [
        ("correspondent", False),
        ("reporter", False),
        ("editor", False),
        ("head", True),
        ("chief", True),
        ("administrator", True),
    ],
)
def test_who_keeps_the_phrases(desk, role, may):
    client = desk(role)
    url = "/desk/articles/reasonphrase/"
    assert client.get(url).status_code == (200 if may else 403)
    data = {"transition": "return", "text": "请注明作者单位。", "order": "9"}
    client.post(url + "add/", data)
    assert ReasonPhrase.objects.filter(text=data["text"]).exists() is may
    assert (url in client.get("/desk/").content.decode()) is may


def test_without_phrases_the_form_still_asks(desk, staff, now):
    ReasonPhrase.objects.all().delete()
    article = taken(staff, now)
    url = f"/desk/articles/article/{article.pk}/return/"
    assert desk("editor").post(url, {"reason": ""}).status_code == 400
    form = {"reason": "补一张图", "version": Article.objects.get(pk=article.pk).version}
    assert desk("editor").post(url, form).status_code == 302

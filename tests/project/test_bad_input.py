"""Rule: bad input is never a server error: it is refused with a message and shown again."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from articles.models import SavedFilter
from tests.helpers import factories

FORM = {
    "headline": "标题",
    "body": "<p>正文</p>",
    "kind": "story",
    "byline": "记者 甲乙",
    "version": 1,
    "photos-TOTAL_FORMS": 0,
    "photos-INITIAL_FORMS": 0,
}
HUGE = "9" * 30
STRANGE = ["a\x00b", "\u202eabc", "<script>alert(1)</script>", "长" * 5000, HUGE, "-1", "１２"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *[(name, value) for name in ("headline", "kicker", "byline") for value in STRANGE],
        *[(name, HUGE) for name in ("version", "section", "towns", "photos-TOTAL_FORMS")],
        ("towns", "'; DROP"),
        ("photos-TOTAL_FORMS", "x"),
        ("kind", "novel"),
        ("then", "explode"),
    ],
)
def test_the_article_form_takes_or_refuses_anything(desk, staff, now, field, value):
    article = factories.make_draft(staff["correspondent"], now)
    url = f"/desk/articles/article/{article.pk}/change/"
    response = desk("correspondent").post(url, {**FORM, field: value})
    assert response.status_code in {200, 302, 400, 404, 409}
    if response.status_code == 400:
        assert "正文" in response.content.decode()


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "0000-00-00", "昨天", HUGE])
def test_days_that_no_paper_knows(client, desk, paper, day):
    for name in ("since", "until"):
        assert client.get("/sections/news/", {name: day}).status_code == 200
    response = desk("chief").post("/desk/issues/issue/add/", {"date": day, "pages": "要闻"})
    assert response.status_code == 400
    assert "要闻" in response.content.decode()


@pytest.mark.parametrize(
    "url",
    [
        "/tags/a%00b/",
        "/sections/%00/",
        "/photos/%00/w64.webp",
        "/desk/articles/article/?state=a%00b",
        "/desk/bylines/contributor/?kind__exact=%00",
    ],
)
def test_no_address_holds_nul(desk, url):
    assert desk("chief").get(url).status_code == 400


def test_nul_in_a_field_that_no_form_looks_at_costs_nothing(desk, staff, now):
    """PostgreSQL refuses it in any text, so it is removed before a view sees it."""
    chief = desk("chief")
    chief.post("/desk/articles/article/?q=ab", {"do": "keep", "name": "水\0闸"})
    kept = SavedFilter.objects.get()
    assert kept.name == "水闸"
    chief.post("/desk/articles/article/?q=ab", {"do": f"rename:{kept.pk}", "name": "农\0业"})
    kept.refresh_from_db()
    assert kept.name == "农业"
    file = SimpleUploadedFile("a.jpg", factories.picture(), "image/jpeg")
    sent = chief.post("/desk/articles/article/photos/", {"key": "k\0k", "file": file})
    assert sent.status_code == 200
    used = chief.post(f"/desk/photos/{sent.json()['photo']}/use/", {"key": "k\0y"})
    assert used.status_code == 302


@pytest.mark.parametrize("target", ["NaN", "😀", "//elsewhere.example/", "/\\elsewhere", "a:b", ""])
def test_the_language_leads_back_into_the_paper_only(client, db, target):
    response = client.get("/language/en/", {"next": target})
    assert (response.status_code, response.headers["Location"]) == (302, "/")


@pytest.mark.parametrize("field", ["town", "section"])
def test_a_contributor_with_an_unknown_place(desk, field):
    data = {"name": "甲乙", "kind": "author", field: "'; DROP"}
    response = desk("administrator").post("/desk/bylines/contributor/add/", data)
    assert response.status_code == 200
    assert "甲乙" in response.content.decode()

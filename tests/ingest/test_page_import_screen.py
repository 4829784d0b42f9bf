"""The paste screen: text, preview to correct and tick, drafts; the input is never lost."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from articles.models import Article
from press.models import Story
from tests.helpers.page_imports import PAGE, written
from tests.helpers.paths import ROOT, SHARED

URL = "/desk/paste/"
DEMO_PAGES = ROOT / "newsroom" / "demo" / "pages"
SEED = SHARED / "seed"


def preview(client, text: str):
    response = client.post(URL, {"text": text})
    assert response.status_code == 200, response.content.decode()
    return response


def filled(response) -> dict[str, str]:
    """Return the data that a browser would send for the unchanged preview."""
    data = {"bring-in": "1"}
    forms = [response.context["stories"].management_form, *response.context["stories"]]
    for form in [*forms, response.context["target"]]:
        for field in form:
            value = field.value()
            if value is True:
                value = "on"
            if value not in (None, False):
                data[field.html_name] = value
    return data


def test_what_is_previewed_comes_in(desk):
    client = desk("editor")
    data = filled(preview(client, PAGE))
    done = client.post(URL, data, follow=True).content.decode()
    assert "带入 2 篇" in done or "2 篇" in done
    assert set(Article.objects.values_list("headline", flat=True)) == {
        "六座水闸换了电动机",
        "县图书馆夜里也开门",
    }
    assert Article.objects.first().created_by.username == "editor"


def test_mended_and_ticked(desk):
    client = desk("reporter")
    data = filled(preview(client, PAGE))
    data["s-0-headline"] = "改过的标题\n第二行"
    data["s-0-byline"] = "记者 甲一 乙二 摄影 丙三"
    del data["s-1-take"]
    client.post(URL, data)
    article = Article.objects.get()
    assert article.headline == "改过的标题\n第二行"
    rows = [(b.contributor.name, b.role) for b in article.bylines.all()]
    assert rows == [("甲一", "记者"), ("乙二", "记者"), ("丙三", "摄影")]
    again = client.post(URL, data, follow=True).content.decode()
    assert Article.objects.count() == 1
    assert "以前" in again or "已" in again


def test_a_mistake_in_one_story_keeps_everything_typed(desk):
    client = desk("editor")
    data = filled(preview(client, PAGE))
    data["s-0-headline"] = "改过的标题"
    data["s-1-body"] = ""
    before = written()
    response = client.post(URL, data)
    assert response.status_code == 400
    assert "改过的标题" in response.content.decode()
    assert written() == before


def test_the_chief_brings_in_an_old_issue_an_editor_does_not(desk, client):
    chief = desk("chief")
    data = filled(preview(chief, PAGE))
    data |= {"target": "printed", "date": "2022-10-18", "page_number": "2", "page_name": "镇街"}
    assert chief.post(URL, data).status_code == 302
    assert Story.objects.count() == 2
    assert client.get("/issues/2022-10-18/2/").status_code == 200
    editor = desk("editor")
    data = filled(preview(editor, PAGE.replace("六座", "七座").replace("县图", "区图")))
    data |= {"target": "printed", "date": "2022-10-18", "page_number": "2"}
    editor.post(URL, data)
    assert Story.objects.count() == 2


@pytest.mark.parametrize(
    ("role", "status"),
    [("correspondent", 403), ("administrator", 403), ("reporter", 200), ("chief", 200)],
)
def test_who_may_paste(desk, role, status):
    assert desk(role).get(URL).status_code == status
    assert desk(role).post(URL, {"text": PAGE}).status_code == status


def test_bad_input_is_said_beside_the_form_and_stays_in_it(desk):
    client = desk("editor")
    for text, words in [("", "没有内容"), ("第2版\n", "没有找到稿件")]:
        response = client.post(URL, {"text": text})
        page = response.content.decode()
        assert response.status_code == 400
        assert words in page
        assert text.strip() in page
    upload = SimpleUploadedFile("x.txt", bytes(range(256)) * 20)
    response = client.post(URL, {"text": "", "file": upload})
    assert "不是文本文件" in response.content.decode()
    gbk = SimpleUploadedFile("x.txt", PAGE.encode("gbk"))
    assert "六座水闸" in client.post(URL, {"text": "", "file": gbk}).content.decode()


def test_nothing_ticked_is_said(desk):
    client = desk("editor")
    data = filled(preview(client, PAGE))
    data = {name: value for name, value in data.items() if not name.endswith("-take")}
    response = client.post(URL, data)
    assert response.status_code == 400
    assert "没有勾选" in response.content.decode()


def test_flags_are_shown_in_words(desk):
    page = preview(desk("editor"), PAGE + "\n" + PAGE).content.decode()
    assert "重复刊登" in page or "重复" in page
    assert "duplicate_of" not in page.replace('value="duplicate_of', "")


def pages() -> list[Path]:
    seed = [SEED / "page.txt", *sorted((SEED / "pages").glob("*.txt"))] if SEED.exists() else []
    return [*sorted(DEMO_PAGES.glob("?-?.txt")), *seed]


@pytest.mark.parametrize("path", pages(), ids=lambda path: path.stem)
def test_every_real_page_comes_in_as_previewed(desk, path):
    """The unchanged preview of a page is valid: its bylines are parsed to the same people.

    What can be one person or two is asked first.
    """
    client = desk("head")
    data = filled(preview(client, path.read_text(encoding="utf-8")))
    response = client.post(URL, data)
    if response.status_code == 400 and (asked := response.context["questions"]):
        assert all(len(one.options) > 1 for one in asked)
        response = client.post(URL, data | {one.field: one.options[0].value for one in asked})
    assert response.status_code == 302, [
        form.errors for form in response.context["stories"] if form.errors
    ]
    assert Article.objects.exists()

"""Rule: a result shows and highlights each match, for readers and at the desk."""

from __future__ import annotations

import datetime as dt
import json
import re
import unicodedata

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from articles.content import PhotoRow
from photos.services import add_photo
from tests.helpers import factories
from tests.helpers.paths import SHARED
from tests.helpers.search_texts import QUICK
from textkit.highlight import excerpt, mark_headline, missing_in
from textkit.tokens import plain

HOUR = dt.timedelta(hours=1)
LIST = "/desk/articles/article/"
LONG = "前面有很多字。" * 40
CASE = SHARED / "cases" / "08-search-excerpt.json"


def marked(page: str, css_class: str) -> list[str]:
    """Return what is highlighted in the first element of a class."""
    found = re.search(rf'class="{css_class}">(.*?)</(?:p|span|h2)>', page, re.S)
    return re.findall(r"<mark>(.*?)</mark>", found[1]) if found else []


def excerpt_of(page: str, css_class: str) -> str:
    found = re.search(rf'class="{css_class}">(.*?)</(?:p|span)>', page, re.S)
    return re.sub(r"<[^>]+>", "", found[1]) if found else ""


#: body, query, highlighted parts of the excerpt
HITS = {
    "behind the beginning": (f"<p>{LONG}老水闸</p>", "水闸", ["水闸"]),
    "full width": (f"<p>{LONG}新装ＡＢ－１２３型水泵</p>", "AB-123", ["ＡＢ－１２３"]),
    "full width in capitals": (f"<p>{LONG}ＷＴＯ的规则</p>", "wto", ["ＷＴＯ"]),
    "across a comma": (f"<p>{LONG}老水闸，换上了新泵。</p>", "水闸，换上", ["水闸，换上"]),
    "another comma": (f"<p>{LONG}老水闸。换上了新泵。</p>", "水闸，换上", ["水闸。换上"]),
    "typed in full width": (f"<p>{LONG}5G基站</p>", "５Ｇ", ["5G"]),
    "case": (f"<p>{LONG}A New Water Gate for the town</p>", "water gate", ["Water", "Gate"]),
    "an English phrase": (f"<p>{LONG}the new Water Gate</p>", '"water gate"', ["Water Gate"]),
    "a hyphen": (f"<p>{LONG}the NEW water-gate</p>", '"new watergate"', ["NEW water-gate"]),
    "an accent": (f"<p>{LONG}Cafe\u0301 de la Place</p>", "café", ["Caf\u00e9"]),
    "across markup": (f"<p>{LONG}老水<strong>闸</strong>换了</p>", "水闸换", ["水闸换"]),
    "across an entity": (f"<p>{LONG}甲&amp;乙公司</p>", "甲&乙", ["甲&amp;乙"]),
    "two far apart": (f"<p>水闸在前。{LONG}水泵在后。</p>", "水泵 水闸", ["水闸", "水泵"]),
    "three far apart": (
        f"<p>水闸。{LONG}</p><p>电机。{LONG}水泵。</p>",
        "水泵 电机 水闸",
        ["水闸", "电机", "水泵"],
    ),
    "together later": (f"<p>水闸。{LONG}水泵和水闸。</p>", "水泵 水闸", ["水泵", "水闸"]),
    "in two paragraphs": (f"<p>{LONG}老水闸</p><p>换上新泵</p>", '"水闸 换上"', ["水闸 换上"]),
}


@pytest.mark.parametrize("name", HITS)
def test_an_excerpt_for_readers_shows_the_hit(client, paper, now, name):
    body, query, wanted = HITS[name]
    factories.make_story("无关的标题", now - HOUR, body=body)
    page = client.get("/search/", {"q": query}).content.decode()
    assert marked(page, "row-summary") == wanted
    assert len(excerpt_of(page, "row-summary")) < 160


@pytest.mark.parametrize("name", HITS)
def test_an_excerpt_at_the_desk_shows_the_hit(desk, staff, now, name):
    body, query, wanted = HITS[name]
    factories.make_in("draft", staff["reporter"], now, headline="无关的标题", body=body)
    page = desk("reporter").get(LIST, {"q": query}).content.decode()
    assert sorted(marked(page, "snippet")) == sorted(wanted)
    assert len(excerpt_of(page, "snippet")) < 260


def test_a_hit_in_the_headline_alone_is_marked_there_and_the_text_begins(client, paper, now):
    factories.make_story("ＡＢ－１２３\n泵站", now - HOUR, body=f"<p>{LONG}</p>")
    for query, title in (("ab-123", ["ＡＢ－１２３"]), ("23泵", ["２３", "泵"])):
        page = client.get("/search/", {"q": query}).content.decode()
        assert re.findall(r"<mark>(.*?)</mark>", page) == title
        assert excerpt_of(page, "row-summary").startswith("前面有很多字")


def test_a_headline_across_its_lines_is_marked_at_the_desk(desk, staff, now):
    factories.make_in("draft", staff["reporter"], now, headline="水闸\n换了")
    page = desk("reporter").get(LIST, {"q": "闸换"}).content.decode()
    assert "水<mark>闸</mark> <mark>换</mark>了" in page


def test_names_places_and_kickers_are_marked_for_readers(client, paper, now):
    town = factories.Town.objects.get(slug="baisha")
    factories.make_story(
        "标题",
        now - HOUR,
        writer="叶知秋",
        kicker="秋收时节",
        towns=(town.pk,),
        body=f"<p>{LONG}</p>",
    )
    for query, words in (("知秋", "叶<mark>知秋</mark>"), ("秋收", "<mark>秋收</mark>时节")):
        assert words in client.get("/search/", {"q": query}).content.decode()
    assert "<mark>白沙</mark>镇</a>" in client.get("/search/", {"q": "白沙"}).content.decode()


def test_what_a_result_does_not_show_is_shown_for_the_hit(client, desk, staff, now):
    """Rule: the excerpt shows a match in a caption, a subheading or a tag."""
    photo = add_photo(data=factories.picture(), caption="水鸟", user=staff["reporter"], at=now)
    factories.make_story(
        "标题",
        now - HOUR,
        body=f"<p>{LONG}</p>",
        photos=(PhotoRow(photo.pk, "晨光里的白鹭", "张禾 摄"),),
        subhead="二十年老设备退役",
        tags=("湿地公园",),
    )
    for query in ("白鹭", "老设备", "湿地"):
        page = client.get("/search/", {"q": query}).content.decode()
        assert marked(page, "row-summary") == [query]
    browser = desk("chief")
    for query in ("老设备", "湿地"):
        page = browser.get(LIST, {"q": query}).content.decode()
        assert marked(page, "snippet") == [query]


def test_rows_that_sql_cannot_show_cost_two_further_queries(desk, staff, now):
    for number in range(9):
        factories.make_in(
            "draft",
            staff["reporter"],
            now,
            headline=f"{number}",
            body=f"<p>{LONG * 2}ＷＴＯ与水闸</p>",
        )
    client, counts = desk("reporter"), []
    client.get(LIST)
    for query in ("水闸", "wto"):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(LIST, {"q": query}).content.decode().count("<mark>") == 9
        counts.append(len(queries))
    assert counts[1] == counts[0] + 2


def test_an_english_excerpt_begins_and_ends_with_whole_words():
    text = "Yesterday morning engineers replaced the turbine of Stonebridge pumping station"
    pieces, left = excerpt(text, ["turb", "station"], before=12, after=15)
    assert "".join(piece for piece, _hit in pieces) == "…the turbine…station"
    assert left == []
    pieces, _left = excerpt("a" * 90 + "水闸" + "b" * 90, ["水闸"], before=12, after=15)
    assert "".join(piece for piece, _hit in pieces) == "…水闸…"


@given(
    st.text("水闸换ＡaB1ａ，。 é\u0301", max_size=80),
    st.lists(st.text("水闸换aＢ1，", min_size=1, max_size=3), max_size=3),
)
@QUICK
def test_an_excerpt_marks_each_word_that_the_index_finds(text, typed):
    words = [word for word in map(plain, typed) if word]
    pieces, left = excerpt(text, words, before=3, after=8)
    assert left == missing_in(text, words)
    text = unicodedata.normalize("NFC", text)
    shown = "".join(piece for piece, _hit in pieces)
    for part in filter(None, shown.split("…")):
        assert part in text
    hits = "\n".join(piece for piece, is_hit in pieces if is_hit)
    assert bool(hits) == (len(left) < len(words))


@given(st.text("水闸换A ａ", max_size=20), st.lists(st.text("水闸换a", min_size=1, max_size=3)))
@QUICK
def test_a_marked_headline_is_the_headline(text, words):
    assert "".join(piece for piece, _hit in mark_headline(text, words)) == text


def test_the_shared_case_of_excerpts(client, desk, staff, now):
    if not CASE.is_file():
        pytest.skip("the known cases are missing")
    browser = desk("chief")
    for number, case in enumerate(json.loads(CASE.read_text())):
        times = [part.split(" x ") for part in case["note"].split(" then ")]
        body = "".join(part[-1].strip() * int(part[0] if part[1:] else 1) for part in times)
        factories.make_story(f"标题{number}", now - HOUR, body=f"<p>{body}</p>")
        for page, css_class in (
            (client.get("/search/", {"q": case["query"]}), "row-summary"),
            (browser.get(LIST, {"q": case["query"]}), "snippet"),
        ):
            hits = [plain(hit) for hit in marked(page.content.decode(), css_class)]
            assert hits == [plain(case["query"])]

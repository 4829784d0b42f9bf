"""Invented pages and credit lines of many styles, each with its expected result.

The readings were written before the code was tried on the pages; `held_*` after the rules were
made, to see how far they carry.
"""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bylines.credits.line import read_line
from ingest.page_parser.text import read
from tests.helpers.paths import DATA

PAGES = sorted((DATA / "pages").glob("*.txt"))
FIELDS = ("kind", "section", "kicker", "headline", "dateline", "credits", "flags")
#: Minimum score of each page; below 1, the page can be read in two ways.
LEAST = json.loads((DATA / "pages" / "least.json").read_text(encoding="utf-8"))


def squeezed(value) -> str:
    text = "".join(value) if isinstance(value, list) else value or ""
    return re.sub(r"\s+", "", text)


def body(story: dict) -> str:
    own = squeezed(story["paragraphs"])
    return own + "".join(squeezed(part["paragraphs"]) for part in story.get("parts", []))


def likeness(gold: dict, found: dict) -> float:
    """Return the share of a story's fields that are as expected."""
    hits = [body(gold) == body(found)]
    for name in FIELDS:
        if name in {"credits", "flags"}:
            hits.append(gold[name] == found[name])
        else:
            hits.append(squeezed(gold[name]) == squeezed(found[name]))
    return sum(hits) / len(hits)


def figure(gold: list[dict], found: list[dict]) -> float:
    """Return the mean likeness of stories paired by their order; a missing one counts 0."""
    pairs = [likeness(g, f) for g, f in zip(gold, found, strict=False)]
    return sum(pairs) / max(len(gold), len(found))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_pages_of_other_papers(page):
    gold = json.loads(page.with_suffix(".gold.json").read_text(encoding="utf-8"))["stories"]
    found = read(page.read_text(encoding="utf-8")).as_dict()["stories"]
    assert figure(gold, found) >= LEAST.get(page.stem, 1.0)


def rows() -> list[dict]:
    return [
        json.loads(line)
        for path in sorted(DATA.glob("credit_lines*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
    ]


@pytest.mark.parametrize("row", rows(), ids=lambda row: row["text"])
def test_credit_lines_of_other_papers(row):
    line = read_line(row["text"])
    credits = [
        {"name": c.name, "role": c.role, **({"label": c.label} if c.label else {})}
        for c in line.credits
    ]
    assert (line.dateline, credits) == (row["dateline"], row["credits"])


# No text is lost, whatever is pasted

PROSE = (
    "全镇六座水闸都换上了电动机，看闸人在屋里按一下按钮，闸门就慢慢落下来。",
    "县图书馆从本月起开到夜里九点半，来的多是下班的年轻人和备考的学生。",
    "油茶林里的旧水沟清出来四公里，沟底铺了石板，走路再也不怕滑。",
    "老街拐角的剃头铺没有招牌，只有一根转筒，转了四十年。",
)
PIECES = st.one_of(
    st.sampled_from(PROSE),
    st.sampled_from([text[:17] for text in PROSE] + [text[17:] for text in PROSE]),
    st.sampled_from(
        [
            *("", "", "", "　　", "（记者 沈青山）", "云溪讯", "云溪讯 ", "图片新闻", "白沙镇"),
            *(
                "六座水闸换了电动机",
                "看闸人歇下来",
                "简讯",
                "公告",
                "（下转第四版）",
                "（上接一版）",
            ),
            *(
                "沈青山",
                "通讯员 罗小满 摄",
                "02版 要闻",
                "责任编辑：沈青山 校对：罗小满",
                "（",
                "摄",
            ),
            *("　　" + PROSE[0], "1、" + PROSE[1] + "（罗小满 摄）", "本报北京3月5日电 记者"),
            *("作者单位：县第二中学", "（作者单位：县第二中学）", "编辑同志：" + PROSE[2]),
        ]
    ),
    st.text(max_size=40),
    st.text(
        alphabet="水闸镇讯记者通员摄图新闻（）()。，！“”：:、/ \u3000\t一年月日0123·", max_size=60
    ),
)
LINES = st.lists(PIECES, max_size=24)
NEWLINES = st.sampled_from(["\n", "\r\n", "\r", "\n\n"])


def all_text(text: str) -> tuple[str, str]:
    """Return the text of all stories of a page, and all its other parts."""
    page = read(text)
    stories = "".join("".join(s.headline) + "".join(s.all_paragraphs) for s in page.stories)
    rest = "".join(f"{s.section}{s.kicker}{s.dateline}{s.credits}" for s in page.stories)
    return squeezed(stories), squeezed(rest + "".join(page.own_lines))


@settings(max_examples=150, deadline=None)
@given(LINES, NEWLINES)
@example([PROSE[0], PROSE[1][:17], "六座水闸换了电动机", "云溪讯 " + PROSE[2]], "\n\n")
def test_no_sentence_is_lost(lines, newline):
    found, _rest = all_text(newline.join(lines))
    for line in lines:
        if line.strip(" \u3000") in PROSE:
            assert squeezed(line) in found


@settings(max_examples=150, deadline=None)
@given(LINES, NEWLINES)
@example(["云溪讯", "沈青山", "摄"], "\n")
def test_a_reading_is_always_the_same_and_holds_the_headings(lines, newline):
    text = newline.join(lines)
    assert read(text) == read(text)
    stories, rest = all_text(text)
    for line in ("六座水闸换了电动机", "看闸人歇下来", "沈青山", "02版 要闻"):
        if line in lines:
            assert squeezed(line) in stories + rest


@pytest.mark.parametrize(
    "text",
    [
        "水\n" * 5000,
        "水闸换上电动机，" * 3000,
        "　" * 50_000,
        "，。！？（）" * 5000,
        "（" * 20_000,
        "六座水闸换了电动机\n\n" * 2000,
        "云溪讯 " * 5000,
        "（记者 沈青山）\n\n" * 2000,
        f"云溪讯 {PROSE[0][:20]}\n\n" * 1500,
        "\0" * 20_000,
        "\ud800水闸\udfff" * 5000,
        "\u200b\ufeff" * 5000,
        "A" * 50_000,
        "报" * 50_000,
        "张·" * 20_000,
        "责任编辑：" * 5000,
    ],
    ids=range(16),
)
def test_what_is_no_page_at_all_is_read_too(text):
    read(text)


def test_a_long_paste_is_read_to_its_end():
    text = "".join(f"第{n}座水闸换了电动机\n\n云溪讯 {PROSE[n % 4] * 4}\n\n" for n in range(1500))
    assert len(text) > 200_000
    stories = read(text).stories
    assert stories[-1].headline == ("第1499座水闸换了电动机",)


def test_lines_past_all_reason_are_read_by_the_hundred_and_kept(monkeypatch):
    monkeypatch.setattr("ingest.page_parser.lines.MAX_LINES", 60)
    text = "".join(f"{n}号闸门已经落下。\n\n" for n in range(400))
    found, _rest = all_text(text)
    assert all(f"{n}号闸门已经落下。" in found for n in range(400))


@pytest.mark.parametrize(
    "text",
    [
        "云溪讯\n沈青山\n摄",
        "云溪讯\n\n沈青山 摄",
        "图片新闻\n\n沈青山 摄",
        "图片新闻\n\n（沈青山 摄）",
        "云溪讯（记者 沈青山）（下转第四版）",
        "简讯\n\n云溪讯\n\n（记者 沈青山）",
    ],
)
def test_a_name_over_no_text_is_kept_with_what_belongs_to_no_story(text):
    stories, rest = all_text(text)
    assert "沈青山" in stories + rest


def test_what_belongs_to_no_story_is_named():
    page = read(
        "02版 要闻\n2026年3月5日 星期四\n\n图片新闻\n\n"
        f"{PROSE[0]}（罗小满 摄）\n\n责任编辑：沈青山 版式设计：何映雪 校对：罗小满\n"
    )
    assert len(page.stories) == 1
    assert page.stories[0].flags == ()
    assert page.own_lines == (
        *("02版 要闻", "2026年3月5日 星期四"),
        *("责任编辑：沈青山 版式设计：何映雪 校对：罗小满", "图片新闻"),
    )

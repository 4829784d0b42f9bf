"""Rules of the page parser, general to Chinese newspapers, each on an invented page."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.page_parser.text import read

LONG = (
    "全镇六座水闸都换上了电动机，看闸人在屋里按一下按钮，闸门就慢慢落下来，往年要两个人摇半个钟头。"
)
MORE = (
    "镇里还给每座闸装了水位尺，汛期每半个钟头报一次数，数字直接传到县里的值班室，夜里也有人看着。"
)

SIGNED = "（通讯员 罗小满）"


def one(text: str):
    stories = read(text).stories
    assert len(stories) == 1, [s.headline for s in stories]
    return stories[0]


def people(story) -> list[tuple[str, str]]:
    return [(credit.role, credit.name) for credit in story.credits]


def test_kicker_headline_lines_dateline_and_signature_are_distinguished():
    story = one(
        f"白沙镇\n六座水闸换了电动机\n看闸人不用再摇半个钟头\n\n云溪讯 {LONG}\n\n{MORE}\n\n"
        "（记者 沈青山 通讯员 罗小满）\n"
    )
    assert story.kicker == "白沙镇"
    assert story.town == "白沙镇"
    assert story.headline == ("六座水闸换了电动机", "看闸人不用再摇半个钟头")
    assert story.dateline == "云溪讯"
    assert story.paragraphs == (LONG, MORE)
    assert people(story) == [("记者", "沈青山"), ("通讯员", "罗小满")]
    assert story.flags == ()


def test_what_a_column_break_tore_apart_is_joined():
    story = one(
        f"六座水闸换了电动机\n\n云溪讯 {LONG[:31]}\n\n{LONG[31:]}\n\n{MORE}\n\n（通讯员 罗小满）\n"
    )
    assert story.paragraphs == (LONG, MORE)


def test_a_story_printed_twice_is_flagged_at_its_second_place():
    other = (
        "县图书馆从本月起开到夜里九点半，阅览室添了四十盏台灯，来的多是下班的年轻人和备考的学生。"
    )
    first = f"六座水闸换了电动机\n\n云溪讯 {LONG}\n\n{MORE}\n\n（通讯员 罗小满）\n"
    second = f"图书馆夜里也开门\n\n云溪讯 {other}\n\n（记者 沈青山）\n"
    stories = read(f"{first}\n{second}\n{first}").stories
    assert [story.flags for story in stories] == [(), (), ("duplicate_of:0",)]


def test_photo_news_is_a_caption_with_its_photographer():
    story = one(
        "图片新闻\n\n11月15日，茶坪镇的茶农在晾晒油茶果，今年挂果一万八千亩。\n\n通讯员 贺长青 摄\n"
    )
    assert story.kind == "photo"
    assert people(story) == [("摄影", "贺长青")]


def test_the_signatures_of_one_heading_make_a_roundup():
    story = one(
        "各镇忙冬修\n\n"
        f"白沙镇讯 {LONG}（通讯员 罗小满）\n\n"
        f"石桥镇讯 {MORE}（通讯员 何映雪）\n\n"
        "茶坪镇讯 油茶林里的旧水沟清出来四公里，沟底铺了石板。（通讯员 贺长青）\n"
    )
    assert story.kind == "roundup"
    assert [part.town for part in story.parts] == ["白沙镇", "石桥镇", "茶坪镇"]
    assert [part.credits[0].name for part in story.parts] == ["罗小满", "何映雪", "贺长青"]


def test_running_text_that_names_a_reporter_is_no_signature():
    text = (
        "“记者同志，你看这水。”老人说着把记者领到闸边，指给他看新装的水位尺，又指给他看远处的桥。"
    )
    story = one(f"六座水闸换了电动机\n\n云溪讯 {text}\n\n{MORE}\n\n（通讯员 罗小满）\n")
    assert people(story) == [("通讯员", "罗小满")]
    assert text in story.paragraphs


def test_the_lines_of_the_page_itself_are_no_story():
    folio = "A02版 要闻\n2026年11月24日 星期二\n\n"
    story = one(f"{folio}六座水闸换了电动机\n\n云溪讯 {LONG}\n\n{SIGNED}\n")
    assert story.headline == ("六座水闸换了电动机",)
    assert story.section is None


def test_nothing_makes_no_story():
    for text in ("", "\n \n", "第2版 要闻\n2022年10月18日 星期二 农历九月廿三 第3021期"):
        assert not [s for s in read(text).stories if s.all_paragraphs]


LINES = st.lists(
    st.one_of(
        st.text(
            alphabet="水闸镇讯记者通员摄图片新闻（）()。，！“”：:、/ \u3000\n一二年月日0123",
            max_size=80,
        ),
        st.sampled_from(
            [LONG, MORE, "（记者 沈青山）", "云溪讯", "图片新闻", "白沙镇", "摄", "（"]
        ),
    ),
    max_size=14,
)


@settings(max_examples=120, deadline=None)
@given(LINES)
def test_no_text_breaks_the_reading_and_none_of_it_is_invented(lines):
    text = "\n".join(lines)
    stories = read(text).stories
    letters = set(text)
    for story in stories:
        assert set("".join(story.all_paragraphs)) <= letters | {" "}
        assert all(credit.name for credit in story.credits)

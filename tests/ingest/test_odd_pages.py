"""Rule: a page from WeChat, a phone or a PDF file is read whole; what is no GB text is refused."""

from __future__ import annotations

import pytest

from ingest.page_parser.text import read
from textkit.decode import UnreadableText, decode_text

BODY = "县图书馆添了台灯，来的多是下班的年轻人和备考的学生，人人都说好，灯也亮，书也多。"


def page(head: str, tail: str) -> str:
    return f"县图书馆换新灯\n\n{head}{BODY}\n\n{tail}\n"


@pytest.mark.parametrize("between", ["\n", "\n\n"])
def test_credits_on_lines_of_their_own_belong_to_one_story(between):
    """Articles of WeChat end so; the second line had been dropped."""
    (story,) = read(page("", f"文字：王壮{between}图片：李明")).stories
    assert [(one.role, one.name) for one in story.credits] == [("文字", "王壮"), ("图片", "李明")]
    assert story.flags == ()


def test_a_credit_line_that_belongs_to_no_story_is_kept():
    parsed = read(page("云溪讯（记者 王壮）", "（通讯员 李明）\n\n赵小满 摄"))
    assert "赵小满" in str(parsed)
    assert "stray_credit_line" in parsed.stories[0].flags


def test_emoji_of_a_phone_stay_whole():
    emoji = "👨\u200d👩\u200d👧❤️\u200d🔥👍🏽🇨🇳1️⃣"
    (story,) = read(page("云溪讯（通讯员 王壮）", "").replace("换新灯", f"换新灯{emoji}")).stories
    assert story.headline == (f"县图书馆换新灯{emoji}",)


def test_radicals_ligatures_and_wide_signs_of_a_pdf_file_are_read():
    text = page("云溪讯（通讯员　⽯　壮）", "").replace("台灯", "４０盏⼀号oﬃce灯")
    (story,) = read(decode_text(text.encode("gb18030"))).stories
    assert [one.name for one in story.credits] == ["石壮"]
    assert "４０盏一号oﬃce灯" in story.paragraphs[0]


@pytest.mark.parametrize("encoding", ["big5", "utf-16-le", "utf-16-be", "utf-32"])
def test_text_in_another_encoding_is_refused_and_not_mangled(encoding):
    data = ("縣圖書館換新燈，來的多是下班的年輕人。" * 5).encode(encoding)
    with pytest.raises(UnreadableText):
        decode_text(data)


def test_damaged_utf_8_is_refused_and_not_read_as_gb_18030():
    for data in (BODY.encode()[:-1], BODY.encode() + b"\xff" + BODY.encode()):
        with pytest.raises(UnreadableText):
            decode_text(data)


def test_a_gbk_page_with_a_few_unknown_characters_is_read():
    text = f"{BODY}王\ue123、李\ue456、张\ue234。{BODY * 3}"
    assert decode_text(text.encode("gb18030")) == text


def test_the_euro_of_windows_is_read():
    assert decode_text("图书馆".encode("gbk") + b"\x80" + "台灯".encode("gbk")) == "图书馆€台灯"
    with pytest.raises(UnreadableText):
        decode_text("图书馆".encode("gbk") + b"\xff\xff")

"""Rule: two versions of one text are merged without losing a change of either."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.content import BylineRow, Content
from articles.content_merge import open_conflicts, parts, resolve
from textkit.body import Body
from textkit.merge import MergeKind, changes, merge, merge_text

BASE = ["一", "二", "三", "四"]


def merged(mine: list[str], theirs: list[str], base: list[str] = BASE) -> list[str]:
    pieces = merge(base, mine, theirs)
    assert MergeKind.CONFLICT not in {piece.kind for piece in pieces}
    return [text for piece in pieces for text in piece.merged]


def test_changes_in_different_paragraphs_are_both_taken():
    assert merged(["一", "二改", "三", "四"], ["一", "二", "三", "四改"]) == [
        "一",
        "二改",
        "三",
        "四改",
    ]


def test_neighbouring_paragraphs_are_no_conflict():
    assert merged(["一", "二改", "三", "四"], ["一", "二", "三改", "四"]) == [
        "一",
        "二改",
        "三改",
        "四",
    ]


def test_a_new_paragraph_and_a_dropped_one():
    assert merged(["一", "新", "二", "三", "四"], ["一", "二", "三"]) == ["一", "新", "二", "三"]


def test_the_same_change_of_both_is_taken_once():
    assert merged(["一", "二改", "三", "四"], ["一", "二改", "三", "四"]) == [
        "一",
        "二改",
        "三",
        "四",
    ]


def test_two_paragraphs_put_in_at_one_place_are_a_conflict():
    kinds = [p.kind for p in merge(BASE, ["一", "甲", *BASE[1:]], ["一", "乙", *BASE[1:]])]
    assert kinds == [MergeKind.SAME, MergeKind.CONFLICT, MergeKind.SAME]


@given(
    st.lists(st.sampled_from("甲乙丙丁")),
    st.lists(st.sampled_from("甲乙丙丁")),
    st.lists(st.sampled_from("甲乙丙丁")),
)
def test_the_pieces_hold_all_of_each_text(base, mine, theirs):
    pieces = merge(base, mine, theirs)
    assert [x for p in pieces for x in p.base] == base
    assert [x for p in pieces for x in p.mine] == mine
    assert [x for p in pieces for x in p.theirs] == theirs
    for piece in pieces:
        if piece.kind is MergeKind.MINE:
            assert piece.theirs == piece.base
        if piece.kind is MergeKind.THEIRS:
            assert piece.mine == piece.base


def test_inside_a_paragraph_by_characters():
    base = "<p>全镇六座水闸在入冬以前都装上了电动机。</p>"
    mine = base.replace("六座", "七座")
    theirs = base.replace("电动机", "新的电动机")
    assert merge_text(base, mine, theirs) == "<p>全镇七座水闸在入冬以前都装上了新的电动机。</p>"
    assert merge_text(base, mine, base.replace("六座", "八座")) is None


def test_a_changed_tag_is_left_to_a_person():
    base = "<p>全镇六座水闸在入冬以前都装上了电动机。</p>"
    bold = base.replace("六座", "<strong>六座</strong>")
    assert merge_text(base, bold, base.replace("电动机", "马达")) is None


def test_blocks_of_a_body():
    body = "<p>一<br>二</p>\n<ul><li><p>甲</p></li></ul><table><tbody><tr><td>1</td></tr></tbody></table><blockquote><p>引</p></blockquote>尾"
    assert [block.html for block in Body(body).blocks] == [
        "<p>一<br>二</p>",
        "<ul><li><p>甲</p></li></ul>",
        "<table><tbody><tr><td>1</td></tr></tbody></table>",
        "<blockquote><p>引</p></blockquote>",
        "尾",
    ]


def test_fields_and_paragraphs_of_an_article():
    base = Content(headline="水闸", kicker="冬修", body=Body("<p>一</p>\n<p>二</p>"), towns=(1, 2))
    mine = Content(
        headline="水闸通电", kicker="冬修", body=Body("<p>一</p>\n<p>二甲</p>"), towns=(1, 2, 3)
    )
    theirs = Content(
        headline="六座水闸",
        kicker="冬修水利",
        body=Body("<p>一乙</p>\n<p>二</p>"),
        towns=(2,),
        bylines=(BylineRow(1, "通讯员"),),
    )
    found = parts(base, mine, theirs)
    assert [part.key for part in open_conflicts(found, {})] == ["headline"]
    assert open_conflicts(found, {"headline": "theirs"}) == []
    assert resolve(found, {"headline": "mine"}) == Content(
        headline="水闸通电",
        kicker="冬修水利",
        body=Body("<p>一乙</p>\n<p>二甲</p>"),
        towns=(2, 3),
        bylines=(BylineRow(1, "通讯员"),),
    )


@pytest.mark.parametrize(
    ("choice", "body"),
    [
        ("mine", "<p>甲</p>"),
        ("theirs", "<p>乙</p>"),
        ("both", "<p>甲</p>\n<p>乙</p>"),
    ],
)
def test_a_conflict_of_paragraphs_is_chosen(choice, body):
    found = parts(
        Content(body=Body("<p>原</p>")),
        Content(body=Body("<p>甲</p>")),
        Content(body=Body("<p>乙</p>")),
    )
    assert resolve(found, {"body-0": choice}).body == body


def test_what_is_shown_of_a_change():
    assert changes("六座水闸装上电机", "七座水闸装上电动机") == [
        ("del", "六"),
        ("ins", "七"),
        ("same", "座水闸装上电"),
        ("ins", "动"),
        ("same", "机"),
    ]

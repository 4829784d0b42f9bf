"""Rule: a typeset page holds each of its stories once, and the paper's order weighs them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from press.body_split import split, unit_of
from press.layout_engine import COLUMNS, MOST, HeadlineLevel, StoryShape, lay_out, rank
from textkit.body import Body

shapes = st.builds(
    StoryShape,
    chars=st.integers(0, 4000),
    lines=st.lists(st.integers(1, 30), max_size=3).map(tuple),
    is_photo=st.booleans(),
    has_photo=st.booleans(),
    has_kicker=st.booleans(),
    has_subhead=st.booleans(),
    is_rest=st.booleans(),
)


@given(st.lists(shapes, max_size=14).map(tuple))
def test_each_story_stands_once_and_each_row_is_full(given_shapes):
    rows = lay_out(given_shapes)
    blocks = [block for row in rows for cell in row.cells for block in cell.blocks]
    assert sorted(block.story for block in blocks) == list(range(len(given_shapes)))
    for row in rows:
        assert sum(cell.span for cell in row.cells) == COLUMNS
    for block in blocks:
        assert block.height > 0
        assert 1 <= block.columns <= block.span
        assert (block.photo != "") == given_shapes[block.story].has_photo


def test_a_page_of_too_many_stories_sets_the_first():
    rows = lay_out(tuple(StoryShape(200, (10,)) for _n in range(MOST + 40)))
    stories = {b.story for row in rows for cell in row.cells for b in cell.blocks}
    assert stories == set(range(MOST))


def test_the_first_text_leads_not_a_photo_nor_what_began_elsewhere():
    rest = StoryShape(900, (10,), is_rest=True)
    photo = StoryShape(60, (), is_photo=True, has_photo=True)
    text = StoryShape(300, (12,))
    assert rank([rest, photo, text]) == [
        HeadlineLevel.MINOR,
        HeadlineLevel.MAJOR,
        HeadlineLevel.LEAD,
    ]
    assert rank([photo]) == [HeadlineLevel.LEAD]
    first = lay_out((rest, photo, text))[0].cells[0].blocks[0]
    assert (first.story, first.level) == (2, HeadlineLevel.LEAD)
    assert first.span >= 3


def test_length_and_photo_make_a_headline_larger():
    lead, long, short = StoryShape(500, (10,)), StoryShape(800, (10,)), StoryShape(90, (10,))
    pictured = StoryShape(90, (10,), has_photo=True)
    assert rank([lead, short, long, pictured]) == [
        HeadlineLevel.LEAD,
        HeadlineLevel.BRIEF,
        HeadlineLevel.MAJOR,
        HeadlineLevel.MAJOR,
    ]


def test_boxes_stand_beside_other_stories_not_beside_boxes_alone():
    rows = lay_out(
        (
            StoryShape(900, (14,)),
            *[StoryShape(60, (8,))] * 8,
            StoryShape(300, (9,)),
            StoryShape(90, (9,)),
        )
    )
    for row in rows:
        blocks = [block for cell in row.cells for block in cell.blocks]
        assert not all(block.is_boxed for block in blocks)
    beside = lay_out((StoryShape(500, (9, 12)), StoryShape(100, (9,))))
    assert any(block.is_boxed for cell in beside[0].cells for block in cell.blocks)


def test_a_body_is_cut_between_its_paragraphs_and_nothing_is_lost():
    body = "".join(f"<p>{'一' * 80}{n}</p>" for n in range(10))
    head, rest = split(Body(body), 300)
    assert head.text + "\n" + rest.text == Body(body).text
    assert len(head.blocks) == 4


@pytest.mark.parametrize("chars", [1, 80, 10_000])
def test_a_short_rest_is_not_worth_the_way_to_it(chars):
    body = f"<p>{'一' * 80}</p><p>{'二' * 60}</p>"
    assert split(Body(body), chars)[1] == ""
    assert split(Body(body), 40, least=1)[1] != ""


def test_lists_and_tables_stay_whole_and_photos_stand_apart():
    body = (
        "<ul><li>一<ul><li>二</li></ul></li></ul>"
        '<figure class="photo"><picture><source srcset="a"><img src="b"></picture></figure>'
        "<blockquote><p>三<br>四</p></blockquote><table><tbody><tr><td>五</td></tr></tbody></table>"
    )
    assert [block.html[:4] for block in Body(body).blocks] == ["<ul>", "<fig", "<blo", "<tab"]
    head, rest = split(Body(body), 10_000)
    assert rest == ""
    assert "<figure" not in head


def test_a_text_is_split_in_the_unit_of_its_stored_length():
    """A paper that leaves marks out has shorter stories; half of one is half of its text."""
    body = Body("\n".join(f"<p>{'好，' * 50}</p>" for _n in range(10)))
    with_marks, without = unit_of(body, 1000), unit_of(body, 500)
    assert (with_marks, without) == (1.0, 0.5)
    assert split(body, 500, unit=with_marks)[0] == split(body, 250, unit=without)[0]
    assert len(split(body, 250, unit=without)[0].blocks) == 5
    assert unit_of(Body(), 0) == 1.0

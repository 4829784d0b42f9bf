"""Rule: the cost of hostile text is proportional to its length; too much text is refused.

These tests count work (blocks, pieces, pairs, findings), never time: `make hostile` measures it.
"""

from __future__ import annotations

import html as escaping
import sys
from unittest import mock

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from articles.content import content_of
from articles.models import Article, Revision, UnsavedForm
from articles.services import unsaved_forms, validation
from articles.text_limits import MAX_BLOCKS, excess_of
from ingest.page_parser import headings
from ingest.page_parser import text as page_text
from issues.handoff_text import changed_lines
from proofing.rules import MAX_FINDINGS, Word, check
from tests.helpers import factories
from tests.helpers.autosaves import FORM, send
from textkit import compare, compare_chars, edits, html, markup, merge, tokens
from textkit.authorship import with_authors
from textkit.body import Body
from tools.hostile import Shape, repeat

#: 248,000 cells in 498,480 characters.
TAB_TABLE = ("a\t" * 100 + "\n") * 2_480
#: Words of the message of a refusal.
TOO_MUCH = "3,000"


# A table of tabs


def test_tabs_that_make_cells_count_as_cells():
    table = "甲\t乙\t丙\n" * 10
    assert Body.from_markup(table, {}).count("<td>") == 30
    assert markup.count_blocks(table) >= 30
    assert excess_of("甲\t乙\n" * (MAX_BLOCKS // 2), is_light=True)
    assert not excess_of("甲\t乙\t丙\n" * 500, is_light=True)


def test_a_tab_before_a_paragraph_is_no_cell():
    assert markup.count_blocks("\t甲\n\n\t乙\n\n") == 2


@given(st.text(alphabet="a\t|\n \\-·", max_size=60))
def test_no_light_markup_makes_more_blocks_than_were_counted(text):
    made = Body.from_markup(text, {})
    assert made.count("<td") + made.count("<th") <= markup.count_blocks(text)
    # Nested bullets are nested lists.
    assert sum(made.count(f"<{tag}>") for tag in ("p", "li", "h2")) <= 3 * markup.count_blocks(text)


@pytest.fixture
def unparsed():
    """Assert that a refused text is not parsed."""
    with mock.patch("textkit.markup.to_html", wraps=markup.to_html) as parse:
        yield
    assert all(len(call.args[0]) < 1_000 for call in parse.call_args_list)


def test_a_table_of_tabs_is_refused_by_hand_and_stays_in_the_form(desk, unparsed):
    form = {**FORM, "body": TAB_TABLE, "body_format": "light", "version": 0}
    answer = desk("correspondent").post("/desk/articles/article/add/", form)
    assert answer.status_code == 400
    page = answer.content.decode()
    assert TOO_MUCH in page
    assert escaping.escape(TAB_TABLE.strip()) in page
    assert not Article.objects.exists()


def test_a_table_of_tabs_alone_is_refused(desk, staff, now, unparsed):
    article = factories.make_draft(staff["correspondent"], now)
    answer = send(desk("correspondent"), article, 1, body=TAB_TABLE, body_format="light")
    assert answer.status_code == 400
    assert TOO_MUCH in answer.json()["message"]
    assert Revision.objects.count() == 1


def test_a_table_of_tabs_is_refused_on_its_way_into_the_editor(desk, unparsed):
    form = {"body": TAB_TABLE, "body_format": "light"}
    answer = desk("correspondent").post("/desk/articles/article/body/", form)
    assert answer.status_code == 400
    assert TOO_MUCH in answer.content.decode()


def test_a_table_of_tabs_that_was_parked_is_shown_and_not_parsed(desk, staff, unparsed):
    token = unsaved_forms.owner_token(staff["correspondent"])
    form = {
        **FORM,
        "body": TAB_TABLE,
        "body_format": "light",
        "owner": token,
        "window_id": "window-one-01",
    }
    Client().post("/desk/articles/article/add/", form)
    assert UnsavedForm.objects.exists()
    page = desk("correspondent").get("/desk/articles/article/add/").content.decode()
    assert escaping.escape(TAB_TABLE.strip()) in page


def test_a_table_of_tabs_in_the_text_of_a_page_makes_no_cells(desk, staff):
    answer = desk("head").post("/desk/paste/", {"text": TAB_TABLE})
    assert answer.status_code in {200, 400}
    assert answer.content.decode().count("<td") == 0


# The content of a form can be sent back


@pytest.mark.parametrize("sign", ["|", "\\", "**", "[甲](/"])
def test_what_the_form_shows_of_a_saved_text_it_also_takes(desk, staff, now, sign):
    """In light markup each of these gets a backslash, which counts as a mark."""
    body = f"<p>{sign * 4_000}</p>"
    if excess_of(body):
        body = f"<p>{sign * 2_900}</p>"
    article = factories.make_draft(staff["correspondent"], now, body=body)
    client = desk("correspondent")
    page = client.get(f"/desk/articles/article/{article.pk}/change/")
    form = page.context["form"]
    sent = {
        **FORM,
        "version": article.version,
        "body": form["body"].value(),
        "body_format": form["body_format"].value(),
    }
    answer = client.post(f"/desk/articles/article/{article.pk}/change/", sent)
    assert answer.status_code == 302
    article.refresh_from_db()
    assert article.body == body


# Comparing and merging


@pytest.fixture
def no_pairs():
    """Assert that nothing is compared item by item."""
    with mock.patch("textkit.edits.Indel.opcodes") as never:
        yield
    never.assert_not_called()


LONG = edits.MAX_PAIRS // 10_000 + 1


def test_long_texts_without_anything_alike_count_as_replaced(no_pairs):
    old, new = "甲" * 10_000, "乙" * LONG
    assert edits.edits(old, new) == [(0, 10_000, 0, LONG)]
    pieces = compare_chars.compare_texts(old, new)
    assert [(piece.op, len(piece.text)) for piece in pieces] == [("del", 10_000), ("ins", LONG)]
    assert merge.changes(old, new) == [("del", old), ("ins", new)]


def test_long_paragraphs_that_both_changed_are_left_to_a_person(no_pairs):
    base, mine, theirs = "甲" * 20_000, "乙" * 20_000, "丙" * 20_000
    assert merge.merge_text(base, mine, theirs) is None


def test_what_is_alike_at_both_ends_of_a_long_text_is_found_without_comparing(no_pairs):
    text = "甲乙" * 200_000
    assert edits.edits(text, text[:5] + "改" + text[5:]) == [(5, 5, 5, 6)]
    assert edits.edits(text, text) == []


def test_a_text_with_more_edits_than_anybody_reads_counts_as_replaced():
    old = "".join(f"甲{n}" for n in range(2 * edits.MAX_EDITS))
    new = old.replace("甲", "乙")
    found = edits.edits(old, new)
    assert len(found) == 1
    assert found[0].old_end - found[0].old_start > edits.MAX_EDITS


@given(st.text(alphabet="甲乙丙ab"), st.text(alphabet="甲乙丙ab"))
def test_the_edits_lead_from_one_text_to_the_other(old, new):
    made, place = "", 0
    for edit in edits.edits(old, new):
        made += old[place : edit.old_start] + new[edit.new_start : edit.new_end]
        place = edit.old_end
    assert made + old[place:] == new


def pair(number: int) -> tuple[str, str]:
    old = "".join(f"甲{number}乙{n}丙丁" for n in range(60))
    return old, old.replace("乙", "改")


def test_a_comparison_shows_so_many_pieces_and_both_texts_whole():
    olds, news = zip(*(pair(n) for n in range(200)), strict=True)
    rows = compare.compare_paragraphs(olds, news)
    assert sum(len(row.pieces) for row in rows) > 2 * compare.MAX_PIECES
    shown = list(compare.bounded(rows))
    assert sum(len(row.pieces) for row in shown) < compare.MAX_PIECES + 3 * len(rows)
    for row, whole in zip(shown, rows, strict=True):
        for op in ("ins", "del"):
            texts = ["".join(p.text for p in one.pieces if p.op != op) for one in (row, whole)]
            assert texts[0] == texts[1]


def test_a_merge_shows_so_many_runs_and_both_texts_whole():
    shown = [merge.changes(*pair(n)) for n in range(200)]
    assert sum(map(len, shown)) > 2 * merge.MAX_SHOWN
    bounded = list(merge.bounded(shown))
    assert sum(map(len, bounded)) < merge.MAX_SHOWN + 3 * len(shown)
    for pieces, number in zip(bounded, range(200), strict=True):
        old, new = pair(number)
        assert "".join(text for kind, text in pieces if kind != "ins") == old
        assert "".join(text for kind, text in pieces if kind != "del") == new


def test_the_screens_show_so_many_pieces(desk, staff, now):
    """By requests: 3,000 paragraphs, each changed in many places by two users."""
    olds = [pair(n)[0] for n in range(200)]
    bodies = ["".join(f"<p>{text.replace('乙', word)}</p>" for text in olds) for word in "乙改另"]
    article = factories.make_draft(staff["correspondent"], now, body=bodies[0])
    client, url = desk("correspondent"), f"/desk/articles/article/{article.pk}/"
    first = article.version
    for window_id, body in zip(("window-one-0001", "window-two-0002"), bodies[1:], strict=True):
        sent = {
            **FORM,
            "version": first,
            "body": body,
            "body_format": "html",
            "window_id": window_id,
        }
        client.post(f"{url}change/", {**sent, "sequence": 1})
    side = article.revisions.get(is_side=True)
    merged = client.get(f"{url}merge/{side.number}/").content.decode()
    assert merged.count("<ins>") < merge.MAX_SHOWN
    assert merged.count("改") > 10_000, "all of it is there"
    compared = client.get(f"{url}compare/?old=1&new=2").content.decode()
    assert compared.count("<ins>") < 2 * compare.MAX_PIECES
    assert compared.count("改") > 10_000


class Counted(list):
    """A list that counts how much of it is copied by slices."""

    copied = 0

    def __getitem__(self, place):
        found = super().__getitem__(place)
        if isinstance(place, slice):
            Counted.copied += len(found)
        return found


def test_names_are_given_to_pieces_without_copying_the_rest_each_time():
    old, new = pair(1)
    rows = compare.compare_paragraphs([old], [new])
    pieces = rows[0].pieces
    assert len(pieces) > 100
    with mock.patch("textkit.authorship._joined", lambda marks, span: Counted(marks[span.start])):
        list(with_authors(rows, [["甲"] * len(new)], [["乙"] * len(old)]))
    assert Counted.copied <= len(old) + len(new)


def test_the_hand_off_shows_changes_of_paragraphs_that_are_all_alike():
    """difflib takes hours to compare them."""
    then = [f"全县的水闸都换了电动机，第{n}座也是。" for n in range(600)]
    now = [text.replace("都", "已") for text in then]
    lines = list(changed_lines(then, now))
    assert len(lines) == 1_200
    assert sorted(lines) == sorted([f"删 {one}" for one in then] + [f"增 {one}" for one in now])
    assert list(changed_lines(["甲。", "乙。"], ["乙。", "甲。"])) in (
        ["增 乙。", "删 乙。"],
        ["删 甲。", "增 甲。"],
    )


# Review


@pytest.mark.parametrize(
    "blank", [*(chr(n) for n in range(sys.maxunicode) if chr(n).isspace()), "&nbsp;", "<br>"]
)
def test_a_blank_can_be_read_in_one_way_only(blank):
    import re

    assert sum(bool(re.fullmatch(pattern, blank)) for pattern in html.BLANKS) == 1


def test_a_body_with_a_line_of_blanks_is_sanitised():
    """A pattern that matches a blank in two ways takes years for forty of them."""
    assert html.sanitise("<p>甲</p><p><br>" + "\u3000" * 60 + "乙</p>").endswith("乙</p>")


@pytest.mark.parametrize("text", ["“" * 5_000, "字," * 5_000 + "字", "的的" * 5_000])
def test_the_number_of_findings_is_limited(text):
    assert len(check([text] * 3)) == MAX_FINDINGS


def test_a_blocking_word_behind_many_findings_still_blocks(desk, staff, now):
    words = [Word("帐本", "账本", is_blocking=True), Word("截止目前", "截至目前")]
    found = check(["字," * 500 + "字", "帐本", "帐本"], words)
    assert len(found) == MAX_FINDINGS + 1
    assert found[-1].excerpt == "帐本"
    assert found[-1].paragraph == 1
    body = "<p>" + "字,字" * 2_000 + "</p><p>帐本</p>"
    article = factories.make_in("first_review", staff["correspondent"], now, body=body)
    with mock.patch("proofing.services.house_words", return_value=words):
        assert [f.excerpt for f in validation.findings_of(content_of(article)) if f.is_blocking]


def test_a_page_names_so_many_towns_and_each_story_is_held_against_no_more():
    text = "".join(
        f"{han(n)}镇\n第{n}座水闸换了\n\n本报讯（记者 张三）水闸换了。\n\n" for n in range(300)
    )
    longest = 0

    def find(text, towns):
        nonlocal longest
        longest = max(longest, len(towns))
        return real(text, towns)

    real = headings.find_town
    with mock.patch.object(headings, "find_town", find):
        review = page_text.read(text, ["白沙镇"])
    assert len(review.stories) > 100
    assert longest <= page_text.MAX_TOWNS + 1


def han(number: int) -> str:
    return chr(0x4E00 + number // 50) + chr(0x5000 + number % 50)


def test_what_is_found_of_a_text_is_bounded_by_its_length_not_by_its_ligatures():
    assert len(tokens.plain("\ufdfa" * 100_000)) <= tokens.MAX_PLAIN


# The search for hostile texts itself


def test_hostile_texts_are_as_large_as_asked_and_not_larger():
    for shape in (Shape("<p>", "甲{n}", "b", 50), Shape("", "ab", "c", is_mixed=True)):
        assert 900 < len(shape.text(1_000)) <= 1_000
    assert len(set(repeat("{n},", 4_000).split(","))) == 1_001

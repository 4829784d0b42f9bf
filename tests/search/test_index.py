"""The full-text index: any two adjacent characters are found, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from paper.models import Town
from search import terms
from search.index import Document, Index
from tests.helpers.search_texts import ALPHABET, QUICK
from textkit.tokens import mark, plain, tokens

DESK = Index("desk")
TEXTS = st.text(ALPHABET, max_size=40)


def found(query: str, *, in_head: bool = False) -> set[int]:
    """Return the keys of the objects that contain every term of the query."""
    asked = terms.read(query)
    rows = Town.objects.all()
    for term in asked:
        rows = rows.filter(DESK.holds(term, in_head=in_head))
    return set(rows.values_list("pk", flat=True)) if asked else set()


def put(*texts: str) -> None:
    """Index the texts under the keys 1, 2, 3 …, each with a row that can be queried."""
    DESK.clear()
    towns = [Town(pk=key, name=str(key), slug=str(key)) for key in range(1, len(texts) + 1)]
    Town.objects.bulk_create(towns, ignore_conflicts=True)
    DESK.put(Document(key, text, "") for key, text in enumerate(texts, start=1))


def scan(texts: list[str], words: str) -> set[int]:
    """Return the result of a scan of all texts."""
    return {key for key, text in enumerate(texts, start=1) if words in plain(text)}


def test_tokens_are_pairs_and_the_last_character_of_each_run():
    assert tokens("沈青山，WTO 2023") == [
        "沈青",
        "青山",
        "山",
        "wt",
        "to",
        "o",
        "20",
        "02",
        "23",
        "3",
    ]
    assert tokens("𠮷野𫗧") == ["𠮷野", "野𫗧", "𫗧"]
    assert tokens("\U00031350\ue001家") == ["\U00031350\ue001", "\ue001家", "家"]
    assert tokens("ＡＢ－１") == tokens("ab-1")
    assert tokens("，。 \n") == []


@pytest.mark.django_db
@QUICK
@given(st.lists(TEXTS, min_size=1, max_size=5), st.data())
@example(["哈" * 300 + "好"], None)
@example(["水闸，换了", "水闸换了", "闸换"], None)
def test_every_piece_of_every_text_is_found_and_nothing_else(texts, data):
    """Recall and precision are 1 compared with a scan of all texts, on both databases."""
    put(*texts)
    pieces = ["哈好", "闸换", "闸，换", "换"]
    if data is not None:
        text = data.draw(st.sampled_from(texts))
        start = data.draw(st.integers(0, len(text)))
        pieces = [text[start : start + data.draw(st.integers(1, 6))], data.draw(TEXTS)]
    for piece in pieces:
        quoted = "「" + piece.replace("」", "") + "」"
        words = plain(piece)
        assert found(quoted) == (scan(texts, words) if words else set()), (piece, texts)


@pytest.mark.django_db
def test_a_place_late_in_a_long_text_is_found():
    """PostgreSQL stores positions up to 16,383, and 256 of one token."""
    many = "".join(chr(0x4E00 + n % 7000) for n in range(20_000))
    put(f"{many}末尾之句", "哈" * 5000 + "尾声", "无")
    assert found("末尾之句") == {1}
    assert found("哈哈尾声") == {2}
    assert found("尾") == {1, 2}


@pytest.mark.django_db
def test_a_text_with_more_pairs_than_a_tsvector_holds_is_stored_all_the_same():
    import random

    rolls = random.Random(1)
    put("".join(chr(rolls.randrange(0x4E00, 0x9FFF)) for _n in range(250_000)) + "水闸", "水闸")
    assert 2 in found("水闸")


@pytest.mark.django_db
def test_several_terms_must_all_be_found_and_a_quoted_one_as_it_stands():
    put("水闸换了电机", "电机与水闸", "水闸 电机", "水闸")
    assert found("水闸 电机") == {1, 2, 3}
    assert found("“水闸 电机”") == {3}
    assert found('"水闸 电机"') == {3}
    assert found("水闸　电机 换") == {1}


@pytest.mark.django_db
def test_the_head_alone_can_be_asked():
    put("", "")
    DESK.put([Document(1, "水闸", "电机"), Document(2, "电机", "水闸")])
    assert found("水闸") == {1, 2}
    assert found("水闸", in_head=True) == {1}
    assert found("水", in_head=True) == {1}


@pytest.mark.django_db
def test_a_new_text_takes_the_place_of_the_old_one_and_a_removed_one_is_gone():
    put("水闸")
    DESK.put([Document(1, "电机", "")])
    assert (found("水闸"), found("电机")) == (set(), {1})
    DESK.remove(1)
    assert found("电机") == set()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "query", ["", "  ", "，。！", '"', "“”", "* OR NEAR(", "'", "\\", "%_", "()"]
)
def test_marks_and_words_of_a_query_language_mean_nothing(query):
    put("水闸 or near")
    assert found(query) <= {1}


def test_more_terms_than_a_person_types_are_left_out():
    assert len(terms.read(" ".join("甲乙丙丁戊己庚辛壬癸"))) == terms.MAX_TERMS
    assert terms.read("水闸 水闸") == [terms.Term("水闸", "水闸")]


@given(TEXTS, TEXTS)
@settings(max_examples=100, deadline=None)
def test_marked_pieces_are_the_text_and_the_hits_are_what_was_looked_for(text, wanted):
    pieces = mark(text, [plain(wanted)])
    assert "".join(piece for piece, _hit in pieces) == text
    assert all(piece for piece, _hit in pieces)


def test_a_hit_is_marked_in_whatever_width_and_case_it_was_written():
    assert mark("在ＷＴＯ，2023年", ["wto 20"]) == [
        ("在", False),
        ("ＷＴＯ，20", True),
        ("23年", False),
    ]
    assert mark("水闸水闸", ["水闸", "闸水"]) == [("水闸水闸", True)]

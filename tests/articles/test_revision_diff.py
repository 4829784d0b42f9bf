"""Rule: a comparison is correct and readable."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles import services
from articles.content import PhotoRow
from articles.models import Revision
from articles.selectors.revision_diff import compare_revisions
from articles.services.drafts import add_revision
from photos.services import add_photo
from tests.helpers import factories
from textkit.authorship import insertion_authors, reverse_comparison, with_authors
from textkit.compare import compare_paragraphs
from textkit.compare_chars import CharPiece, compare_items, compare_texts

WORDS = st.text(
    alphabet="的一是了我不在人们有来他这上着个地到大里说就去子得也和那要下看天时过出小么起，。WTO2023 ",
    max_size=40,
)
ANY = st.text(max_size=40)
PARAGRAPHS = st.lists(
    st.one_of(WORDS, st.sampled_from(["第一段。", "水闸换了电动机。", "甲"])), max_size=8
)


def shown(pieces) -> str:
    marks = {"same": "", "del": "-", "ins": "+"}
    return "".join(f"[{marks[p.op]}{p.text}]" if p.op != "same" else p.text for p in pieces)


def side(pieces, op: str) -> str:
    return "".join(piece.text for piece in pieces if piece.op != op)


@given(st.one_of(ANY, WORDS), st.one_of(ANY, WORDS))
def test_the_pieces_give_both_texts(old, new):
    pieces = compare_texts(old, new)
    assert side(pieces, "ins") == old
    assert side(pieces, "del") == new
    assert all(piece.text for piece in pieces)


@given(PARAGRAPHS, PARAGRAPHS)
def test_the_rows_give_both_texts(old, new):
    rows = compare_paragraphs(old, new)
    after = {row.new.start: row for row in rows if row.kind != "left" and row.new}
    before = {row.old.start: row for row in rows if row.kind != "left" and row.old}
    for found, texts, op in ((after, new, "del"), (before, old, "ins")):
        place = 0
        while place < len(texts):
            row = found[place]
            span = row.new if op == "del" else row.old
            assert side(row.pieces, op) == "\n".join(texts[span.start : span.stop])
            place = span.stop
    order = [row.new.start for row in rows if row.kind != "left" and row.new]
    assert order == sorted(order)


@given(st.lists(PARAGRAPHS, min_size=2, max_size=4))
def test_names_change_no_text(states):
    steps = [compare_paragraphs(a, b) for a, b in pairwise(states)]
    names = [str(number) for number in range(len(steps))]
    brought = insertion_authors(states, steps, names)
    taken = insertion_authors(
        states[::-1], [reverse_comparison(step) for step in steps[::-1]], names[::-1]
    )
    assert [len(marks) for marks in brought] == [len(text) for text in states[-1]]
    rows = compare_paragraphs(states[0], states[-1])
    for plain, named in zip(rows, with_authors(rows, brought, taken), strict=True):
        assert side(plain.pieces, "ins") == side(named.pieces, "ins")
        assert side(plain.pieces, "del") == side(named.pieces, "del")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("六座水闸装上电动机", "七座水闸都装上电动机", "[-六][+七]座水闸[+都]装上电动机"),
        ("花了36.5万元", "花了38.2万元", "花了[-36.5][+38.2]万元"),
        ("加入WTO以后", "加入WHO以后", "加入[-WTO][+WHO]以后"),
        ("鸡鸣狗吠", "鸟鸣犬吠", "[-鸡鸣狗][+鸟鸣犬]吠"),
        ("我们去学校。", "我们去学校。他们去学校。", "我们去学校。[+他们去学校。]"),
        ("今天，他来了，她走了。", "今天，她走了。", "今天，[-他来了，]她走了。"),
        ("", "新的", "[+新的]"),
        ("一样", "一样", "一样"),
    ],
)
def test_it_reads_as_a_person_would_mark_it(old, new, told):
    assert shown(compare_texts(old, new)) == told


def test_a_rewritten_sentence_is_not_torn_to_pieces():
    pieces = compare_texts("春天的田野里到处是忙碌的身影", "记者在合作社的大棚里看到另一番景象")
    assert len(pieces) <= 3


def kinds(old, new) -> list[str]:
    return [row.kind for row in compare_paragraphs(old, new)]


A, B, C, D = (
    "全镇六座水闸装上了电动机，今年汛期不再靠人力。",
    "镇水利站站长说，改造花了二十万元。",
    "沿河的村民最先看到变化，夜里不用再起来摇闸。",
    "下一步，镇里打算把十二座涵洞也改过来。",
)


def test_a_moved_paragraph_is_shown_as_moved():
    rows = compare_paragraphs([A, B, C, D], [D, A, B, C])
    assert [row.kind for row in rows] == ["moved", "same", "same", "same", "left"]
    assert (rows[0].old, rows[0].new) == (range(3, 4), range(1))


def test_a_paragraph_moved_and_changed_a_little():
    rows = compare_paragraphs([A, B, C, D], [D.replace("十二", "十四"), A, B, C])
    assert rows[0].kind == "moved"
    assert shown(rows[0].pieces) == "下一步，镇里打算把十[-二][+四]座涵洞也改过来。"


def test_divided_and_joined_paragraphs_are_one_row():
    rows = compare_paragraphs([A + B, C], [A, B, C])
    assert shown(rows[0].pieces) == f"{A}[+\n]{B}"
    rows = compare_paragraphs([A, B, C], [A + B, C])
    assert shown(rows[0].pieces) == f"{A}[-\n]{B}"


def test_added_and_removed_paragraphs_stand_where_they_were():
    assert kinds([A, B, C], [A, C, D]) == ["same", "removed", "same", "added"]
    assert kinds([], [A]) == ["added"]
    assert kinds([], []) == []


def test_a_change_of_bold_or_a_link_alone_is_shown():
    rows = compare_paragraphs([A], [A], ["<p>"], ["<p><strong></strong>"])
    assert (rows[0].kind, rows[0].is_restyled) == ("same", True)


def test_items_of_a_list_stay_whole():
    pieces = compare_items(["通讯员 甲", "通讯员 乙"], ["通讯员 乙", "记者 丙"])
    assert pieces == (
        CharPiece("del", "通讯员 甲"),
        CharPiece("same", "通讯员 乙"),
        CharPiece("ins", "记者 丙"),
    )


# The screen


@pytest.fixture
def edited(staff, now):
    """Return an article that the correspondent wrote and editor and head changed."""
    article = factories.make_draft(staff["correspondent"], now, body=f"<p>{A}</p><p>{B}</p>")
    services.submit(article, user=staff["correspondent"], at=now)
    _change(article, staff["editor"], now, f"<p>{A}</p><p>{B.replace('二十', '三十')}</p>")
    factories.sign_review(article, user=staff["editor"], at=now)
    body = f"<p>{C}</p><p>{A}</p><p>{B.replace('二十', '三十')}这笔钱由县里出。</p>"
    _change(article, staff["head"], now, body)
    return article


def _change(article, user, at: dt.datetime, body: str) -> None:
    if article.taken_by != user:
        services.take(article, user=user, at=at)
        article.refresh_from_db()
    services.save_article(
        article, factories.content(body=body), user=user, at=at, base_version=article.version
    )
    article.refresh_from_db()


def compare_url(article, query: str = "") -> str:
    return f"/desk/articles/article/{article.pk}/compare/{query}"


def test_since_i_last_passed_it_is_what_a_reader_sees_first(edited, desk):
    page = desk("editor").get(compare_url(edited)).content.decode()
    assert '<option value="2" selected>' in page
    assert "自您上次签字以来" in page
    assert "这笔钱由县里出。" in page
    assert "三十" in page
    assert "二十" not in page


def test_each_change_carries_who_made_it(edited, desk):
    page = desk("head").get(compare_url(edited, "?old=1&new=3")).content.decode()
    assert '三<small class="who">editor</small></ins>' in page
    assert '这笔钱由县里出。<small class="who">head</small></ins>' in page
    assert "谁改了什么" in page


def test_the_fields_are_compared_too(staff, now):
    author = staff["correspondent"]
    article = factories.make_draft(author, now, towns=())
    town = factories.Town.objects.get(slug="baisha")
    changed = factories.content(
        "水闸换了电机",
        kicker="白沙镇",
        towns=(town.pk,),
        tags=("水利",),
        writer="丁戊",
        section="literature",
    )
    services.save_article(article, changed, user=author, at=now, base_version=1)
    old, new = article.revisions.order_by("number")
    told = {c.label: shown(c.pieces) for c in compare_revisions(article, old, new).fields}
    assert told == {
        "引题": "[+白沙镇]",
        "标题": "水闸换了电[-动]机",
        "署名": "[-通讯员 甲乙丙][+通讯员 丁戊]",
        "栏目": "[-要闻][+副刊]",
        "镇街": "[+白沙镇]",
        "标签": "[+水利]",
    }


def test_a_side_revision_is_compared_too(edited, staff, now, desk):
    content = factories.content("存在旁边的")
    add_revision(edited, content, user=staff["correspondent"], at=now, is_side=True)
    page = desk("chief").get(compare_url(edited, "?old=3&new=4")).content.decode()
    assert "存在旁边的" in page


def test_text_is_shown_not_run(staff, now, desk):
    article = factories.make_draft(staff["correspondent"], now)
    bad = factories.content("<script>alert(1)</script>", kicker="<img src=x onerror=y>")
    services.save_article(
        article, bad, user=staff["correspondent"], at=now, base_version=1, has_code=True
    )
    page = desk("correspondent").get(compare_url(article)).content.decode()
    assert "<script>alert" not in page
    assert "<img src=x" not in page


@pytest.mark.parametrize("query", ["?old=9&new=1", "?old=x", "?old=%00", "?new=-1", "?old=１"])
def test_a_revision_that_is_not_there(edited, desk, query):
    assert desk("head").get(compare_url(edited, query)).status_code in {400, 404}


def test_one_revision_alone_is_said(staff, now, desk):
    article = factories.make_draft(staff["correspondent"], now)
    page = desk("correspondent").get(compare_url(article)).content.decode()
    assert "目前只有一稿" in page


def test_who_may_not_see_the_record(edited, staff, now, desk):
    """404 for other people's unpublished work, 403 for the record of a published story."""
    assert desk("reporter").get(compare_url(edited)).status_code == 404
    printed = factories.make_in("published", staff["correspondent"], now)
    assert desk("reporter").get(compare_url(printed)).status_code == 403
    assert desk("correspondent").get(compare_url(printed)).status_code == 200


def test_the_queries_do_not_grow_with_the_revisions(
    edited, staff, now, desk, django_assert_max_num_queries
):
    for number in range(4, 20):
        _change(edited, staff["head"], now, f"<p>{A}第{number}稿</p>")
    assert Revision.objects.count() == 19
    client = desk("head")
    with django_assert_max_num_queries(20):
        client.get(compare_url(edited, "?old=1&new=19"))


def test_too_many_saves_are_listed_not_traced(edited, staff, now, desk, monkeypatch):
    """The two revisions are still compared; the page lists who saved between them."""
    monkeypatch.setattr("articles.selectors.revision_diff.MOST_STEPS", 0)
    page = desk("head").get(compare_url(edited, "?old=1&new=3")).content.decode()
    assert "这笔钱由县里出。" in page
    assert 'class="who"' not in page
    assert page.count("<td>—</td>") == 4


def test_photos_and_their_captions_are_compared(staff, now, desk):
    author = staff["correspondent"]
    photos = [
        add_photo(
            data=factories.picture(size=(64, 48 + n)), caption="", user=author, at=now, credits=[]
        )
        for n in range(3)
    ]
    rows = [PhotoRow(photo.pk, f"图{n}", "某某 摄") for n, photo in enumerate(photos)]
    article = factories.make_draft(author, now, photos=(rows[0], rows[1]))
    changed = (replace(rows[1], caption="图一"), rows[2])
    services.save_article(
        article, factories.content(photos=changed), user=author, at=now, base_version=1
    )
    old, new = article.revisions.order_by("number")
    told = [(c.kind, shown(c.pieces)) for c in compare_revisions(article, old, new).photos]
    assert told == [
        ("changed", "图[-1][+一]\n某某 摄"),
        ("added", "[+图2\n某某 摄]"),
        ("removed", "[-图0\n某某 摄]"),
    ]
    assert "新增照片" in desk("correspondent").get(compare_url(article)).content.decode()

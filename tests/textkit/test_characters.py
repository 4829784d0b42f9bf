"""Rule: invisible characters are removed, unusual ones replaced, visible ones stay as typed."""

from __future__ import annotations

import io
import json
import unicodedata

import pytest
from django.core.management import call_command
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from articles import services
from articles.content import PhotoRow, content_of
from articles.models import Article
from articles.services import comments
from articles.services.search_index import DESK
from bylines.models import Contributor
from bylines.services import match_or_create
from ingest.page_parser.text import read as read_page
from paper.models import Paper
from photos.services import add_photo
from proofing.rules import check
from search.terms import read
from tests.helpers import factories
from textkit.characters import clean_line, clean_name, clean_text, fold, private_characters
from textkit.decode import decode_text
from textkit.paste_cleanup import normalise
from textkit.tokens import mark, plain

#: Characters that a word processor, a phone or a font leaves inside a word.
INVISIBLE = [
    *range(0x200B, 0x2010),
    *range(0x202A, 0x202F),
    *range(0x2060, 0x2065),
    *range(0x2066, 0x206A),
    *range(0xFE00, 0xFE10),
    *(0xAD, 0x34F, 0x61C, 0x180E, 0xFEFF, 0xFFFC, 0xE0100, 0xE01EF, 0xE0041),
    *(0x00, 0x08, 0x0E, 0x1F, 0x7F, 0x80, 0x9F),
]


@pytest.mark.parametrize("code", INVISIBLE)
def test_a_character_that_nobody_sees_goes(code):
    assert clean_text(f"水{chr(code)}闸") == "水闸"
    assert plain(f"水{chr(code)}闸") == "水闸"


@pytest.mark.parametrize(
    "text",
    [
        "\u2764\ufe0f",
        "\U0001f468\u200d\U0001f469\u200d\U0001f467",
        "\U0001f44d\U0001f3fd",
        "1\ufe0f\u20e3",
        "\u2764\ufe0f\u200d\U0001f525",
        "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
        "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
        "\u0634\u064f\u0643\u0631\u0627\u064b!\u200f".replace("!", ""),
        "\u1820\u180e\u1820",
    ],
)
def test_an_invisible_character_with_a_meaning_stays(text):
    """Sequences of emoji, joining letters, and marks next to right-to-left letters."""
    assert clean_text(text) == text


@pytest.mark.parametrize(
    ("odd", "usual"),
    [
        ("\u2ed3亭村的\u2ee2铃薯", "长亭村的马铃薯"),
        ("\u2f64\u2f3e", "用户"),
        ("\uf9d1\U0002f800", "六丽"),
        ("\ufa0e\ufa0f\ufa11\ufa13\ufa14\ufa1f\ufa21\ufa23\ufa24\ufa27\ufa28\ufa29",) * 2,
        ("e\u0301", "é"),
        ("\ue863\ue81e", "䶮龴"),
        ("\uf0b7", "•"),
        ("一\u2028二\u2029三\v四\f五\r\n六\r七\x85八", "一\n二\n三\n四\n五\n六\n七\n八"),
    ],
)
def test_an_odd_character_becomes_the_usual_one(odd, usual):
    assert clean_text(odd) == usual


@pytest.mark.parametrize("text", ["　　段首空两格", "ＷＴＯ １２３", "㎡ ① ½ ℃", "a  b", "水\t闸"])
def test_what_is_seen_stays_as_typed(text):
    """Stored texts are not NFKC: width and layout stay as the writer typed them."""
    assert clean_text(text) == text


@given(st.text())
def test_a_clean_text_stays_as_it_is(text):
    clean = clean_text(text)
    assert clean_text(clean) == clean
    assert clean_line(clean_line(text)) == clean_line(text)
    assert fold(fold(text)) == fold(text)


@given(st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S"))))
def test_no_letter_number_mark_or_sign_is_lost(text):
    assert len(clean_text(text)) >= len(
        [
            char
            for char in unicodedata.normalize("NFC", text)
            if char not in "\u115f\u1160\u3164\uffa0"
        ]
    )


def test_a_name_has_no_blank_of_its_layout():
    assert (
        clean_name("王　壮")
        == clean_name("王 壮 ")
        == clean_name("\u200b王\u3000\u200d壮")
        == "王壮"
    )
    assert clean_name("John  Smith") == "John Smith"


def test_an_unknown_private_character_stays_and_is_reported():
    assert clean_text("王\ue123") == "王\ue123"
    assert private_characters("王\ue123\uf8ff\ue123") == ["\ue123", "\uf8ff"]
    (finding,) = check(["王\ue123当选。"])
    assert (finding.rule, finding.is_blocking) == ("private-character", False)
    (story,) = read_page("县图书馆换新灯\n\n云溪讯 县图书馆添了\ue123盏台灯。" + "一" * 60).stories
    assert "private_character:U+E123" in story.flags


def test_the_desk_says_which_character_is_unknown(desk, staff, now):
    article = factories.make_in(
        "first_review", staff["correspondent"], now, body="<p>王\ue123。</p>"
    )
    page = desk("editor").get(reverse("admin:articles_article_change", args=[article.pk]))
    assert "U+E123" in page.content.decode()


def test_a_reference_list_refuses_an_unknown_character(desk, town):
    values = {"name": "白\ue123镇", "slug": "baisha", "order": "0", "is_active": "on"}
    response = desk("administrator").post(f"/desk/paper/town/{town.pk}/change/", values)
    assert "U+E123" in response.content.decode()
    town.refresh_from_db()
    assert "\ue123" not in town.name


def test_a_paragraph_of_invisible_characters_is_empty():
    """The paragraph counts as empty."""
    source = "<p>甲</p><p>\u200b</p><p><span>&#8203;</span></p><p>乙</p>"
    assert normalise(source) == "<p>甲</p>\n<p>乙</p>"


def test_bullets_of_symbol_fonts_still_make_lists_and_others_become_signs():
    assert normalise("<p>\uf06c 甲</p>") == "<ul><li>甲</li></ul>"
    assert normalise("<p>甲\uf0fc</p>") == "<p>甲✔</p>"


def test_every_field_of_an_article_is_clean(staff, now):
    line = "水\u200b闸"
    photo = add_photo(data=factories.picture(), caption="", user=staff["reporter"], at=now)
    article = factories.make_draft(
        staff["reporter"],
        now,
        headline=f"{line}\u2028换新",
        kicker=line,
        subhead=line,
        dateline=line,
        unit=line,
        body=f"<p>{line}</p>",
        tags=(line, "水闸"),
        photos=(PhotoRow(photo.pk, line, "", line),),
    )
    content = content_of(article)
    assert content.headline == "水闸\n换新"
    lines = (content.kicker, content.subhead, content.dateline, content.unit)
    assert set(lines) == {"水闸"}
    assert content.body == "<p>水闸</p>"
    assert content.tags == ("水闸",)
    assert (content.photos[0].caption, content.photos[0].alt) == ("水闸", "水闸")


def test_comments_reasons_and_notes_are_clean(staff, now):
    article = factories.make_in("first_review", staff["reporter"], now)
    comment = comments.add_comment(article, text="查\u200b查\r\n看", user=staff["editor"], at=now)
    assert comment.text == "查查\n看"
    review = factories.sign_review(article, user=staff["editor"], at=now, note="可\u00ad以")
    assert review.note == "可以"


def test_every_field_of_every_form_arrives_clean(desk, paper):
    """The middleware cleans it, so a new field needs no code."""
    client = desk("administrator")
    page = client.get("/desk/paper/paper/1/change/")
    values = {k: v for k, v in page.context["adminform"].form.initial.items() if v is not None}
    values |= {"name": "云\u200b溪\u2ed3报", "about": "一\r\n二"}
    values |= {"release_time": "06:00", "cutoff_time": "22:00"}
    values.pop("logo", None)
    assert client.post("/desk/paper/paper/1/change/", values).status_code == 302
    row = Paper.objects.get()
    assert (row.name, row.about) == ("云溪长报", "一\n二")


CASE_06 = [
    ("水\u200b闸换了。", "水闸"),
    ("堤\u00ad坝加固。", "堤坝"),
    ("水\ufeff泵到货。", "水泵"),
    ("葛\U000e0100洲村。", "葛洲村"),
    ("村民齐\u3000喆领证。", "齐喆"),
    ("\u2ed3亭村的\u2ee2铃薯。", "长亭村"),
    ("县\uff37\uff34\uff2f\u3000代表。", "wto"),
]


@pytest.mark.parametrize(("text", "query"), CASE_06)
def test_a_word_is_found_whatever_is_inside_it(text, query, client, staff, now):
    """At the desk and on the public site; the query may contain the characters too."""
    article = factories.make_draft(staff["reporter"], now, body=f"<p>{text}</p>")
    (term,) = read(query)
    assert Article.objects.filter(DESK.holds(term), pk=article.pk).exists()
    services.submit(article, user=staff["reporter"], at=now)
    factories.pass_all(article, staff, now)
    services.release(article, user=staff["chief"], at=now)
    for typed in (query, "\u200b".join(query)):
        found = client.get("/search/", {"q": typed}).context["results"]
        assert [result.story.pk for result in found] == [Article.objects.get().story.pk]


def test_an_old_text_with_odd_characters_is_found_and_marked():
    """Texts that were signed before this rule are not rewritten; the index folds them."""
    for text, query in CASE_06:
        assert plain(query) in plain(text)
        assert any(hit for _piece, hit in mark(text, [plain(query)]))


def test_the_same_page_is_known_again_with_other_characters(staff, now, tmp_path):
    page = "县图书馆换新灯\n\n云溪讯 县图书馆添了40盏台灯，来的多是下班的年轻人和备考的学生。\n"
    odd = page.replace("台灯", "台\u200b灯").replace("40", "４０")
    path = tmp_path / "page.txt"
    for text in (page, odd):
        path.write_text(text, encoding="utf-8")
        call_command("importpage", str(path), "--user", "editor", stdout=io.StringIO())
    assert Article.objects.count() == 1


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"\xa3\xa0\xa3\xa0\xd4\xc6", "\u3000\u3000云"),
        (b"\xfe\x59\xfe\x61\xfe\x66\xfe\x67\xfe\x6d\xfe\x7e\xfe\x90\xfe\xa0", "龴龵龶龷龸龹龺龻"),
        (b"\xfe\x51\xfe\x52\xfe\x53", "\U00020087\U00020089\U000200cc"),
        (b"\xfe\x6c\xfe\x76\xfe\x91", "\U000215d7\U0002298f\U000241fe"),
        (b"\xa8\xbc\xa8\xbf\x81\x35\xf4\x37", "ḿǹḿ"),
        (b"\xa6\xd9\xa6\xda\xa6\xdb\xa6\xdc\xa6\xdd\xa6\xde\xa6\xdf", "︐︒︑︓︔︕︖"),
        (b"\xa6\xec\xa6\xed\xa6\xf3", "︗︘︙"),
        (b"\x82\x35\x90\x37\x95\x32\x82\x36", "龴\U00020000"),
    ],
)
def test_gb_18030_is_read_by_the_table_of_2022(data, text):
    assert decode_text(b"\xd4\xc6" + data) == "云" + text


def test_an_old_gbk_page_is_read_without_private_characters(staff, tmp_path):
    """Private-use characters of GBK become standard characters."""
    text = (
        "县剧团下乡演出\n\n□□云溪讯 县剧团送戏下乡，演了三场，看的人比去年多。台下坐满了人。\n\n"
        "（通讯员 王壮 周■）\n"
    )
    data = text.encode("gbk").replace("□".encode("gbk"), b"\xa3\xa0")
    path = tmp_path / "page.txt"
    path.write_bytes(data.replace("■".encode("gbk"), b"\xfe\x59"))
    out = io.StringIO()
    call_command("importpage", str(path), "--json", stdout=out)
    (story,) = json.loads(out.getvalue())["stories"]
    assert story["dateline"] == "云溪讯"
    assert [one["name"] for one in story["credits"]] == ["王壮", "周龴"]
    assert private_characters(out.getvalue()) == []


def test_names_of_contributors_are_clean(staff, now):
    match_or_create("王\u3000\u200b壮", "记者", None)
    assert Contributor.objects.known_as("王壮").exists()


@pytest.mark.parametrize("pair", ["\u0301\u0323", "\u0f73", "\u0f71\u0f74", "\U0001d165\U0001d16d"])
def test_a_letter_keeps_thirty_marks(pair):
    """Normalisation sorts the marks on a letter, which took minutes for half a million."""
    made = clean_text(f"水a{pair * 1_000}闸")
    assert made[0] + made[-1] == "水闸"
    assert len(made) <= 2 + 1 + 2 * 30
    assert clean_text(made) == made
    for number in range(10, 40):
        short = clean_text(f"水a{pair * number}闸")
        assert clean_text(short) == short
    assert clean_text("a\u0301" * 1_000) == "á" * 1_000

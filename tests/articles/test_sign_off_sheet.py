"""Rule: the sign-off sheet shows every signature, on screen and on one A4 page."""

from __future__ import annotations

import datetime as dt
import re
import shutil
import subprocess
from dataclasses import replace
from urllib.parse import unquote

import pytest

from articles import services
from articles.content import BylineRow
from articles.models import LogEntry
from articles.selectors.sign_off_sheet import sign_off_sheet
from bylines.models import Contributor
from issues import services as issues
from tests.helpers import factories


@pytest.fixture
def signed(staff, now):
    article = factories.make_draft(
        staff["correspondent"], now, headline="六座水闸\n换了电动机", kicker="白沙镇"
    )
    services.submit(article, user=staff["correspondent"], at=now)
    services.take(article, user=staff["editor"], at=now)
    article.refresh_from_db()
    factories.sign_review(article, user=staff["editor"], at=now, note="数字已核实")
    article.refresh_from_db()
    factories.sign_review(article, user=staff["head"], at=now)
    article.refresh_from_db()
    factories.sign_review(article, user=staff["chief"], at=now)
    article.refresh_from_db()
    return article


def url(article, name: str = "sheet/") -> str:
    return f"/desk/articles/article/{article.pk}/{name}"


def pages_of(pdf: bytes) -> int:
    return len(re.findall(rb"/Type /Page\b(?!s)", pdf))


def text_of(pdf: bytes, tmp_path) -> str:
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is not installed")
    file = tmp_path / "sheet.pdf"
    file.write_bytes(pdf)
    command = ["pdftotext", "-layout", str(file), "-"]
    return subprocess.run(command, capture_output=True, check=True).stdout.decode()


def test_the_page_says_everything(signed, staff, now, desk):
    issue = issues.plan_issue(
        date=now.date() + dt.timedelta(days=1), user=staff["chief"], pages=[(2, "民生")]
    )
    issues.place(signed, issue.pages.get(), user=staff["chief"], at=now)
    page = desk("chief").get(url(signed)).content.decode()
    sha256 = signed.approved_revision.sha256
    for words in (
        "试验日报",
        "白沙镇",
        "六座水闸<br>换了电动机",
        "通讯员 甲乙丙",
        f"第{issue.number}期",
        "第2版 民生",
        "初审",
        "终审",
        "数字已核实",
        "部主任",
        sha256,
        sha256[:12],
        signed.chain,
        "记录完好：已核对 5 行",
        "签名：",
    ):
        assert words in page, words
    assert page.count("<td><b>通过</b></td>") == 3


def test_the_names_are_those_of_that_day(signed, staff, now):
    staff["head"].last_name = "改了名"
    staff["head"].save()
    staff["head"].groups.clear()
    second = sign_off_sheet(signed, at=now).rounds[-1].signatures[1]
    assert (second.row.name, second.row.roles) == ("head", "部主任")


def test_a_broken_chain_is_said_with_its_row(signed, desk):
    LogEntry.objects.filter(article=signed, transition="take").update(note="没说过")
    page = desk("chief").get(url(signed)).content.decode()
    assert "记录从第 2 行起对不上" in page
    assert re.search(r'<tr class="is-broken">\s*<td>2</td>', page)
    assert "记录完好" not in page


def rounds(article, now) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return each round of the sheet: its label, and the signer of each review."""
    return [
        (one.label, [(s.label, s.row.name if s.row else "") for s in one.signatures])
        for one in sign_off_sheet(article, at=now).rounds
    ]


def test_a_correction_shows_each_round_with_its_own_signatures(signed, staff, now, desk):
    services.release(signed, user=staff["chief"], at=now)
    services.correct(signed, user=staff["head"], at=now, kind="correction", reason="人名有误")
    signed.refresh_from_db()
    first = ("第 1 轮", [("初审", "editor"), ("复审", "head"), ("终审", "chief")])
    assert rounds(signed, now) == [first, ("第 2 轮：更正", [("复审", ""), ("终审", "")])]
    for reader in ("head", "chief"):
        factories.sign_review(signed, user=staff[reader], at=now)
    signed.refresh_from_db()
    done = ("第 2 轮：更正", [("复审", "head"), ("终审", "chief")])
    assert rounds(signed, now) == [first, done]
    page = desk("chief").get(url(signed)).content.decode()
    assert "未签" not in page
    assert page.count("<h4>初审</h4>") == 1


def test_a_dropped_correction_asks_for_no_signature(signed, staff, now):
    services.release(signed, user=staff["chief"], at=now)
    services.correct(signed, user=staff["head"], at=now, kind="correction", reason="人名有误")
    signed.refresh_from_db()
    services.spike(signed, user=staff["head"], at=now, reason="不必更正")
    signed.refresh_from_db()
    assert rounds(signed, now)[-1] == ("第 2 轮：更正（未完成）", [])


def test_a_returned_round_keeps_its_signatures(staff, now):
    article = factories.make_draft(staff["correspondent"], now)
    services.submit(article, user=staff["correspondent"], at=now)
    factories.sign_review(article, user=staff["editor"], at=now)
    article.refresh_from_db()
    services.return_article(article, user=staff["head"], at=now, reason="请补充数字")
    article.refresh_from_db()
    services.submit(article, user=staff["correspondent"], at=now)
    article.refresh_from_db()
    waiting = ("第 2 轮", [("初审", ""), ("复审", ""), ("终审", "")])
    assert rounds(article, now) == [("第 1 轮", [("初审", "editor")]), waiting]


def test_a_draft_has_a_sheet_without_rows(staff, now, desk):
    article = factories.make_draft(staff["correspondent"], now)
    page = desk("correspondent").get(url(article)).content.decode()
    assert "还没有审签记录" in page


def test_the_pdf_is_one_page_with_a_chinese_name(signed, desk):
    answer = desk("chief").get(url(signed, "sheet.pdf"))
    assert answer.content.startswith(b"%PDF-")
    assert pages_of(answer.content) == 1
    assert answer["Content-Type"] == "application/pdf"
    assert "no-store" in answer["Cache-Control"]
    name = unquote(answer["Content-Disposition"])
    assert name == f"attachment; filename*=utf-8''审签单-{signed.pk}-六座水闸_换了电动机.pdf"


def test_the_pdf_says_what_the_page_says(signed, desk, tmp_path):
    text = text_of(desk("chief").get(url(signed, "sheet.pdf")).content, tmp_path)
    for words in ("审签单", "换了电动机", "数字已核实", "记录完好", "页"):
        assert words in text, words
    assert signed.approved_revision.sha256 in text
    assert signed.chain in text


@pytest.mark.parametrize("note", ["字\n" * 249 + "完", "😀" * 500, "字" * 500], ids=len)
def test_a_note_of_any_shape_makes_a_pdf_and_an_ordinary_one_stands_whole(
    staff, now, desk, tmp_path, note
):
    """A cell taller than a page would break the PDF: it is cut, and says where the rest is."""
    author = staff["correspondent"]
    author.last_name = "𠮷" * 60
    author.save()
    article = factories.make_draft(author, now)
    services.submit(article, user=author, at=now)
    factories.sign_review(article, user=staff["editor"], at=now, note=note)
    answer = desk("chief").get(url(article, "sheet.pdf"))
    assert answer.status_code == 200
    text = text_of(answer.content, tmp_path)
    assert ("全文见系统" in text) == (note != "字" * 500)


def test_a_sheet_with_400_names_is_one_page(staff, now, desk):
    people = [Contributor.objects.create(name=f"某某某{n}") for n in range(400)]
    rows = tuple(BylineRow(person.pk, "通讯员") for person in people)
    draft = replace(factories.content(), bylines=rows)
    article = services.create_article(draft, user=staff["correspondent"], at=now)
    assert pages_of(desk("correspondent").get(url(article, "sheet.pdf")).content) == 1


def test_the_font_is_in_the_file(signed, desk):
    """Every font is embedded, so it prints the same on a machine without Chinese fonts."""
    pdf = desk("chief").get(url(signed, "sheet.pdf")).content
    assert set(re.findall(rb"/BaseFont /(\S+)", pdf)) == {b"AAAAAA+NotoSansSC-Regular"}
    assert b"/FontFile2" in pdf


def test_a_long_record_goes_on_with_its_heading(staff, now, desk, tmp_path):
    author, editor = staff["correspondent"], staff["editor"]
    article = factories.make_draft(author, now, headline="很长的标题" * 30, kicker="长" * 120)
    for number in range(15):
        services.submit(article, user=author, at=now)
        reason = "请补充" * 100 if number == 3 else "W" * 200
        services.return_article(article, user=editor, at=now, reason=reason)
    pdf = desk("chief").get(url(article, "sheet.pdf"))
    assert pdf.status_code == 404  # another user's draft
    pdf = desk("correspondent").get(url(article, "sheet.pdf")).content
    assert pages_of(pdf) > 1
    assert text_of(pdf, tmp_path).count("试验日报") == pages_of(pdf)


def test_what_the_font_lacks_is_named_not_lost():
    from articles.sign_off_pdf import printable

    assert printable("赟喆堃祎\n甲") == "赟喆堃祎\n甲"
    assert printable("𠮷😀") == "〓(U+20BB7)〓(U+1F600)"
    assert printable("零\u200b宽\ufe0f") == "零宽"


def test_text_in_the_pdf_is_text(staff, now, desk):
    odd = "<b>a & b</i> <para>"
    article = factories.make_draft(staff["correspondent"], now, headline=odd, has_code=True)
    answer = desk("correspondent").get(url(article, "sheet.pdf"))
    assert answer.status_code == 200
    assert "<b>a" not in desk("correspondent").get(url(article)).content.decode()


def test_who_may_not_see_the_record(signed, staff, now, desk):
    draft = factories.make_draft(staff["correspondent"], now)
    printed = factories.make_in("published", staff["correspondent"], now)
    for name in ("sheet/", "sheet.pdf"):
        assert desk("head").get(url(draft, name)).status_code == 404
        assert desk("reporter").get(url(printed, name)).status_code == 403
        assert desk("administrator").get(url(draft, name)).status_code == 200
        assert desk("chief").post(url(signed, name)).status_code == 405


def test_the_article_screen_leads_to_sheet_and_comparison(signed, staff, now, desk):
    page = desk("chief").get(url(signed, "change/")).content.decode()
    assert f'href="{url(signed)}"' in page
    article = factories.make_draft(staff["correspondent"], now)
    services.submit(article, user=staff["correspondent"], at=now)
    factories.sign_review(article, user=staff["editor"], at=now)
    services.take(article, user=staff["head"], at=now)
    article.refresh_from_db()
    changed = factories.content("部主任改的标题")
    services.save_article(
        article, changed, user=staff["head"], at=now, base_version=article.version
    )
    page = desk("editor").get(url(article, "change/")).content.decode()
    assert "您签字后的改动" in page
    assert f'href="{url(article, "compare/")}"' in page


def test_the_queries_do_not_grow_with_the_rows(signed, staff, now, django_assert_num_queries):
    with django_assert_num_queries(15):
        sign_off_sheet(signed, at=now)
    services.release(signed, user=staff["chief"], at=now + dt.timedelta(hours=1))
    signed.refresh_from_db()
    with django_assert_num_queries(22):  # and its story, with all rows that file it
        sign_off_sheet(signed, at=now)


def test_a_story_withdrawn_while_it_is_corrected_keeps_its_signatures(signed, staff, now, desk):
    """No review is pending any more, and the signatures of the published text are still shown."""
    services.release(signed, user=staff["chief"], at=now)
    services.correct(signed, user=staff["head"], at=now, kind="correction", reason="人名有误")
    signed.refresh_from_db()
    services.withdraw(signed, user=staff["chief"], at=now, reason="失实")
    signed.refresh_from_db()
    first = ("第 1 轮", [("初审", "editor"), ("复审", "head"), ("终审", "chief")])
    assert rounds(signed, now) == [first, ("第 2 轮：更正（未完成）", [])]
    page = desk("chief").get(url(signed, "change/")).content.decode()
    box = page[page.index('<ol class="sheet">') :]
    assert box[: box.index("</ol>")].count("is-signed") == 3

"""Rule: layout editors get complete pages with permanent numbers, and see what has changed."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from docx import Document

from articles import services as articles
from articles.content import PhotoRow, content_of
from issues import services
from issues.handoff_text import ArticleText, as_docx, as_text
from issues.models import Handoff, Issue
from photos.services import add_photo
from tests.helpers import factories
from textkit.body import Body

HOUR = dt.timedelta(hours=1)


@pytest.fixture
def issue(staff, now) -> Issue:
    return services.plan_issue(
        date=timezone.localdate(now) + dt.timedelta(days=1),
        user=staff["chief"],
        pages=[(1, "要闻"), (2, "镇街")],
        cutoff_at=now + HOUR,
        release_at=now + 9 * HOUR,
    )


@pytest.fixture
def placed(issue, staff, now):
    """Place two articles on page 1; the first has a photo in its text and continues on page 2."""
    photo = add_photo(
        data=factories.picture(size=(640, 480)), caption="水闸", user=staff["reporter"], at=now
    )
    first = factories.make_in(
        "approved",
        staff["reporter"],
        now,
        headline="水闸换了\n电动机",
        kicker="白沙镇",
        dateline="本报讯",
        body=f'<p>六座水闸。</p><h2>省力</h2><figure data-photo="{photo.pk}"></figure><p>&lt;不是标签</p>',
        photos=(PhotoRow(photo.pk, "新水闸", "张禾 摄"),),
    )
    second = factories.make_in("second_review", staff["reporter"], now, headline="还在审")
    page = issue.pages.get(number=1)
    one = services.place(first, page, user=staff["editor"], at=now)
    services.place(second, page, user=staff["chief"], at=now)
    services.continue_on(one, issue.pages.get(number=2), user=staff["editor"], at=now)
    return first, second


def hand_over(client, issue: Issue, page: str = "1") -> zipfile.ZipFile:
    answer = client.post(f"/desk/issues/issue/{issue.pk}/handoff/", {"page": page} if page else {})
    assert answer.status_code == 200
    return zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))


def text_of(archive: zipfile.ZipFile, name: str) -> str:
    (found,) = (one for one in archive.namelist() if one.endswith(name))
    return archive.read(found).decode("utf-8-sig")


def test_a_page_comes_as_tagged_text_docx_original_photos_and_a_list(issue, placed, desk):
    first, second = placed
    archive = hand_over(desk("chief"), issue)
    number = f"A{first.pk:06d}"
    text = text_of(archive, f"{number}.txt").splitlines()
    assert text == [
        f"<稿号>{number}",
        "<状态>新稿",
        "<引题>白沙镇",
        "<主题>水闸换了",
        "<主题>电动机",
        "<电头>本报讯",
        "<正文>",
        "六座水闸。",
        "<小标题>省力",
        f"<图片位置>{number}-1.jpg",
        "<正文>",
        "\\<不是标签",
        "<署名>通讯员 甲乙丙",
        "<转版>下转第2版",
        f"<图片>{number}-1.jpg",
        "<图注>新水闸",
        "<摄影>张禾 摄",
    ]
    docx = Document(io.BytesIO(archive.read(f"{issue.slug}/01/{number}.docx")))
    told = [(paragraph.style.name, paragraph.text) for paragraph in docx.paragraphs]
    assert ("主题", "电动机") in told
    assert ("小标题", "省力") in told
    photo = first.photos.get()
    assert archive.read(f"{issue.slug}/01/{number}-1.jpg") == photo.file.open().read()
    listed = text_of(archive, "目录.txt")
    assert f"{number} 水闸换了 电动机" in listed
    assert "下转第2版" in listed
    assert f"A{second.pk:06d} 还在审" in listed
    assert "未签发" in listed
    assert "未签发" in text_of(archive, f"A{second.pk:06d}.txt")


def test_handed_over_again_it_says_what_has_changed(issue, placed, staff, desk, now):
    first, second = placed
    chief = desk("chief")
    hand_over(chief, issue)
    same = text_of(hand_over(chief, issue), "目录.txt")
    assert "新稿" not in same
    assert "改动" not in same
    second.refresh_from_db()
    articles.take(second, user=staff["head"], at=now)
    second.refresh_from_db()
    content = content_of(second)
    articles.save_article(
        second,
        replace(content, body="<p>全镇八座水闸装上了电动机。</p>"),
        user=staff["head"],
        at=now,
        base_version=second.version,
    )
    screen = chief.get(f"/desk/issues/issue/{issue.pk}/handoff/").content.decode()
    assert "1 篇" in screen
    placement = first.placements.get()
    services.unplace(placement, user=staff["chief"], at=now)
    third = factories.make_in("approved", staff["reporter"], now, headline="新来的")
    services.place(third, issue.pages.get(number=1), user=staff["chief"], at=now)
    archive = hand_over(chief, issue)
    listed = text_of(archive, "目录.txt")
    rows = {line[:7]: line for line in listed.splitlines() if line.startswith("A")}
    assert "已撤下" in rows[f"A{first.pk:06d}"]
    assert "上次交付后有改动" in rows[f"A{second.pk:06d}"]
    assert "新稿" in rows[f"A{third.pk:06d}"]
    changes = text_of(archive, f"A{second.pk:06d}-改动.txt")
    assert "增 全镇八座水闸装上了电动机。" in changes
    assert "删 全镇六座水闸装上了电动机。" in changes
    assert Handoff.objects.count() == 3


def test_the_whole_issue_comes_in_one_zip(issue, placed, staff, desk, now):
    other = factories.make_in("approved", staff["reporter"], now, headline="第二版的")
    services.place(other, issue.pages.get(number=2), user=staff["chief"], at=now)
    names = hand_over(desk("chief"), issue, "").namelist()
    assert f"{issue.slug}/01/目录.txt" in names
    assert f"{issue.slug}/02/A{other.pk:06d}.docx" in names
    assert all("\\" not in name and ".." not in name and ":" not in name for name in names)


def test_a_hand_off_contains_what_the_user_may_see(issue, placed, staff, desk, now):
    hidden = factories.make_in(
        "first_review", staff["correspondent"], now, headline="别的栏目的", section="literature"
    )
    services.place(hidden, issue.pages.get(number=1), user=staff["chief"], at=now)
    listed = text_of(hand_over(desk("editor"), issue), "目录.txt")
    assert "别的栏目的" not in listed
    assert "另有 1 篇" in listed
    hand_over(desk("chief"), issue)
    hand_over(desk("editor"), issue)
    again = text_of(hand_over(desk("chief"), issue), "目录.txt")
    assert "新稿" not in again, "what the editor may not see is not forgotten"
    address = f"/desk/issues/issue/{issue.pk}/handoff/"
    assert desk("correspondent").post(address, {"page": "1"}).status_code == 404
    assert desk("administrator").post(address, {"page": "1"}).status_code == 403
    assert desk("chief").post(address, {"page": "7"}).status_code == 404
    assert desk("chief").post(address, {"page": "2"}).status_code == 302, "nothing stands there"


def test_no_character_breaks_a_file():
    odd = ArticleText(
        number="A000001",
        state="",
        kicker="a\x00b\x0b",
        headline=["<主题>\x1f/..\\:*?", "x" * 3000],
        subhead="\ufffe",
        dateline="",
        body=Body("<p>\\开头</p><p>&lt;正文&gt;</p><p>\x07 &amp;</p>"),
        byline="",
    )
    text = as_text(odd)
    assert "\n\\\\开头" in text
    assert "\n\\<正文>" in text
    assert Document(io.BytesIO(as_docx(odd))).paragraphs


@pytest.mark.parametrize("more", [0, 6])
def test_the_screen_takes_few_queries_however_full_the_pages(issue, placed, staff, desk, now, more):
    for n in range(more):
        article = factories.make_in("approved", staff["reporter"], now, headline=f"多{n}")
        services.place(article, issue.pages.all()[n % 2], user=staff["chief"], at=now)
    chief = desk("chief")
    hand_over(chief, issue, "")
    with CaptureQueriesContext(connection) as queries:
        chief.get(f"/desk/issues/issue/{issue.pk}/handoff/")
    assert len(queries) <= 14

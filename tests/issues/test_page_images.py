"""Rule: a page image is uploaded at the desk, and leads readers to the stories on it."""

from __future__ import annotations

import datetime as dt
import io

import pypdfium2 as pdfium
import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image
from reportlab.lib.pdfencrypt import StandardEncryption

from articles.exceptions import Conflict, Forbidden, Invalid
from issues import services
from issues.models import Issue, Page, PageImage, Placement
from photos import storage
from press.models import EditionPage, Story
from tests.helpers import factories
from tests.helpers.page_files import page_picture, pdf

HOUR = dt.timedelta(hours=1)
BOX = {"x": 10, "y": 20, "w": 300, "h": 400}


@pytest.fixture
def issue(staff, now) -> Issue:
    """Return an issue of two pages with two articles on the first one."""
    made = services.plan_issue(
        date=timezone.localdate(now) + dt.timedelta(days=1),
        user=staff["chief"],
        pages=[(1, "要闻"), (2, "镇街")],
        cutoff_at=now + HOUR,
        release_at=now + 9 * HOUR,
    )
    for number in (1, 1, 2):
        article = factories.make_in("approved", staff["reporter"], now, headline=f"在第{number}版")
        services.place(article, made.pages.get(number=number), user=staff["editor"], at=now)
    return made


@pytest.fixture
def page(issue) -> Page:
    return issue.pages.get(number=1)


def address(issue: Issue, number: int = 1) -> str:
    return f"/desk/issues/issue/{issue.pk}/images/{number}/"


def send(client, issue: Issue, data: bytes, name: str = "a.pdf", **more: str):
    file = SimpleUploadedFile(name, data)
    return client.post(address(issue), {"then": "upload", "file": file, **more})


@pytest.mark.parametrize(("data", "has_pdf"), [(page_picture(), False), (pdf(), True)])
def test_a_picture_or_a_pdf_becomes_the_page(issue, page, desk, data, has_pdf):
    assert send(desk("editor"), issue, data).status_code == 302
    image = PageImage.objects.get(page=page)
    assert image.has_pdf is has_pdf
    assert image.widths[0] == 240
    names = {name.rpartition("/")[2] for name in storage.files_in(image.folder)}
    assert names == {f"w{width}.webp" for width in image.widths} | (
        {"page.pdf"} if has_pdf else set()
    )
    shown = desk("editor").get(f"{address(issue)}w240.webp")
    with Image.open(io.BytesIO(b"".join(shown.streaming_content))) as small:
        assert small.size == (240, round(image.height * 240 / image.width))
    assert desk("correspondent").get(f"{address(issue)}w240.webp").status_code == 404


def test_a_pdf_of_the_whole_issue_gives_each_page_its_own(issue, desk):
    assert send(desk("editor"), issue, pdf(3), whole="1").status_code == 302
    for image in PageImage.objects.select_related("page"):
        with default_storage.open(f"{image.folder}/page.pdf") as stream:
            alone = pdfium.PdfDocument(stream.read())
        assert len(alone) == 1
        assert f"page {image.page.number}" in alone[0].get_textpage().get_text_range()
    assert PageImage.objects.count() == 2


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "空的"),
        (b"%PDF-1.7 nothing", "读不出来"),
        (b"GIF89a" + b"0" * 40, "GIF"),
        (pdf(encrypt=StandardEncryption("secret")), "密码"),
        (pdf(size=(100, 900)), "三倍"),
        (pdf(101), "100 页"),
        (factories.picture("PNG", (40, 400)), "三倍"),
        (page_picture()[:-900], "缺了"),
    ],
)
def test_what_is_no_page_is_refused_in_words_and_leaves_nothing(issue, desk, data, words, settings):
    answer = send(desk("editor"), issue, data)
    assert answer.status_code == 400
    assert words in answer.content.decode()
    assert not PageImage.objects.exists()
    assert not list(settings.MEDIA_ROOT.glob("sheets/*/*"))


def test_another_picture_takes_the_place_of_the_old_and_its_files(
    issue, page, staff, now, django_capture_on_commit_callbacks
):
    services.set_image(page, page_picture(), user=staff["editor"], at=now)
    old = PageImage.objects.get()
    (article, _other) = (one.article_id for one in services.stories_on_page(page))
    services.set_areas(
        page,
        [{"article": article, **BOX}],
        user=staff["editor"],
        at=now,
        seen=services.page_image_version(old),
    )
    with django_capture_on_commit_callbacks(execute=True):
        services.set_image(page, pdf(), user=staff["editor"], at=now)
    new = PageImage.objects.get()
    assert new.areas == [{"article": article, **BOX}]
    assert not storage.files_in(old.folder)
    assert storage.files_in(new.folder)
    with django_capture_on_commit_callbacks(execute=True):
        services.remove_image(page, user=staff["editor"], at=now)
    assert not storage.files_in(new.folder)


def test_who_may_send_a_page(issue, page, staff, now):
    for role in ("correspondent", "reporter", "administrator"):
        with pytest.raises(Forbidden):
            services.set_image(page, page_picture(), user=staff[role], at=now)
    services.close(issue, user=staff["head"], at=now)
    factories.sign_issue(issue, user=staff["chief"], at=now)
    page.refresh_from_db()
    with pytest.raises(Forbidden):
        services.set_image(page, page_picture(), user=staff["editor"], at=now)
    services.set_image(page, page_picture(), user=staff["head"], at=now)


def test_areas_lie_inside_the_picture_and_lead_to_what_stands_on_the_page(issue, page, staff, now):
    services.set_image(page, page_picture(), user=staff["editor"], at=now)
    seen = services.page_image_version(PageImage.objects.get())
    here = services.stories_on_page(page)[0].article_id
    elsewhere = services.stories_on_page(issue.pages.get(number=2))[0].article_id
    bad = [
        {"article": here, **BOX, "x": 800},
        {"article": here, **BOX, "y": -1},
        {"article": here, **BOX, "h": 5},
        {"article": elsewhere, **BOX},
    ]
    for area in bad:
        with pytest.raises(Invalid):
            services.set_areas(page, [area], user=staff["editor"], at=now, seen=seen)
    with pytest.raises(Invalid):
        services.set_areas(
            page, [{"article": here, **BOX}] * 101, user=staff["editor"], at=now, seen=seen
        )
    Placement.objects.filter(article=elsewhere).update(continued_on=page)
    good = [{"article": here, **BOX}, {"article": elsewhere, **BOX}]
    assert services.set_areas(page, good, user=staff["editor"], at=now, seen=seen).areas == good


def test_the_second_user_gets_a_message_and_keeps_the_drawn_areas(issue, page, staff, desk, now):
    services.set_image(page, page_picture(), user=staff["editor"], at=now)
    article = services.stories_on_page(page)[0].article_id
    seen = services.page_image_version(PageImage.objects.get())
    typed = {"seen": seen, "area-article": article, **{f"area-{key}": BOX[key] for key in "xywh"}}
    assert desk("editor").post(address(issue), typed).status_code == 302
    typed["area-x"] = 77
    late = desk("chief").post(address(issue), typed)
    assert late.status_code == 409
    assert 'value="77"' in late.content.decode()
    assert PageImage.objects.get().areas[0]["x"] == BOX["x"]
    typed |= {"seen": services.page_image_version(PageImage.objects.get()), "area-x": "abc"}
    assert desk("chief").post(address(issue), typed).status_code == 400
    with pytest.raises(Conflict):
        services.set_areas(page, [], user=staff["editor"], at=now, seen=seen)


def test_picture_areas_and_continued_stories_go_to_print_with_the_signature(
    issue, page, staff, now
):
    second = issue.pages.get(number=2)
    first = services.stories_on_page(page)[0]
    services.set_image(page, pdf(), user=staff["editor"], at=now)
    seen = services.page_image_version(PageImage.objects.get())
    areas = [{"article": first.article_id, **BOX}]
    services.set_areas(page, areas, user=staff["editor"], at=now, seen=seen)
    services.continue_on(first, second, user=staff["editor"], at=now)
    services.close(issue, user=staff["head"], at=now)
    signed = factories.sign_issue(issue, user=staff["chief"], at=now)
    story = Story.objects.get(article=first.article_id)
    printed = signed.edition.pages.get(number=1)
    assert printed.areas == [{"story": story.pk, **BOX}]
    assert printed.image["has_pdf"] is True
    assert printed.image["folder"].endswith(printed.image["token"])
    assert story.continued_on == signed.edition.pages.get(number=2)
    page.refresh_from_db()
    page.issue.refresh_from_db()
    services.remove_image(page, user=staff["chief"], at=now)
    assert EditionPage.objects.get(pk=printed.pk).image == {}
    services.set_image(page, page_picture(), user=staff["chief"], at=now)
    assert EditionPage.objects.get(pk=printed.pk).image["has_pdf"] is False
    first.refresh_from_db()
    services.continue_on(first, None, user=staff["chief"], at=now)
    story.refresh_from_db()
    assert story.continued_on is None


def test_a_story_goes_on_on_another_page_of_its_own_issue(issue, page, staff, desk, now):
    first = services.stories_on_page(page)[0]
    second = issue.pages.get(number=2)
    act = f"/desk/issues/issue/{issue.pk}/continue/"
    chief = desk("chief")
    chief.post(act, {"placement": first.pk, "over": second.pk})
    first.refresh_from_db()
    assert first.continued_on == second
    board = chief.get(f"/desk/issues/issue/{issue.pk}/").content.decode()
    assert "下转第2版" in board
    assert "上接第1版" in board
    with pytest.raises(Invalid):
        services.continue_on(first, page, user=staff["chief"], at=now)
    other = services.plan_issue(date=issue.date + dt.timedelta(days=1), user=staff["chief"])
    with pytest.raises(Invalid):
        services.continue_on(first, other.pages.first(), user=staff["chief"], at=now)
    moved = services.place(first.article, second, user=staff["chief"], at=now)
    assert moved.continued_on is None, "it stands there now"


def test_a_page_that_goes_takes_its_files_along(
    staff, now, issue, django_capture_on_commit_callbacks
):
    third = Page.objects.create(issue=issue, number=3, name="副刊")
    services.set_image(third, page_picture(), user=staff["chief"], at=now)
    folder = PageImage.objects.get().folder
    issue.refresh_from_db()
    plans = [services.plan_of(page) for page in issue.pages.exclude(pk=third.pk)]
    with django_capture_on_commit_callbacks(execute=True):
        services.set_pages(issue, plans, user=staff["chief"], at=now, version=issue.version)
    assert not storage.files_in(folder)


def test_the_worker_draws_a_page_in_a_process_of_its_own(issue, page, staff, now, settings):
    settings.PHOTO_WORKER = True
    image = services.set_image(page, pdf(), user=staff["editor"], at=now)
    assert image.widths == [240, 800, 1600, 2400]
    with pytest.raises(Invalid, match="读不出来"):
        services.set_image(page, b"%PDF-1.4 broken", user=staff["editor"], at=now)


@pytest.mark.parametrize("url", [f"{'9' * 25}/images/1/", f"1/images/{'9' * 25}/"])
def test_a_number_that_no_database_holds_is_no_page(issue, desk, url):
    assert desk("chief").get(f"/desk/issues/issue/{url}").status_code == 404

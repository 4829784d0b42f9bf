"""Rule: an issue is kept as PDF too, and no PDF shows what readers may not see."""

from __future__ import annotations

import datetime as dt
from unittest import mock

import pypdfium2 as pdfium
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from articles.content import PhotoRow
from articles.models import Article
from issues import services
from newsroom import checks
from photos.services import add_photo
from press import pdf
from press import services as press
from press.models import Edition, Story
from tests.helpers import factories
from tests.helpers.page_files import pdf as sent_pdf

HOUR = dt.timedelta(hours=1)
SECOND = dt.timedelta(seconds=1)


@pytest.fixture
def edition(paper, now) -> Edition:
    """An issue that is out: two pages, each with a story, the first with a photo."""
    made = press.publish_edition(
        press.Imprint(number=7, date=(now - HOUR).date(), year_number=3),
        release_at=now - HOUR,
        pages=[(1, "要闻"), (2, "镇街")],
        signed_by="总编",
        signed_at=now,
    )
    photo = add_photo(data=factories.picture(), caption="水闸", user=None, at=now)
    for page in made.pages.all():
        more = {"photos": (PhotoRow(photo.pk, "新水闸", "张禾 摄"),)} if page.number == 1 else {}
        body = f"<p>第{page.number}版的正文。</p>" * 3
        story = factories.make_story(f"第{page.number}版头条", now - HOUR, body=body, **more)
        Story.objects.filter(pk=story.pk).update(page=page, position=1)
    return made


def text_of(answer) -> str:
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/pdf"
    document = pdfium.PdfDocument(b"".join(answer.streaming_content))
    pages = [document[n].get_textpage().get_text_range() for n in range(len(document))]
    return "\n".join(pages).replace("\r\n", "")


def test_a_page_and_the_whole_issue_come_as_pdf(client, edition):
    slug = edition.get_absolute_url()
    answer = client.get(f"{slug}1/page.pdf")
    assert f'filename="{edition.date}-01.pdf"' in answer.headers["Content-Disposition"]
    page = text_of(answer)
    for words in ("第1版头条", "第1版的正文", "新水闸", "试验日报", "总第7期", "农历"):
        assert words in page
    assert "第2版头条" not in page
    whole = text_of(client.get(f"{slug}paper.pdf"))
    assert "第1版头条" in whole
    assert "第2版头条" in whole
    shown = client.get(f"{slug}1/").content.decode()
    assert f"{slug}1/page.pdf" in shown
    assert f"{slug}paper.pdf" in shown


def test_a_second_before_its_release_there_is_no_pdf(client, edition, now, monkeypatch):
    Edition.objects.update(release_at=now)
    Story.objects.update(release_at=now)
    urls = [f"{edition.get_absolute_url()}{name}" for name in ("paper.pdf", "1/page.pdf")]
    monkeypatch.setattr("django.utils.timezone.now", lambda: now - SECOND)
    assert [client.get(url).status_code for url in urls] == [404, 404]
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)
    assert [client.get(url).status_code for url in urls] == [200, 200]


def test_what_is_withdrawn_or_corrected_is_gone_from_the_pdf_at_once(client, edition, now):
    slug = edition.get_absolute_url()
    assert "第2版头条" in text_of(client.get(f"{slug}paper.pdf"))
    assert "第2版头条" in text_of(client.get(f"{slug}2/page.pdf"))
    press.withdraw_story(Story.objects.get(page__number=2), reason="有误", at=timezone.now())
    assert "第2版头条" not in text_of(client.get(f"{slug}paper.pdf"))
    assert "第2版头条" not in text_of(client.get(f"{slug}2/page.pdf"))
    kept = default_storage.listdir(f"pdf/{edition.pk}")[1]
    assert len(kept) == 2, "the old ones are not kept"


def test_a_pdf_is_made_once(client, edition):
    url = f"{edition.get_absolute_url()}paper.pdf"
    first = client.get(url)
    with mock.patch("press.pdf.run_limited") as again:
        second = client.get(url)
    again.assert_not_called()
    assert second.headers["ETag"] == first.headers["ETag"]
    assert client.get(url, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304


def test_a_page_that_came_as_pdf_is_given_as_it_came_unless_a_story_is_withdrawn(
    client, edition, now
):
    page = edition.pages.get(number=2)
    default_storage.save("sheets/x/page.pdf", ContentFile(sent_pdf()))
    page.image = {"folder": "sheets/x", "token": "0" * 32, "width": 800, "height": 1100}
    page.image |= {"widths": [240], "has_pdf": True}
    page.save()
    slug = edition.get_absolute_url()
    assert "page 1" in text_of(client.get(f"{slug}2/page.pdf"))
    whole = text_of(client.get(f"{slug}paper.pdf"))
    assert "page 1" in whole
    assert "第1版头条" in whole
    assert "第2版头条" not in whole
    press.withdraw_story(page.stories.get(), reason="有误", at=timezone.now())
    assert "page 1" not in text_of(client.get(f"{slug}2/page.pdf"))
    assert "page 1" not in text_of(client.get(f"{slug}paper.pdf"))


def test_who_comes_while_one_is_made_is_told_to_come_again(client, edition):
    with pdf._SLOT:
        answer = client.get(f"{edition.get_absolute_url()}paper.pdf")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    assert "稍" in answer.content.decode()


def test_without_the_library_it_is_said_and_all_else_works(client, edition, monkeypatch):
    monkeypatch.setattr(pdf, "is_possible", lambda: False)
    monkeypatch.setattr(pdf, "run_limited", lambda *_job: {"error": "no-library"})
    slug = edition.get_absolute_url()
    assert "paper.pdf" not in client.get(slug).content.decode()
    assert client.get(f"{slug}paper.pdf").status_code == 503
    (warning,) = checks.pdf_libraries()
    assert "libpango" in (warning.hint or "")


def test_a_text_fetches_nothing_from_elsewhere(client, paper, edition, now):
    story = Story.objects.get(page__number=2)
    Story.objects.filter(pk=story.pk).update(
        body='<p>甲</p><img src="file:///etc/passwd"><img src="http://127.0.0.1:9/x.png">'
    )
    assert "甲" in text_of(client.get(f"{edition.get_absolute_url()}2/page.pdf"))


@pytest.mark.parametrize("name", ["3/page.pdf", "0/page.pdf"])
def test_a_page_that_there_is_not_answers_404(client, edition, name):
    assert client.get(edition.get_absolute_url() + name).status_code == 404


def test_the_desk_keeps_a_signed_issue_before_it_is_out(staff, desk, now):
    issue = services.plan_issue(
        date=timezone.localdate(now) + dt.timedelta(days=1),
        user=staff["chief"],
        pages=[(1, "要闻")],
        cutoff_at=now + HOUR,
        release_at=now + 9 * HOUR,
    )
    article = factories.make_in("approved", staff["reporter"], now, headline="明天见报")
    services.place(article, issue.pages.get(), user=staff["editor"], at=now)
    address = f"/desk/issues/issue/{issue.pk}/paper.pdf"
    assert desk("chief").get(address).status_code == 409
    services.close(issue, user=staff["head"], at=now)
    factories.sign_issue(issue, user=staff["chief"], at=now)
    assert "明天见报" in text_of(desk("chief").get(address))
    assert desk("editor").get(address).status_code == 403
    assert desk("correspondent").get(address).status_code == 404


def test_a_corrected_headline_reaches_the_page_on_which_its_story_goes_on(client, edition, now):
    first, second = edition.pages.all()
    story = Story.objects.get(page=first)
    Story.objects.filter(pk=story.pk).update(continued_on=second)
    url = f"{edition.get_absolute_url()}2/page.pdf"
    assert "第1版头条" in text_of(client.get(url))
    Story.objects.filter(pk=story.pk).update(
        headline="改过的标题", sha256="1" * 64, corrected_at=now
    )
    assert "改过的标题" in text_of(client.get(url))


def test_a_voided_issue_leaves_no_pdf_behind(edition, now, django_capture_on_commit_callbacks):
    Edition.objects.update(release_at=now + HOUR)
    Story.objects.update(release_at=now + HOUR)
    edition.refresh_from_db()
    # As a reopened issue does before it takes its stories back.
    Article.objects.update(story=None)
    name = pdf.issue_pdf(edition, at=now + HOUR)
    with django_capture_on_commit_callbacks(execute=True):
        press.unpublish_edition(edition, at=now)
    assert not default_storage.exists(name)

"""Rule: readers get only the pages of an uploaded PDF."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator

import pikepdf
import pypdfium2 as pdfium
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone
from PIL import Image, ImageChops

from issues import services
from issues.models import Issue, PageImage
from photos import pdf_cleaning, pdf_grammar
from press.models import EditionPage
from tests.helpers import factories
from tests.helpers import hostile_pdfs as hostile
from tests.helpers.hostile_pdfs import MARK, WORDS, built
from tests.helpers.public_pdfs import check_clean, clean_of, send

HOUR = dt.timedelta(hours=1)


def publish(issue: Issue, staff) -> None:
    issue.refresh_from_db()
    services.close(issue, user=staff["head"], at=timezone.now())
    factories.sign_issue(issue, user=staff["chief"], at=timezone.now())
    issue.refresh_from_db()


def public_pdfs(issue: Issue) -> Iterator[bytes]:
    """Request the page and the whole issue as a reader."""
    for name in ("1/page.pdf", "paper.pdf"):
        answer = Client().get(f"{issue.edition.get_absolute_url()}{name}")
        assert answer.status_code == 200, name
        yield b"".join(answer.streaming_content)


def drawn(data: bytes):
    """Return a PDF's first page as a picture, without annotations."""
    page = pdfium.PdfDocument(data)[0]
    return page.render(scale=1, may_draw_forms=False, draw_annots=False).to_pil().convert("RGB")


def check_looks(data: bytes, sent: bytes) -> None:
    """Assert that a clean PDF looks like the uploaded one and has the same text."""
    document = pdfium.PdfDocument(data)
    text = document[0].get_textpage().get_text_range()
    assert WORDS in text
    assert "page 1" in text
    assert list(document[0].get_objects(filter=[3])), "the picture is still there"
    assert ImageChops.difference(drawn(data), drawn(sent)).getbbox() is None


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "in object streams"])
@pytest.mark.parametrize("kind", hostile.KINDS)
def test_only_the_pages_are_copied(kind, packed):
    sent = built(hostile.KINDS[kind], packed=packed)
    data = clean_of(sent)
    addresses = check_clean(data)
    assert all(address.startswith("https://") for address in addresses)
    check_looks(data, sent)


@pytest.mark.parametrize("whole", ["", "1"], ids=["a page", "a whole issue"])
def test_readers_get_none_of_it(issue, staff, desk, whole):
    def everything(pdf):
        for change in hostile.KINDS.values():
            change(pdf)
        for address in [*hostile.ADDRESSES, *hostile.SOUND_ADDRESSES]:
            hostile.web_link(pdf, address)

    sent = built(everything)
    assert send(desk("editor"), issue, sent, whole=whole).status_code == 302
    publish(issue, staff)
    for data in public_pdfs(issue):
        assert set(hostile.SOUND_ADDRESSES) <= set(check_clean(data))
        check_looks(data, sent)


@pytest.mark.parametrize("address", hostile.ADDRESSES)
def test_a_link_leads_to_the_web_or_is_no_link(address):
    encoded = address.encode("utf-8") if address.isprintable() else address
    assert check_clean(clean_of(built(lambda pdf: hostile.web_link(pdf, encoded)))) == []


@pytest.mark.parametrize("address", hostile.SOUND_ADDRESSES)
def test_a_link_to_the_web_stays_where_it_is(address):
    data = clean_of(built(lambda pdf: hostile.web_link(pdf, address)))
    assert check_clean(data) == [address]
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert [int(side) for side in pdf.pages[0].obj.Annots[0].Rect] == [100, 100, 300, 200]


def test_what_an_earlier_save_left_behind_is_gone():
    sent = built(lambda pdf: setattr(pdf.Root, "OpenAction", hostile.script()))
    later = sent + b"\n9999 0 obj\n<< /S /JavaScript /JS (" + MARK.encode() + b") >>\nendobj\n"
    later += sent[sent.rindex(b"startxref") :]
    check_clean(clean_of(later))


def test_a_lock_that_opens_without_a_password_is_taken_off():
    lock = pikepdf.Encryption(owner="only-for-tests", user="", R=6)
    check_clean(clean_of(built(lambda pdf: None, encryption=lock)))


def test_a_page_keeps_what_stands_in_the_nodes_above_it():
    def move(pdf):
        page = pdf.pages[0].obj
        for key in ("/MediaBox", "/Resources", "/Rotate"):
            page.Parent[key] = page.get(key, 0)
            if key in page:
                del page[key]
        page.Parent.Rotate = 90

    sent = built(move)
    data = clean_of(sent)
    check_looks(data, sent)
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert pdf.pages[0].obj.Rotate == 90


@pytest.mark.parametrize("packed", hostile.PACKED)
def test_a_picture_says_nothing_of_who_took_it(packed):
    sent = built(hostile.photo(packed), stream_decode_level=pikepdf.StreamDecodeLevel.none)
    data = clean_of(sent)
    check_looks(data, sent)
    with pikepdf.open(io.BytesIO(data)) as pdf:
        photo = pdf.pages[0].obj.Resources.XObject.Photo
        assert pikepdf.PdfImage(photo).filters == ["/DCTDecode"]
        assert MARK.encode() not in photo.read_raw_bytes()
        assert pikepdf.PdfImage(photo).as_pil_image().size == (200, 150)


@pytest.mark.parametrize("is_progressive", [False, True])
@pytest.mark.parametrize("trailer", [b"PK\x03\x04", b"\xff\xd8\xff\xe1\0\x10Exif", b"ftypmp42"])
def test_nothing_behind_the_end_of_a_picture_is_published(is_progressive, trailer):
    made = io.BytesIO()
    noise = Image.effect_noise((120, 90), 80)
    noise.save(made, "JPEG", quality=95, progressive=is_progressive, restart_marker_rows=1)
    plain = made.getvalue()
    clean = pdf_cleaning.without_metadata(plain + trailer + MARK.encode() + b"\xff\xd9")
    assert clean == pdf_cleaning.without_metadata(plain)
    assert clean.endswith(b"\xff\xd9")
    assert MARK.encode() not in clean
    assert Image.open(io.BytesIO(clean)).convert("L").tobytes() == pixels(plain)


def pixels(jpeg: bytes) -> bytes:
    return Image.open(io.BytesIO(jpeg)).convert("L").tobytes()


def test_a_picture_that_breaks_off_stays_as_it_is():
    made = io.BytesIO()
    Image.effect_noise((120, 90), 80).save(made, "JPEG")
    broken = made.getvalue()[:-500]
    assert pdf_cleaning.without_metadata(broken) == broken
    for odd in (b"", b"\xff", b"\xff\xd8", b"\xff\xd8\xff", b"\xff\xd8\xff\xda", b"no picture"):
        assert len(pdf_cleaning.without_metadata(odd)) <= len(odd)


def test_the_desk_keeps_the_pdf_as_it_was_sent_and_readers_never_reach_it(issue, staff, desk):
    sent = built(hostile.KINDS["an action on opening"])
    send(desk("editor"), issue, sent)
    url = f"/desk/issues/issue/{issue.pk}/images/1/original.pdf"
    answer = desk("editor").get(url)
    assert b"".join(answer.streaming_content) == sent
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "no-store" in answer.headers["Cache-Control"] or "private" in answer.headers[
        "Cache-Control"
    ]  # fmt: skip
    assert desk("reporter").get(url).status_code in {403, 404}
    assert desk("correspondent").get(url).status_code == 404
    assert Client().get(url).status_code == 302
    publish(issue, staff)
    image, page = PageImage.objects.get(), EditionPage.objects.get()
    assert image.original not in str(page.image)
    assert not image.original.startswith(page.image["folder"])
    for base in ("/", "/media/", "/static/", "/photos/", issue.edition.get_absolute_url()):
        assert Client().get(f"{base}{image.original}").status_code == 404


def test_the_pdf_as_sent_goes_with_the_last_page_that_came_with_it(
    staff, now, issue, django_capture_on_commit_callbacks
):
    services.set_images(issue, hostile.sound(), user=staff["editor"], at=now)
    image = PageImage.objects.get()
    assert default_storage.exists(image.original)
    other = PageImage.objects.create(
        page=issue.pages.create(number=2, name="二版"), folder="sheets/none", width=1, height=1,
        original=image.original, uploaded_at=now,
    )  # fmt: skip
    with django_capture_on_commit_callbacks(execute=True):
        services.remove_image(image.page, user=staff["chief"], at=now)
    assert default_storage.exists(image.original)
    issue.refresh_from_db()
    with django_capture_on_commit_callbacks(execute=True):
        services.remove_image(other.page, user=staff["chief"], at=now)
    assert not default_storage.exists(image.original)


@pytest.mark.parametrize("form", [None, 0, pdf_grammar.FORM - 1])
def test_a_pdf_from_before_is_cleaned_before_a_reader_gets_it(issue, staff, desk, form):
    send(desk("editor"), issue, hostile.sound())
    publish(issue, staff)
    page = EditionPage.objects.get()
    own = f"{page.image['folder']}/page.pdf"
    default_storage.delete(own)
    default_storage.save(own, ContentFile(built(hostile.KINDS["an action on opening"])))
    page.image["pdf_form"] = form
    page.save()
    for data in public_pdfs(issue):
        check_clean(data)
        assert WORDS in pdfium.PdfDocument(data)[0].get_textpage().get_text_range()


def test_a_pdf_from_before_that_cannot_be_cleaned_gives_way_to_the_set_page(issue, staff, desk):
    send(desk("editor"), issue, hostile.sound())
    publish(issue, staff)
    page = EditionPage.objects.get()
    own = f"{page.image['folder']}/page.pdf"
    default_storage.delete(own)
    default_storage.save(own, ContentFile(b"%PDF-1.7 broken"))
    page.image["pdf_form"] = 0
    page.save()
    for data in public_pdfs(issue):
        text = pdfium.PdfDocument(data)[0].get_textpage().get_text_range()
        assert WORDS not in text
        assert "水闸" in text


def test_a_page_that_is_set_links_to_the_web_alone(issue, staff, now):
    article = issue.pages.get().placements.get().article
    body = '<p>见<a href="https://paper.example/">网页</a>、<a href="mailto:a@paper.example">信</a>'
    body += '、<a href="/stories/1/">旧闻</a></p>'
    factories.make_story("别的", now - HOUR)
    publish(issue, staff)
    story = article.__class__.objects.get(pk=article.pk).story
    story.body = body
    story.save()
    for data in public_pdfs(issue):
        assert check_clean(data) == ["https://paper.example/"]

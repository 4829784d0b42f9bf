"""Rule: readers get the pages of a PDF that was sent, and nothing else that was in the file."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator

import pikepdf
import pypdfium2 as pdfium
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from pikepdf import Array, Dictionary, Name, Stream, String
from PIL import Image, ImageChops

from issues import services
from issues.models import Issue, PageImage
from photos import pdf_cleaning, pdf_grammar
from photos.sandbox.limits import Limits
from press.models import EditionPage
from tests.helpers import factories
from tests.helpers import hostile_pdfs as hostile
from tests.helpers.hostile_pdfs import MARK, WORDS, built

HOUR = dt.timedelta(hours=1)
#: Keys that lead to what acts, hides or belongs to somebody: none is in any object of a public PDF.
FORBIDDEN = {
    f"/{key}"
    for key in """
    OpenAction AA JavaScript JS Launch EmbeddedFiles EmbeddedFile EF AF AcroForm XFA Names
    Metadata PieceInfo Info Author Producer Creator CreationDate Encrypt Perms Collection
    Threads SpiderInfo OCProperties OC OCGs StructTreeRoot Outlines Dests Dest PA Next Win
    Mac Unix FFilter FS Filespec RichMediaContent Movie Sound Rendition Widget Thumb OPI Ref
    Alternates PresSteps Trans Requirements DSS Legal Base Extensions PageLabels Private
    OutputIntents AP Popup IRT T Unknown Hidden
    """.split()  # noqa: SIM905 - a list to read
}


@pytest.fixture
def issue(staff, now) -> Issue:
    """An issue of one page with a story, that comes out at once when it is signed."""
    made = services.plan_issue(
        date=timezone.localdate(now),
        user=staff["chief"],
        pages=[(1, "要闻")],
        cutoff_at=now - 2 * HOUR,
        release_at=now - HOUR,
    )
    article = factories.make_in("approved", staff["reporter"], now, headline="水闸")
    services.place(article, made.pages.get(), user=staff["chief"], at=now)
    return made


def send(client: Client, issue: Issue, data: bytes, **more: str):
    file = SimpleUploadedFile("a.pdf", data)
    url = f"/desk/issues/issue/{issue.pk}/images/1/"
    return client.post(url, {"then": "upload", "file": file, **more})


def publish(issue: Issue, staff) -> None:
    issue.refresh_from_db()
    services.close(issue, user=staff["head"], at=timezone.now())
    factories.sign_issue(issue, user=staff["chief"], at=timezone.now())
    issue.refresh_from_db()


def public_pdfs(issue: Issue) -> Iterator[bytes]:
    """Ask for the page and for the whole issue as a reader does."""
    for name in ("1/page.pdf", "paper.pdf"):
        answer = Client().get(f"{issue.edition.get_absolute_url()}{name}")
        assert answer.status_code == 200, name
        yield b"".join(answer.streaming_content)


def clean_of(data: bytes, number: int | None = None) -> bytes:
    """Return a PDF cleaned, without the desk around it."""
    clean, out = pdf_cleaning.CleanPdf(), io.BytesIO()
    clean.add(data, number)
    clean.save(out)
    return out.getvalue()


def keys_of(value: object, seen: set[tuple[int, int]] | None = None) -> Iterator[str]:
    """Yield every key and name in an object and in all that hangs on it."""
    seen = set() if seen is None else seen
    if isinstance(value, pikepdf.Object) and value.is_indirect:
        if value.objgen in seen:
            return
        seen.add(value.objgen)
    if isinstance(value, Name):
        yield str(value)
    elif isinstance(value, Array):
        for item in value:
            yield from keys_of(item, seen)
    elif isinstance(value, Dictionary | Stream):
        for key, inner in value.items():
            yield key
            yield from keys_of(inner, seen)


def check_clean(data: bytes) -> list[str]:
    """Assert that nothing is in a PDF but pages; return the addresses of its links."""
    assert MARK.encode() not in data
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert not pdf.is_encrypted
        assert set(pdf.trailer.keys()) <= {"/Root", "/Size", "/ID"}
        assert set(pdf.Root.keys()) == {"/Type", "/Pages"}
        links = [link for page in pdf.pages for link in page.obj.get("/Annots", [])]
        for one in pdf.objects:
            found = set(keys_of(one))
            assert not found & FORBIDDEN, found & FORBIDDEN
            if isinstance(one, Stream):
                assert MARK.encode() not in one.read_raw_bytes()
                if one.get("/Filter") != Name.DCTDecode:
                    assert MARK.encode() not in one.read_bytes()
        for link in links:
            assert set(link.keys()) == {"/Type", "/Subtype", "/Rect", "/Border", "/A"}
            assert link.Subtype == Name.Link
            assert set(link.A.keys()) == {"/S", "/URI"}
        assert len(data) == data.rindex(b"%%EOF") + 6, "one save, nothing behind it"
        assert data.count(b"startxref") == 1
        return [str(link.A.URI) for link in links]


def drawn(data: bytes):
    """Return a PDF's first page as a picture, without what lies over it."""
    page = pdfium.PdfDocument(data)[0]
    return page.render(scale=1, may_draw_forms=False, draw_annots=False).to_pil().convert("RGB")


def check_looks(data: bytes, sent: bytes) -> None:
    """Assert that a clean PDF shows and says what the one that was sent does."""
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


# What is refused


def _layers(**more):
    def change(pdf):
        layer = pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String("批注"), **more))
        pdf.Root.OCProperties = Dictionary(OCGs=Array([layer]), D=Dictionary())
        pdf.pages[0].obj.Resources.Properties = Dictionary(MC0=layer)
        return layer

    return change


def _off(pdf):
    layer = _layers()(pdf)
    pdf.Root.OCProperties.D.OFF = Array([layer])


def _base_off(pdf):
    _layers()(pdf)
    pdf.Root.OCProperties.D.BaseState = Name.OFF


def _when_off(pdf):
    layer = _layers()(pdf)
    mark = Dictionary(Type=Name.OCMD, OCGs=layer, P=Name.AllOff)
    pdf.pages[0].obj.Resources.Properties.MC0 = pdf.make_indirect(mark)


def _by_formula(pdf):
    layer = _layers()(pdf)
    for picture in pdf.pages[0].obj.Resources.XObject.values():
        picture.OC = Dictionary(Type=Name.OCMD, VE=Array([Name.Not, layer]))


HIDDEN = {
    "off": _off,
    "all off": _base_off,
    "shown while off": _when_off,
    "by a formula": _by_formula,
    "off on paper": _layers(Usage=Dictionary(Print=Dictionary(PrintState=Name.OFF))),
    "off on the screen": _layers(Usage=Dictionary(View=Dictionary(ViewState=Name.OFF))),
}


@pytest.mark.parametrize("kind", HIDDEN)
def test_hidden_layers_are_refused_in_words(issue, desk, kind, settings):
    answer = send(desk("editor"), issue, built(HIDDEN[kind]))
    assert answer.status_code == 400
    assert "隐藏的图层" in answer.content.decode()
    assert not list(settings.MEDIA_ROOT.rglob("*.pdf"))


def _deep(pdf):
    form = {"Type": Name.XObject, "Subtype": Name.Form, "BBox": Array([0, 0, 1, 1])}
    held = pdf.make_indirect(Stream(pdf, b"", **form))
    for _level in range(200):
        inner = Dictionary(XObject=Dictionary(A=held))
        held = pdf.make_indirect(Stream(pdf, b"/A Do", **form, Resources=inner))
    pdf.pages[0].obj.Resources.XObject.Deep = held


def _many(pdf):
    pdf.pages[0].obj.Resources.Many = Dictionary()
    pdf.pages[0].obj.Resources.ProcSet = Array([0] * 600_000)


def _crypt(pdf):
    for picture in pdf.pages[0].obj.Resources.XObject.values():
        picture.Filter = Array([Name.Locked])


ODD = {"deep": _deep, "many": _many, "a filter that locks": _crypt}


@pytest.mark.parametrize("kind", ODD)
def test_odd_pdfs_are_refused_in_words_and_nothing_stays(issue, desk, kind, settings):
    answer = send(desk("editor"), issue, built(ODD[kind]))
    assert answer.status_code == 400
    assert "PDF" in answer.content.decode()
    assert not PageImage.objects.exists()
    assert not list(settings.MEDIA_ROOT.rglob("*.pdf"))


def test_objects_that_name_each_other_in_a_ring_are_copied_once():
    def ring(pdf):
        page = pdf.pages[0].obj
        form = next(iter(page.Resources.XObject.values()))
        form.Resources = pdf.make_indirect(Dictionary(XObject=Dictionary(Self=form)))
        page.Resources.Font.Again = next(iter(page.Resources.Font.values()))
        page.Resources.Font.Again.Resources = page.Resources

    data = clean_of(built(ring))
    check_clean(data)


def test_a_hostile_pdf_ends_with_its_own_process(issue, desk, settings, monkeypatch):
    """What draws a billion times is stopped by the limits, and said in words."""
    settings.PHOTO_WORKER = True
    monkeypatch.setattr(
        "photos.sandbox.client.LIMITS", Limits(cpu=3, wall=30, memory=1_500_000_000)
    )

    def bomb(pdf):
        form = {"Type": Name.XObject, "Subtype": Name.Form, "BBox": Array([0, 0, 900, 900])}
        held = pdf.make_indirect(Stream(pdf, b"0 0 9 9 re f", **form))
        for _level in range(9):
            inner = Dictionary(XObject=Dictionary(A=held))
            held = pdf.make_indirect(Stream(pdf, b"/A Do " * 10, **form, Resources=inner))
        pdf.pages[0].obj.Resources.XObject.A = held
        pdf.pages[0].contents_add(b"/A Do")

    answer = send(desk("editor"), issue, built(bomb))
    assert answer.status_code == 400
    assert "绘制太久" in answer.content.decode()
    assert not PageImage.objects.exists()

"""PDFs uploaded at the desk, and checks of the PDFs that readers get."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pikepdf
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pikepdf import Array, Dictionary, Name, Stream

from issues.models import Issue
from photos import pdf_cleaning
from tests.helpers.hostile_pdfs import MARK

#: Keys of actions, hidden content and personal data, which no object of a public PDF may have.
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


def send(client: Client, issue: Issue, data: bytes, **more: str):
    file = SimpleUploadedFile("a.pdf", data)
    url = f"/desk/issues/issue/{issue.pk}/images/1/"
    return client.post(url, {"then": "upload", "file": file, **more})


def clean_of(data: bytes, number: int | None = None) -> bytes:
    """Return a cleaned PDF, without using the desk."""
    clean, out = pdf_cleaning.CleanPdf(), io.BytesIO()
    clean.add(data, number)
    clean.save(out)
    return out.getvalue()


def keys_of(value: object, seen: set[tuple[int, int]] | None = None) -> Iterator[str]:
    """Yield every key and name in an object and in all objects that it refers to."""
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
    """Assert that a PDF contains only pages; return the URLs of its links."""
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

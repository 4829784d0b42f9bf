"""Cleaning of PDFs for publication: pages are rewritten with only what displaying them needs.

Pure, for the limited processes (`photos.sandbox.page_worker`, `press.pdf_worker`). Nothing is
removed from the uploaded file: a new file is written, and only what `pdf_grammar` lists is copied
to it. Other content (actions, scripts, embedded files, forms, comments, metadata, remains of
earlier saves) cannot enter, whether this code knows of it or not.
"""

from __future__ import annotations

import base64
import io
import math
import re
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Stream, String

from . import pdf_layers
from .pdf_grammar import DATA, FILTERS, RULES

#: Limits of nesting and objects, beyond which a PDF is refused; links beyond MAX_LINKS are dropped.
MAX_DEPTH, MAX_OBJECTS, MAX_LINKS = 60, 500_000, 500
#: Entries that a page may inherit from its parent nodes.
_INHERITED = frozenset({"/Resources", "/MediaBox", "/CropBox", "/Rotate"})
_ADDRESS = re.compile(r"https?://[!-~]{1,2000}", re.IGNORECASE)
#: Segments of a JPEG to remove: they hold the camera, place and name. The other application
#: segments (JFIF, Adobe) define how to read the pixels.
_JPEG_METADATA = (*range(0xE1, 0xEE), 0xEF, 0xFE)
_JPEG_SCAN, _JPEG_END = 0xDA, 0xD9
#: A marker: inside a scan, 00 and the restart markers are none; FF before a marker is fill.
_JPEG_MARKER = re.compile(rb"\xff([^\x00\xff\xd0-\xd8])", re.DOTALL)


#: Exceptions of pikepdf and the decoders for objects of an unexpected type.
_BROKEN = (
    *(pikepdf.PdfError, pikepdf.ForeignObjectError, pikepdf.DeletedObjectError, zlib.error),
    *(RuntimeError, TypeError, ValueError, LookupError, OverflowError),
)


class Unclean(Exception):
    """The PDF cannot be cleaned; `code` is a key of `photos.error_messages.PAGE_REFUSALS`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class CleanPdf:
    """A new PDF that copies pages of others, in order."""

    def __init__(self) -> None:
        self._made = pikepdf.new()

    def __len__(self) -> int:
        """Return the number of pages."""
        return len(self._made.pages)

    def add(self, source: bytes, number: int | None = None, most: int | None = None) -> int:
        """Add the pages of a PDF, or only page `number` from 1; return its number of pages.

        Raises Unclean, with "pdf-pages" if it has more than `most`.
        """
        try:
            with pikepdf.open(io.BytesIO(source), suppress_warnings=True) as sent:
                return self._add(sent, number, most)
        except pikepdf.PasswordError as error:
            raise Unclean("pdf-locked") from error
        except _BROKEN as error:
            raise Unclean("pdf-damaged") from error

    def _add(self, sent: pikepdf.Pdf, number: int | None, most: int | None) -> int:
        count = len(sent.pages)
        if most is not None and count > most:
            raise Unclean("pdf-pages")
        if number is not None and not 1 <= number <= count:
            raise Unclean("pdf-no-page")
        if pdf_layers.are_hidden(sent.Root):
            raise Unclean("pdf-layers")
        copier = _Copier(self._made)
        for place in range(count) if number is None else (number - 1,):
            self._made.pages.append(pikepdf.Page(copier.page(sent.pages[place].obj)))
        return count

    def save(self, target: Path | str) -> None:
        """Write the PDF to a file, without object streams, so that it can be inspected."""
        self._made.save(
            target,
            min_version="1.7",
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
            deterministic_id=True,
        )


class _Copier:
    """Copies objects of one PDF into another by the rules of `pdf_grammar`."""

    def __init__(self, made: pikepdf.Pdf) -> None:
        self._made = made
        #: Copied objects, by their number in the source file and by kind.
        self._copies: dict[tuple[tuple[int, int], str], Object] = {}
        self._count = self._depth = 0

    def page(self, sent: Object) -> Object:
        """Return a page of the new PDF that displays the same content as the page `sent`."""
        made = self._made.make_indirect(Dictionary(Type=Name.Page))
        for key, kind in RULES["page"].keys.items():
            value = _inherited(sent, key) if key in _INHERITED else sent.get(key)
            copied = self._copy(value, kind)
            if copied is not None:
                made[key] = copied
        links = [self._made.make_indirect(link) for link in _links(sent)]
        if links:
            made["/Annots"] = Array(links)
        return made

    def _copy(self, value: Any, kind: str) -> Any:
        """Return a copy of the parts of `value` that `kind` allows, or None."""
        self._count += 1
        self._depth += 1
        if self._depth > MAX_DEPTH or self._count > MAX_OBJECTS:
            raise Unclean("pdf-damaged")
        try:
            if isinstance(value, (Dictionary, Stream)):
                return self._copy_container(value, kind)
            return self._array(value, kind) if isinstance(value, Array) else _plain(value)
        finally:
            self._depth -= 1

    def _array(self, sent: Array, kind: str) -> Object:
        made = self._known(sent, kind)
        if made is None:
            made = self._register(sent, kind, Array([]))
            for item in sent:
                made.append(self._copy(item, kind))
        return made

    def _copy_container(self, sent: Any, kind: str) -> Object | None:
        """Copy a dictionary or a stream, once for all references."""
        if kind == "picture":
            kind = str(sent.get("/Subtype", ""))
        rule, is_stream = RULES.get(kind), isinstance(sent, Stream)
        if kind == DATA or rule is None or (is_stream and not rule.is_stream):
            return None
        if pdf_layers.is_for_hidden(sent) or pdf_layers.is_for_hidden(sent.get("/OC")):
            raise Unclean("pdf-layers")
        made = self._known(sent, kind)
        if made is not None:
            return made
        made = self._register(sent, kind, self._copy_stream(sent) if is_stream else Dictionary())
        for key, value in sent.items():
            copied = self._copy(value, inner) if (inner := rule.kind_of(key)) else None
            if copied is not None and key not in made:
                made[key] = copied
        return made

    def _copy_stream(self, sent: Any) -> Any:
        """Return a new stream with the bytes of `sent`, in the same encoding, a JPEG as a JPEG."""
        names, data = _filters_of(sent), sent.read_raw_bytes()
        if names[-1:] != ["/DCTDecode"]:
            return Stream(self._made, data)
        if len(names) == 1:
            return Stream(self._made, without_metadata(data))
        if "/DecodeParms" in sent or not _UNPACK.keys() >= set(names[:-1]):
            return Stream(self._made, data)
        for name in names[:-1]:
            data = _UNPACK[name](data)
        return Stream(self._made, without_metadata(data), Filter=Name.DCTDecode)

    def _known(self, sent: Any, kind: str) -> Object | None:
        return self._copies.get((sent.objgen, kind)) if sent.is_indirect else None

    def _register(self, sent: Any, kind: str, made: Any) -> Any:
        """Register the copy of `sent` before its parts are copied, as they may refer to it."""
        if sent.is_indirect:
            made = self._made.make_indirect(made)
            self._copies[sent.objgen, kind] = made
        return made


def _plain(value: Any) -> Any:
    """Return a number, name or text as a direct object, independent of the source file."""
    if isinstance(value, Name):
        return Name(str(value))
    if isinstance(value, String):
        return String(bytes(value))
    return None if isinstance(value, Object) else value


def _inherited(page: Any, key: str) -> Any:
    for _level in range(MAX_DEPTH):
        if not isinstance(page, Dictionary):
            break
        if key in page:
            return page[key]
        page = page.get("/Parent")
    return None


def _filters_of(sent: Any) -> list[str]:
    packed = sent.get("/Filter", Array([]))
    names = [str(name) for name in (packed if isinstance(packed, Array) else [packed])]
    if not FILTERS.issuperset(names):
        raise Unclean("pdf-damaged")
    return names


def _of_base85(data: bytes) -> bytes:
    return base64.a85decode(data[: data.rindex(b"~>") + 2], adobe=True)


def _of_hex(data: bytes) -> bytes:
    digits = b"".join(data.partition(b">")[0].split())
    return bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode("ascii"))


#: Encodings around a JPEG that can be removed.
_UNPACK: dict[str, Callable[[bytes], bytes]] = {
    "/ASCII85Decode": _of_base85,
    "/ASCIIHexDecode": _of_hex,
    "/FlateDecode": zlib.decompress,
}


def without_metadata(jpeg: bytes) -> bytes:
    """Return a JPEG without metadata: Exif, IPTC, XMP, comments.

    Data after its end, such as an archive or the video of a motion photo, is removed too.
    """
    parts, place = [jpeg[:2]], 2
    while found := _JPEG_MARKER.search(jpeg, place):
        marker, start = found[1][0], found.start()
        if marker == _JPEG_END:
            parts.append(found[0])
            break
        place = start + 2 + max(int.from_bytes(jpeg[start + 2 : start + 4], "big"), 2)
        if marker == _JPEG_SCAN:
            after = _JPEG_MARKER.search(jpeg, place)
            place = after.start() if after else len(jpeg)
        if marker not in _JPEG_METADATA:
            parts.append(jpeg[start:place])
    return b"".join(parts)


def _links(page: Any) -> Iterator[Object]:
    """Yield new copies of the links of a page that lead to the web."""
    annotations = page.get("/Annots")
    found = annotations if isinstance(annotations, Array) else ()
    for number, one in enumerate(found):
        if number >= MAX_LINKS:
            return
        address, place = _address_of(one), _rectangle_of(one)
        if address and place:
            action = Dictionary(S=Name.URI, URI=String(address))
            yield Dictionary(
                Type=Name.Annot, Subtype=Name.Link, Rect=place, Border=Array([0, 0, 0]), A=action
            )


def _address_of(annotation: Any) -> str:
    """Return the web URL that an annotation links to, "" for anything else."""
    if not isinstance(annotation, Dictionary) or annotation.get("/Subtype") != Name.Link:
        return ""
    action = annotation.get("/A")
    if not isinstance(action, Dictionary) or action.get("/S") != Name.URI:
        return ""
    raw = action.get("/URI")
    if not isinstance(raw, String):
        return ""
    address = bytes(raw).decode("latin-1")
    if not _ADDRESS.fullmatch(address):
        return ""
    parts = urlsplit(address)
    return address if parts.hostname and "@" not in parts.netloc and "\\" not in address else ""


def _rectangle_of(annotation: Any) -> Array | None:
    sent = annotation.get("/Rect") if isinstance(annotation, Dictionary) else None
    if not isinstance(sent, Array) or len(sent) != 4:
        return None
    sides = [float(side) for side in sent]
    return Array(sides) if all(map(math.isfinite, sides)) else None

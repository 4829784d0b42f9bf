"""Rules for the objects that displaying a PDF page needs: kinds of objects and their keys. Pure.

`photos.pdf_cleaning` copies by this table; what it does not list is not copied.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

#: Version of these rules: a PDF cleaned under an earlier version is cleaned again before it is
#: shown.
FORM = 1
#: Numbers, names, strings, and lists of them.
DATA = "data"


@dataclass(frozen=True, slots=True)
class Rule:
    """What is copied of one kind of object.

    `keys` maps its keys to the kinds of their values; `every` is the kind of all values if the page
    chooses the key names. A list is copied item by item, each as this kind.
    """

    keys: Mapping[str, str] = field(default_factory=dict)
    every: str = ""
    is_stream: bool = False

    def kind_of(self, key: str) -> str:
        """Return the kind of the value under `key`, or "" if it is not copied."""
        return self.every or self.keys.get(key, "")


def _data(names: str) -> dict[str, str]:
    return {f"/{name}": DATA for name in names.split()}


#: Allowed encodings of a stream; an external file (/F) or encryption (/Crypt) is not among them.
FILTERS = frozenset(
    f"/{name}"
    for name in (
        *("FlateDecode", "LZWDecode", "ASCII85Decode", "ASCIIHexDecode", "RunLengthDecode"),
        *("CCITTFaxDecode", "JBIG2Decode", "DCTDecode", "JPXDecode"),
    )
)
_PACKED = {"/Filter": DATA, "/DecodeParms": "parameters"}
_FUNCTION = _data(
    "FunctionType Domain Range Size BitsPerSample Order Encode Decode C0 C1 N Bounds"
) | {"/Functions": "function"}
_SPACE = _data("N Range WhitePoint BlackPoint Gamma Matrix Subtype Components") | {
    "/Alternate": "space",
    "/ColorSpace": "space",
    "/Colorants": "spaces",
    "/Process": "space",
}

RULES: dict[str, Rule] = {
    "page": Rule(
        _data("MediaBox CropBox BleedBox TrimBox ArtBox Rotate UserUnit")
        | {"/Resources": "resources", "/Contents": "content", "/Group": "group"}
    ),
    "content": Rule(_PACKED, is_stream=True),
    "bytes": Rule(_PACKED, is_stream=True),
    "parameters": Rule(
        _data(
            "Predictor Colors BitsPerComponent Columns EarlyChange K EndOfLine EncodedByteAlign "
            "Rows EndOfBlock BlackIs1 DamagedRowsBeforeError ColorTransform"
        )
        | {"/JBIG2Globals": "bytes"}
    ),
    "resources": Rule(
        {
            "/ProcSet": DATA,
            "/ExtGState": "states",
            "/ColorSpace": "spaces",
            "/Pattern": "patterns",
            "/Shading": "shadings",
            "/XObject": "pictures",
            "/Font": "fonts",
            "/Properties": "marks",
        }
    ),
    "states": Rule(every="state"),
    "spaces": Rule(every="space"),
    "patterns": Rule(every="pattern"),
    "shadings": Rule(every="shading"),
    "pictures": Rule(every="picture"),
    "fonts": Rule(every="font"),
    "marks": Rule(every="mark"),
    # The text behind drawn glyphs: searching and copying need it.
    "mark": Rule(_data("MCID ActualText")),
    "group": Rule(_data("Type S I K") | {"/CS": "space"}),
    "state": Rule(
        _data("Type LW LC LJ ML D RI OP op OPM FL SM SA BM CA ca AIS TK")
        | {"/Font": "font", "/SMask": "mask"}
        | dict.fromkeys(("/BG", "/BG2", "/UCR", "/UCR2", "/TR", "/TR2"), "function")
    ),
    "mask": Rule(_data("Type S BC") | {"/G": "picture", "/TR": "function"}),
    "function": Rule(_FUNCTION | _PACKED, is_stream=True),
    "space": Rule(_SPACE | _FUNCTION | _PACKED, is_stream=True),
    "pattern": Rule(
        _data("Type PatternType PaintType TilingType BBox XStep YStep Matrix")
        | {"/Resources": "resources", "/Shading": "shading", "/ExtGState": "state"}
        | _PACKED,
        is_stream=True,
    ),
    "shading": Rule(
        _data(
            "ShadingType Background BBox AntiAlias Domain Coords Extend Matrix BitsPerCoordinate "
            "BitsPerComponent BitsPerFlag Decode VerticesPerRow"
        )
        | {"/ColorSpace": "space", "/Function": "function"}
        | _PACKED,
        is_stream=True,
    ),
    # An XObject is an image or a form, and never PostScript.
    "/Image": Rule(
        _data(
            "Type Subtype Width Height BitsPerComponent Intent ImageMask Decode Interpolate "
            "SMaskInData Matte"
        )
        | {"/ColorSpace": "space", "/Mask": "picture", "/SMask": "picture"}
        | _PACKED,
        is_stream=True,
    ),
    "/Form": Rule(
        _data("Type Subtype FormType BBox Matrix")
        | {"/Resources": "resources", "/Group": "group"}
        | _PACKED,
        is_stream=True,
    ),
    "font": Rule(
        _data(
            "Type Subtype BaseFont Name FirstChar LastChar Widths DW W DW2 W2 FontBBox FontMatrix"
        )
        | {
            "/FontDescriptor": "descriptor",
            "/Encoding": "encoding",
            "/ToUnicode": "encoding",
            "/DescendantFonts": "font",
            "/CIDSystemInfo": "collection",
            "/CIDToGIDMap": "bytes",
            "/CharProcs": "glyphs",
            "/Resources": "resources",
        }
    ),
    "glyphs": Rule(every="content"),
    "collection": Rule(_data("Registry Ordering Supplement")),
    "encoding": Rule(
        _data("Type BaseEncoding Differences CMapName WMode")
        | {"/CIDSystemInfo": "collection", "/UseCMap": "encoding"}
        | _PACKED,
        is_stream=True,
    ),
    "descriptor": Rule(
        _data(
            "Type FontName FontFamily FontStretch FontWeight Flags FontBBox ItalicAngle Ascent "
            "Descent Leading CapHeight XHeight StemV StemH AvgWidth MaxWidth MissingWidth CharSet"
        )
        | dict.fromkeys(("/FontFile", "/FontFile2", "/FontFile3"), "program")
        | {"/CIDSet": "bytes"}
    ),
    "program": Rule(_data("Length1 Length2 Length3 Subtype") | _PACKED, is_stream=True),
}

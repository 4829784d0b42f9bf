"""PDFs that contain more than pages, by name, built with pikepdf on a valid page."""

from __future__ import annotations

import base64
import io
import zlib
from collections.abc import Callable

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, Stream, String
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

#: Marker in everything that must be removed; every object and stream is searched for it.
MARK = "OnlyForTheDesk"
WORDS = "水闸换了电动机"
SIZE = (800, 1100)
SCRIPT = f"app.alert('{MARK}')"


def sound() -> bytes:
    """Return a valid PDF of one page: text in a font with Unicode, a JPEG, a form, a shading."""
    out = io.BytesIO()
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    canvas = Canvas(out, pagesize=SIZE)
    canvas.setFont("STSong-Light", 40)
    canvas.drawString(80, 900, WORDS)
    canvas.setFont("Helvetica", 20)
    canvas.drawString(80, 850, "page 1")
    canvas.linearGradient(0, 0, 400, 0, [(1, 0, 0), (0, 0, 1)], extend=False)
    canvas.drawImage(ImageReader(jpeg()), 300, 300, 200, 150)
    canvas.beginForm("seal")
    canvas.setFillColorRGB(0.7, 0.1, 0.1)
    canvas.circle(0, 0, 40, fill=1)
    canvas.endForm()
    canvas.translate(600, 700)
    canvas.doForm("seal")
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def jpeg() -> io.BytesIO:
    out, exif = io.BytesIO(), Image.Exif()
    exif[315] = MARK
    picture = Image.radial_gradient("L").resize((200, 150)).convert("RGB")
    picture.save(out, "JPEG", quality=90, exif=exif, comment=MARK.encode())
    out.seek(0)
    return out


def built(change: Callable[[Pdf], object], *, packed: bool = False, **how: object) -> bytes:
    """Return the valid PDF after `change`; `packed` puts its objects into object streams."""
    with pikepdf.open(io.BytesIO(sound())) as pdf:
        change(pdf)
        out = io.BytesIO()
        mode = pikepdf.ObjectStreamMode.generate if packed else pikepdf.ObjectStreamMode.disable
        pdf.save(out, object_stream_mode=mode, **how)
    return out.getvalue()


def script() -> Dictionary:
    return Dictionary(S=Name.JavaScript, JS=String(SCRIPT))


def act(kind: str, **more: object) -> Dictionary:
    return Dictionary(S=Name(f"/{kind}"), **more)


def outside_file() -> Dictionary:
    return Dictionary(Type=Name.Filespec, F=String(f"//{MARK}/share.exe"))


def inside_file(pdf: Pdf) -> Dictionary:
    stream = Stream(pdf, MARK.encode(), Type=Name.EmbeddedFile)
    held = pdf.make_indirect(stream)
    return Dictionary(Type=Name.Filespec, F=String("a.exe"), EF=Dictionary(F=held))


def annotate(pdf: Pdf, **facts: object) -> None:
    facts.setdefault("Rect", Array([100, 100, 300, 200]))
    one = pdf.make_indirect(Dictionary(Type=Name.Annot, **facts))
    page = pdf.pages[0].obj
    page.Annots = Array([*page.get("/Annots", []), one])


def link(pdf: Pdf, action: Dictionary) -> None:
    annotate(pdf, Subtype=Name.Link, A=pdf.make_indirect(action))


def web_link(pdf: Pdf, address: str | bytes, **more: object) -> None:
    link(pdf, Dictionary(S=Name.URI, URI=String(address), **more))


def _open_action(pdf: Pdf) -> None:
    pdf.Root.OpenAction = pdf.make_indirect(script())


def _chain(pdf: Pdf) -> None:
    """Add a web link that continues with a script: /Next, nested and indirect."""
    launch = pdf.make_indirect(act("Launch", F=outside_file(), Next=Array([script()])))
    web_link(pdf, "https://paper.example/", Next=launch)


def _additional(pdf: Pdf) -> None:
    acts = pdf.make_indirect(Dictionary(O=script(), C=script(), WC=script()))
    pdf.Root.AA = pdf.pages[0].obj.AA = acts
    annotate(pdf, Subtype=Name.Widget, FT=Name.Tx, AA=Dictionary(K=script(), F=script()))


def _names(pdf: Pdf) -> None:
    rows = Array([String("a"), pdf.make_indirect(script())])
    pdf.Root.Names = Dictionary(
        JavaScript=pdf.make_indirect(Dictionary(Kids=Array([Dictionary(Names=rows)]))),
        EmbeddedFiles=Dictionary(Names=Array([String("a"), inside_file(pdf)])),
        Pages=Dictionary(Names=Array([String(MARK), pdf.pages[0].obj])),
    )


def _form(pdf: Pdf) -> None:
    field = Dictionary(FT=Name.Btn, T=String(MARK), A=act("SubmitForm", F=outside_file()))
    field.Type, field.Subtype, field.Rect = Name.Annot, Name.Widget, Array([0, 0, 9, 9])
    kept = pdf.make_indirect(field)
    pdf.pages[0].obj.Annots = Array([kept])
    xfa = Array([String("template"), Stream(pdf, MARK.encode())])
    calculated = Dictionary(Fields=Array([kept]), XFA=xfa, CO=Array([kept]), NeedAppearances=True)
    pdf.Root.AcroForm = pdf.make_indirect(calculated)


def _media(pdf: Pdf) -> None:
    clip = Dictionary(S=Name.MCD, D=inside_file(pdf))
    rendition = Dictionary(S=Name.MR, C=clip, N=String(MARK))
    annotate(pdf, Subtype=Name.Screen, A=act("Rendition", R=rendition, OP=0))
    annotate(pdf, Subtype=Name.Movie, Movie=Dictionary(F=outside_file()), A=True)
    annotate(pdf, Subtype=Name.Sound, Sound=Stream(pdf, MARK.encode(), R=8000))
    assets = Dictionary(Names=Array([String("a"), inside_file(pdf)]))
    annotate(pdf, Subtype=Name.RichMedia, RichMediaContent=Dictionary(Assets=assets))
    annotate(pdf, Subtype=Name("/3D"), **{"3DD": Stream(pdf, MARK.encode(), OnInstantiate=0)})


def _comments(pdf: Pdf) -> None:
    seen = Stream(pdf, f"BT ({MARK}) Tj ET".encode(), Type=Name.XObject, Subtype=Name.Form)
    seen.BBox = Array([0, 0, 100, 100])
    annotate(pdf, Subtype=Name.Text, Contents=String(MARK), T=String(MARK))
    annotate(pdf, Subtype=Name.FreeText, Contents=String(MARK), AP=Dictionary(N=seen))
    annotate(pdf, Subtype=Name.FileAttachment, FS=inside_file(pdf))
    annotate(pdf, Subtype=Name.Stamp, Contents=String(MARK))


def _metadata(pdf: Pdf) -> None:
    pdf.docinfo["/Author"] = MARK
    pdf.docinfo["/Secret"] = MARK
    xmp = Stream(pdf, f"<x>{MARK}</x>".encode(), Type=Name.Metadata, Subtype=Name.XML)
    private = Dictionary(App=Dictionary(LastModified=String("D:20200101"), Private=String(MARK)))
    page = pdf.pages[0].obj
    pdf.Root.Metadata = page.Metadata = pdf.make_indirect(xmp)
    pdf.Root.PieceInfo = page.PieceInfo = private
    for picture in page.Resources.XObject.values():
        picture.Metadata, picture.PieceInfo = xmp, private
        picture["/OPI"] = Dictionary({"/2.0": Dictionary(F=outside_file(), Comments=String(MARK))})
        picture["/AF"] = Array([inside_file(pdf)])
    page.Thumb = Stream(pdf, MARK.encode(), Width=1, Height=1)
    page.LastModified = String(MARK)


def _associated(pdf: Pdf) -> None:
    pdf.Root.AF = pdf.pages[0].obj.AF = Array([pdf.make_indirect(inside_file(pdf))])
    pdf.Root.Collection = Dictionary(D=String(MARK), View=Name.D)


def _odds(pdf: Pdf) -> None:
    page, root = pdf.pages[0].obj, pdf.Root
    root.Perms = Dictionary(DocMDP=Dictionary(Type=Name.Sig, Contents=String(MARK)))
    root.Threads = Array([Dictionary(I=Dictionary(Title=String(MARK)))])
    root.SpiderInfo = Dictionary(V=1.0, C=Array([Dictionary(URL=String(MARK))]))
    root.URI = Dictionary(Base=String(f"https://{MARK}.example/"))
    root.Legal = Dictionary(Attestation=String(MARK))
    root.DSS = Dictionary(Certs=Array([Stream(pdf, MARK.encode())]))
    root.Extensions = Dictionary(ADBE=Dictionary(BaseVersion=Name("/1.7")))
    root.StructTreeRoot = Dictionary(Type=Name.StructTreeRoot, T=String(MARK))
    root.Requirements = Array([Dictionary(S=Name.EnableJavaScripts)])
    root.Outlines = Dictionary(First=pdf.make_indirect(Dictionary(Title=String(MARK), A=script())))
    root.PageLabels = Dictionary(Nums=Array([0, Dictionary(P=String(MARK))]))
    root.OutputIntents = Array([Dictionary(S=Name.GTS_PDFX, Info=String(MARK))])
    root.Unknown = page.Unknown = String(MARK)
    page.PresSteps = Dictionary(NA=script())
    page.Trans, page.B = Dictionary(S=Name.Fly), Array([Dictionary(T=String(MARK))])
    page.Tabs, page.VP = Name.S, Array([Dictionary(Name=String(MARK))])


def _in_resources(pdf: Pdf) -> None:
    """Add data that a page does not show, deep in its resources: in form, font and image."""
    page = pdf.pages[0].obj
    for font in page.Resources.Font.values():
        font.Hidden = script()
        font["/AF"] = Array([inside_file(pdf)])
    other = Stream(pdf, b"%!PS (" + MARK.encode() + b") run", Type=Name.XObject, Subtype=Name.PS)
    page.Resources.XObject.Post = other
    page.Resources.XObject.Other = Stream(
        pdf, b"", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 1, 1]),
        Ref=Dictionary(F=outside_file(), Page=0),
    )  # fmt: skip
    page.Resources.Properties = Dictionary(
        A=Dictionary(ActualText=String("甲"), Private=String(MARK), AA=script())
    )
    page.Resources.Unknown = Dictionary(A=script())
    alternate = Dictionary(Image=Stream(pdf, MARK.encode()), DefaultForPrinting=True)
    for picture in page.Resources.XObject.values():
        picture.Alternates = Array([alternate])
        picture["/F"] = outside_file()
        picture.FFilter = Name.FlateDecode


def _visible_layers(pdf: Pdf) -> None:
    layer = pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String(MARK)))
    pdf.Root.OCProperties = Dictionary(OCGs=Array([layer]), D=Dictionary(Order=Array([layer])))
    pdf.pages[0].obj.Resources.Properties = Dictionary(MC0=layer)


#: Additional compressions of a JPEG.
PACKED: dict[str, Callable[[bytes], bytes]] = {
    "DCTDecode": lambda data: data,
    "ASCII85Decode": lambda data: base64.a85encode(data, adobe=True)[2:] + b"\n",
    "ASCIIHexDecode": lambda data: data.hex(" ").encode() + b">",
    "FlateDecode": zlib.compress,
}


def photo(packed: str) -> Callable[[Pdf], object]:
    """Return a change that puts a JPEG with its metadata on the page, compressed in this way."""

    def change(pdf: Pdf) -> None:
        filters = [Name(f"/{name}") for name in dict.fromkeys((packed, "DCTDecode"))]
        facts = {"Type": Name.XObject, "Subtype": Name.Image, "Width": 200, "Height": 150}
        facts |= {"ColorSpace": Name.DeviceRGB, "BitsPerComponent": 8, "Filter": Array(filters)}
        made = Stream(pdf, PACKED[packed](jpeg().getvalue()), **facts)
        pdf.pages[0].obj.Resources.XObject.Photo = made
        pdf.pages[0].contents_add(b"q 200 0 0 150 20 20 cm /Photo Do Q")

    return change


ACTIONS: dict[str, Callable[[], dict[str, object]]] = {
    "Launch": lambda: {"F": outside_file()},
    "SubmitForm": lambda: {"F": outside_file()},
    "ImportData": lambda: {"F": outside_file()},
    "GoToR": lambda: {"F": outside_file(), "D": String(MARK)},
    "GoToE": lambda: {"T": Dictionary(R=Name.C, N=String(MARK))},
    "GoTo": lambda: {"D": String(MARK)},
    "Named": lambda: {"N": Name.Print},
    "Hide": lambda: {"T": String(MARK)},
    "ResetForm": lambda: {"Fields": Array([String(MARK)])},
    "JavaScript": lambda: {"JS": String(SCRIPT)},
    "Thread": lambda: {"D": 0, "F": outside_file()},
    "SetOCGState": lambda: {"State": Array([Name.OFF])},
    "Trans": lambda: {"Trans": Dictionary(S=Name.Fly)},
    "GoTo3DView": lambda: {"TA": 0},
}
#: Parts that are removed from an accepted PDF, by name.
KINDS: dict[str, Callable[[Pdf], object]] = {
    "an action on opening": _open_action,
    "actions after a link": _chain,
    "actions on events": _additional,
    "scripts and files by name": _names,
    "a form": _form,
    "media": _media,
    "comments": _comments,
    "metadata": _metadata,
    "associated files": _associated,
    "odds and ends": _odds,
    "things in resources": _in_resources,
    "visible layers": _visible_layers,
    "a named destination": lambda pdf: annotate(pdf, Subtype=Name.Link, Dest=String(MARK)),
    "an action of a link's own": lambda pdf: annotate(
        pdf, Subtype=Name.Link, A=act("URI", URI=String("https://a.example/")), PA=script()
    ),
    **{
        f"a link by {kind}": lambda pdf, kind=kind: link(pdf, act(kind, **ACTIONS[kind]()))
        for kind in ACTIONS
    },
}
#: URLs that no link may have.
ADDRESSES = [
    f"javascript:{SCRIPT}",
    f"JavaScript:{MARK}",
    f"java\nscript:{MARK}",
    f"\x01javascript:{MARK}",
    f" https://a.example/{MARK}",
    f"https://a.example/\n{MARK}",
    f"https://a.example/ {MARK}",
    f"file:///etc/{MARK}",
    f"data:text/html,{MARK}",
    f"mailto:{MARK}@a.example",
    f"ftp://a.example/{MARK}",
    f"//a.example/{MARK}",
    f"/{MARK}",
    f"{MARK}.html",
    f"https:{MARK}",
    f"https:///{MARK}",
    f"https://user@a.example/{MARK}",
    f"https://a.example\\@{MARK}/",
    f"https://甲.example/{MARK}",
    f"https://a.example/{'a' * 3000}{MARK}",
    f"vbscript:{MARK}",
    f"smb://a.example/{MARK}",
]
SOUND_ADDRESSES = ["https://paper.example/a?b=1&c=%E7%94%B2#d", "HTTP://paper.example/"]

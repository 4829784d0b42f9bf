"""Rule: PDFs with hidden or hostile content are refused with a message, and nothing is stored."""

from __future__ import annotations

import pytest
from pikepdf import Array, Dictionary, Name, Stream, String

from issues.models import PageImage
from photos.sandbox.limits import Limits
from tests.helpers.hostile_pdfs import built
from tests.helpers.public_pdfs import check_clean, clean_of, send


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
    """A PDF that draws a billion times is stopped by the limits, with a message."""
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

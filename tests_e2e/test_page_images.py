"""Page images in a real browser: uploaded, and marked with the mouse and the keyboard."""

from __future__ import annotations

import io

import pytest
from playwright.sync_api import Page, expect
from reportlab.pdfgen.canvas import Canvas

from tests_e2e.helpers.axe import AXE, RUN, TAGS


@pytest.fixture(scope="module")
def page_pdf() -> bytes:
    """Return the image of a page with two stories, a large one above a small one."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(780, 1100))
    for y, height in ((560, 480), (60, 440)):
        canvas.rect(40, y, 700, height)
        canvas.drawString(60, y + height - 40, "story")
    canvas.save()
    return out.getvalue()


def open_sheet(page: Page) -> None:
    page.goto("/desk/issues/issue/?state=planning")
    page.locator("table .story-link").last.click()
    page.locator("#page-3").get_by_role("link", name="版面图").click()


def send(page: Page, data: bytes) -> None:
    page.set_input_files(
        "#id_file", {"name": "3.pdf", "mimeType": "application/pdf", "buffer": data}
    )
    page.get_by_role("button", name="发送", exact=True).click()
    expect(page.locator(".sheet-picture img")).to_be_visible()


def numbers(page: Page, row: int) -> list[int]:
    fields = page.locator("[data-area]").nth(row)
    return [int(fields.locator(f"[name=area-{key}]").input_value() or 0) for key in "xywh"]


def test_areas_are_drawn_with_the_mouse_and_with_the_keys(desk, page_pdf):
    page = desk("chief")
    open_sheet(page)
    send(page, page_pdf)
    page.locator("[data-draw]").first.click()
    box = page.locator(".sheet-areas").bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.1, box["y"] + box["height"] * 0.1)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + box["height"] * 0.3, steps=5)
    page.mouse.up()
    x, y, w, h = numbers(page, 0)
    assert abs(x - 100) < 8
    assert abs(y - 100) < 8
    assert abs(w - 400) < 12
    assert abs(h - 200) < 12
    rect = page.locator(".sheet-areas rect").first
    rect.focus()
    for _step in range(2):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowDown")
    assert numbers(page, 0) == [x + 10, y, w, h + 5]
    expect(rect).to_be_focused()
    last = page.locator("[data-area]").last
    for key, value in zip("xywh", (50, 600, 900, 300), strict=True):
        last.locator(f"[name=area-{key}]").fill(str(value))
    expect(page.locator(".sheet-areas rect").last).to_have_attribute("y", "600")
    page.get_by_role("button", name="保存热区").click()
    expect(page.locator(".notes")).to_contain_text("热区已保存")
    assert numbers(page, 0) == [x + 10, y, w, h + 5]
    page.evaluate(AXE)
    assert page.evaluate(RUN, TAGS) == []
    page.get_by_role("button", name="撤下版面图").click()
    expect(page.locator(".sheet-picture")).to_have_count(0)


def test_a_page_is_sent_and_its_areas_typed_on_a_phone_without_script(desk, page_pdf):
    page = desk("editor", width=390, java_script_enabled=False)
    open_sheet(page)
    send(page, page_pdf)
    row = page.locator("[data-area]").first
    for key, value in zip("xywh", (50, 40, 900, 400), strict=True):
        row.locator(f"[name=area-{key}]").fill(str(value))
    page.get_by_role("button", name="保存热区").click()
    assert numbers(page, 0) == [50, 40, 900, 400]
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_role("button", name="撤下版面图").click()
    expect(page.locator(".sheet-picture")).to_have_count(0)

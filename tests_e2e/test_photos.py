"""Photos from a phone: several at once, over a broken connection, up to the published story."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, Route, expect

from newsroom.demo.people import PASSWORD
from tests_e2e.helpers.article_form import ADD
from tests_e2e.helpers.buttons import is_too_wide, press, read

SENT = re.compile(r"^\d+$")


@pytest.fixture
def photos(tmp_path: Path) -> list[Path]:
    """Return three photos as from a phone, one large, one with metadata of its maker."""
    paths = []
    for n, size in enumerate([(3600, 2700), (1200, 900), (900, 1200)]):
        exif = Image.Exif()
        exif[0x010E] = "zhajin" if n == 1 else ""
        exif.get_ifd(0x8825).update({1: "N", 2: (29.0, 33.0, 12.0)})
        image = Image.radial_gradient("L").resize(size).convert("RGB")
        image.paste((40 + 80 * n, 90, 160), (0, 0, size[0] // (n + 2), size[1] // 2))
        out = io.BytesIO()
        image.save(out, "JPEG", quality=92, exif=exif.tobytes())
        path = tmp_path / f"IMG_{n}.jpg"
        path.write_bytes(out.getvalue())
        paths.append(path)
    return paths


def values(page: Page, name: str, count: int = 3) -> list[str]:
    return [page.input_value(f"[name=photos-{n}-{name}]") for n in range(count)]


def begin(page: Page, headline: str) -> None:
    page.goto(ADD)
    page.fill("[name=headline]", headline)
    page.fill("[name=body]", "闸门一座接一座落下。")
    page.select_option("[name=section]", index=1)


def test_buttons_and_examples_side_by_side_do_not_touch(desk):
    """The correspondent's form is sent without blanks between its elements."""
    page = desk("correspondent", width=390)
    page.goto(ADD)
    page.locator(".body-help summary").click()
    for left, right in (("[data-more]", ".photos > a"), ("code:has(+ code)", "code + code")):
        one, other = (page.locator(name).first.bounding_box() for name in (left, right))
        assert other["x"] - one["x"] - one["width"] >= 3


def test_three_photos_from_a_phone_stand_in_the_printed_story(desk, opened, photos):
    page = desk("correspondent", width=390)
    begin(page, "三座闸一起落下")
    page.set_input_files("[name=photos-0-file]", photos)
    for n in range(3):
        expect(page.locator(f"[name=photos-{n}-photo]")).to_have_value(SENT)
    expect(page.locator("[name=photos-3-file]")).to_be_visible()
    expect(page.locator("[name=photos-1-caption]")).to_have_value("zhajin")
    before = values(page, "photo")
    page.locator("[data-up]").nth(2).click()
    assert values(page, "photo") == [before[0], before[2], before[1]]
    for n, words in enumerate(["远处的闸", "近处的闸", "中间的闸"]):
        page.fill(f"[name=photos-{n}-caption]", words)
    assert not is_too_wide(page)
    press(page, "送审")
    expect(page.locator(".way .is-now")).to_have_text("初审")
    url = page.url
    read(desk("editor"), url, "通过，送复审")
    read(desk("head"), url, "通过，送终审")
    chief = desk("chief")
    read(chief, url, "通过")
    chief.goto(url)
    chief.get_by_role("link", name="发布").first.click()
    press(chief, "发布")
    chief.goto(url)
    chief.get_by_role("link", name="在报上查看").first.click()
    reader = opened(width=390)
    reader.goto(chief.url)
    assert reader.locator("figure figcaption").all_inner_texts() == [
        "远处的闸 罗春生 摄",
        "近处的闸 罗春生 摄",
        "中间的闸 罗春生 摄",
    ]
    reader.get_by_role("link", name="全部 3 张照片").click()
    for words in ("近处的闸", "中间的闸"):
        reader.wait_for_load_state()
        reader.keyboard.press("ArrowRight")
        expect(reader.locator("figcaption")).to_contain_text(words)
    reader.wait_for_load_state()
    reader.keyboard.press("Escape")
    expect(reader.locator("h1")).to_contain_text("三座闸一起落下")


def test_photos_are_dragged_into_order(desk, photos):
    page = desk("correspondent", width=390)
    begin(page, "拖一拖次序")
    page.set_input_files("[name=photos-0-file]", photos)
    for n in range(3):
        expect(page.locator(f"[name=photos-{n}-photo]")).to_have_value(SENT)
    before = values(page, "photo")
    grips = page.locator("[data-grip]:visible")
    expect(grips).to_have_count(3)
    page.evaluate("document.querySelector('[data-photo-row]').scrollIntoView()")
    row = page.locator("[data-photo-row]").nth(1)
    start, target = grips.nth(0).bounding_box(), row.bounding_box()
    page.mouse.move(start["x"] + 6, start["y"] + 20)
    page.mouse.down()
    page.mouse.move(target["x"] + 40, target["y"] + target["height"] * 0.3, steps=12)
    page.mouse.move(target["x"] + 40, target["y"] + target["height"] * 0.7, steps=12)
    page.mouse.up()
    expect(page.locator("[name=photos-0-photo]")).to_have_value(before[1])
    assert values(page, "photo") == [before[1], before[0], before[2]]


def test_a_photo_waits_for_the_line_and_goes_again(desk, photos):
    page = desk("correspondent", width=390)
    begin(page, "山里没有信号")
    page.context.set_offline(True)
    page.set_input_files("[name=photos-0-file]", photos[1])
    expect(page.locator("[data-picture] canvas").first).to_be_visible()
    page.wait_for_timeout(500)
    page.context.set_offline(False)
    expect(page.locator("[name=photos-0-photo]")).to_have_value(SENT, timeout=15_000)
    press(page, "保存")
    expect(page.locator(".photo-row img").first).to_be_visible()


def test_what_is_no_photo_is_told_in_its_row(desk, tmp_path):
    page = desk("correspondent", width=390)
    begin(page, "文件传错了")
    wrong = tmp_path / "报告.pdf"
    wrong.write_bytes(b"%PDF-1.7 nothing")
    page.set_input_files("[name=photos-0-file]", wrong)
    expect(page.locator("[data-problem]").first).to_contain_text("这是 PDF 文件")
    expect(page.locator("[name=headline]")).to_have_value("文件传错了")


def test_a_photo_without_room_is_sent_again_by_itself(desk, photos):
    page = desk("correspondent", width=390)
    begin(page, "大家同时传照片")
    answers = iter([503, 503])

    def full(route: Route) -> None:
        if next(answers, None):
            busy = {"status": 503, "headers": {"Retry-After": "1"}, "json": {"busy": "稍候再传"}}
            route.fulfill(**busy)
        else:
            route.continue_()

    page.route("**/photos/", full)
    page.set_input_files("[name=photos-0-file]", photos[1])
    expect(page.locator("[data-warning]").first).to_have_text("稍候再传")
    expect(page.locator("[name=photos-0-photo]")).to_have_value(SENT, timeout=15_000)


def test_a_photo_that_the_server_did_not_finish_is_sent_four_times_and_waits(desk, photos):
    """Rule: the photo may itself stop the server, so it is not sent for ever; nothing is lost."""
    page = desk("correspondent", width=390)
    begin(page, "服务器正在重启")
    sent, is_up = [], []

    def stopped(route: Route) -> None:
        sent.append(route)
        if is_up:
            route.continue_()
        else:
            answer = {"status": 503, "headers": {"Retry-After": "1"}, "json": {"stopped": "再传"}}
            route.fulfill(**answer)

    page.route("**/photos/", stopped)
    page.set_input_files("[name=photos-0-file]", photos[1])
    expect(page.locator("[data-problem]").first).to_have_text("再传", timeout=60_000)
    assert len(sent) == 4
    is_up.append(True)
    page.locator("[data-again]").first.click()
    expect(page.locator("[name=photos-0-photo]")).to_have_value(SENT, timeout=15_000)


def test_a_photo_sent_after_the_session_has_ended_waits_for_the_login(desk, photos):
    page = desk("correspondent", width=390)
    begin(page, "传照片时登录过期")
    # The text detects it separately.
    page.route("**/autosave/", lambda route: route.abort())
    page.context.clear_cookies(name="sessionid")
    page.set_input_files("[name=photos-0-file]", photos[1])
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    words = page.get_attribute("[data-photos]", "data-logged-out")
    expect(page.locator("[data-problem]").first).to_have_text(words)
    page.locator("[data-again]").first.click()
    dialog.locator("input[type=password]").fill(PASSWORD)
    dialog.get_by_role("button", name="登录", exact=True).click()
    expect(page.locator("[name=photos-0-photo]")).to_have_value(SENT, timeout=15_000)


def test_who_the_file_says_took_it_replaces_the_offer_and_nothing_typed(desk, tmp_path):
    exif = Image.Exif()
    exif[0x013B] = "Ye Zhiqiu"
    paths = []
    for n in range(2):
        paths.append(tmp_path / f"agency_{n}.jpg")
        Image.radial_gradient("L").resize((400 + n, 300)).convert("RGB").save(
            paths[n], "JPEG", exif=exif.tobytes()
        )
    page = desk("correspondent", width=390)
    begin(page, "图片社的照片")
    offered = page.input_value("[name=photos-0-credit]")
    assert offered
    page.set_input_files("[name=photos-0-file]", paths[0])
    expect(page.locator("[name=photos-0-credit]")).to_have_value("Ye Zhiqiu")
    page.fill("[name=photos-1-credit]", "")
    page.fill("[name=photos-1-credit]", offered)
    page.set_input_files("[name=photos-1-file]", paths[1])
    expect(page.locator("[name=photos-1-photo]")).to_have_value(SENT)
    expect(page.locator("[name=photos-1-credit]")).to_have_value(offered)


def test_holes_are_white_in_what_the_browser_makes_smaller(desk):
    page = desk("correspondent")
    page.goto(ADD)
    pixel = page.evaluate(
        """async () => {
          const { smaller } = await import("/static/desk/image_resize.js");
          const canvas = document.createElement("canvas");
          [canvas.width, canvas.height] = [3200, 2000];
          const noise = canvas.getContext("2d");
          for (let n = 0; n < 4000; n += 1) noise.fillRect(n % 90, n / 7, 1, 1);
          const blob = await new Promise((done) => { canvas.toBlob(done, "image/png"); });
          const large = new File([blob, new Uint8Array(3_000_000)], "a.png");
          const made = await createImageBitmap(await smaller(large));
          const shown = new OffscreenCanvas(made.width, made.height).getContext("2d");
          shown.drawImage(made, 0, 0);
          return [made.width, ...shown.getImageData(2000, 1500, 1, 1).data];
        }"""
    )
    assert pixel == [3000, 255, 255, 255, 255]


@pytest.mark.parametrize("width", [390, 428, 440])
def test_the_lead_photo_is_small_on_a_phone_of_fine_pixels(opened, width):
    page = opened(width=width, device_scale_factor=3)
    page.goto("/")
    lead = page.locator("main picture img").first
    expect(lead).to_be_visible()
    page.wait_for_load_state("load")
    assert re.search(r"[cw](800|[1-7]\d\d)\.avif$", lead.evaluate("image => image.currentSrc"))

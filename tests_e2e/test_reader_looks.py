"""Layout of the public site on a phone and on a desktop: headlines, scrolling rows, speech."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

# Number of screen lines of each printed line of a headline.
LINES = """all => all.map(one => {
  const range = document.createRange();
  range.selectNodeContents(one);
  return new Set([...range.getClientRects()].map(box => Math.round(box.top))).size;
})"""
IN_SIGHT = """one => {
  const box = one.getBoundingClientRect();
  const row = one.closest('ul').getBoundingClientRect();
  return box.left >= row.left && box.right <= row.right - 36;
}"""
# Speech synthesis that fails like that of a browser without a voice.
MUTE = """
class Piece { constructor(text) { this.text = text; } }
const synthesis = Object.assign(new EventTarget(), {
  getVoices: () => [], cancel() {},
  speak(piece) { setTimeout(() => piece.onerror({error: 'synthesis-failed'})); },
});
Object.defineProperty(window, 'speechSynthesis', {value: synthesis});
window.SpeechSynthesisUtterance = Piece;
"""
#: Lead of the demo's last issue, whose second line has sixteen characters.
LONG = "防汛物资冬天就备齐"


@pytest.mark.parametrize("width", [390, 1280])
def test_a_headline_stands_in_the_lines_in_which_it_was_set(
    opened: Callable[..., Page], width: int
) -> None:
    page = opened(width=width)
    page.goto("/")
    # Whichever story leads while these tests run, no line of its headline wraps.
    lead = page.locator(".lead h2 .line")
    assert set(lead.evaluate_all(LINES)) == {1}
    page.locator(".masthead [data-easy]").click()
    assert set(lead.evaluate_all(LINES)) == {1}
    page.locator(".masthead [data-easy]").click()
    page.goto(f"/search/?q={LONG}")
    page.locator(".row-title a").first.click()
    assert page.locator("h1 .line").evaluate_all(LINES) == [1, 1]
    page.locator(".masthead-issue a").click()
    page.locator(".tabs a").nth(1).click()
    assert page.locator(".set-1 h3 .line").evaluate_all(LINES) == [1, 1]


@pytest.mark.parametrize("has_scripts", [True, False])
def test_what_is_current_is_in_sight_in_a_row_that_scrolls(
    opened: Callable[..., Page], has_scripts: bool
) -> None:
    page = opened(width=390, java_script_enabled=has_scripts)
    page.goto("/")
    ways = page.locator(".sections a").all()
    last_page = page.locator(".thumbs a").last.get_attribute("href")
    urls = [*(way.get_attribute("href") for way in ways), last_page]
    for url in urls:
        page.goto(url)
        for one in page.locator(":is(.sections, .tabs) [aria-current]").all():
            assert one.evaluate(IN_SIGHT), url
    assert page.evaluate("scrollY") == 0


@pytest.mark.parametrize("language", ["", "/en"])
def test_the_masthead_of_a_phone_keeps_to_two_columns(
    opened: Callable[..., Page], language: str
) -> None:
    page = opened(width=390)
    page.goto(f"{language}/")
    tops = "all => all.map(one => Math.round(one.getBoundingClientRect().top))"
    name = page.locator(".masthead-name").bounding_box()
    left, right = page.locator(".masthead-date span"), page.locator(".masthead-issue > *")
    assert left.evaluate_all(tops) == right.evaluate_all(tops)
    assert name["y"] + name["height"] + 4 <= left.evaluate_all(tops)[0]
    # Numbers of a series take more space, and one of the two a second line.
    page.locator(".masthead-issue > a").evaluate(
        "one => one.textContent = '2026年第104期 总第3024期'"
    )
    assert left.evaluate_all(tops) == right.evaluate_all(tops)


def test_a_device_without_a_voice_is_told_so(opened: Callable[..., Page]) -> None:
    page = opened(width=390)
    page.add_init_script(MUTE)
    page.goto("/")
    page.locator(".lead h2 a").click()
    told, speak = page.locator("[data-voice-status]"), page.locator("[data-speak]")
    label = speak.text_content()
    expect(told).to_be_empty()
    speak.click()
    expect(told).to_have_text(speak.get_attribute("data-mute"))
    expect(speak).to_have_text(label)
    expect(page.locator(".is-read")).to_have_count(0)

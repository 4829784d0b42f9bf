"""Features of the public site: offline, large type, read aloud, without scripts."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

KEPT = "caches.open('paper').then(c => c.keys()).then(k => k.map(r => new URL(r.url).pathname))"
PLANT = """path => caches.open('paper').then(c => c.put(path, new Response('<h1>kept</h1>',
    {headers: {'Content-Type': 'text/html'}})))"""
# Sum of the layout shifts after the first paint.
SHIFTS = """() => new Promise(done => {
  let sum = 0;
  new PerformanceObserver(list => {
    for (const one of list.getEntries()) if (!one.hadRecentInput) sum += one.value;
  }).observe({type: 'layout-shift', buffered: true});
  setTimeout(() => done(sum), 600);
})"""
# Silent speech synthesis: `said` has its input, `window.endPiece()` ends an utterance.
VOICE = """
window.said = []; window.cancels = 0; let now = null;
const voices = [];
class Piece { constructor(text) { this.text = text; } }
const synthesis = Object.assign(new EventTarget(), {
  getVoices: () => voices,
  speak(piece) {
    now = piece;
    said.push({text: piece.text, lang: piece.lang, voice: piece.voice?.name});
  },
  cancel() { cancels += 1; const old = now; now = null; old?.onerror?.({error: 'canceled'}); },
});
window.endPiece = () => { const old = now; now = null; old.onend(); };
window.bringVoices = () => {
  voices.push({name: 'Anna', lang: 'de-DE', localService: true},
    {name: 'Far', lang: 'zh-CN', localService: false},
    {name: 'Near', lang: 'zh-CN', localService: true});
  synthesis.dispatchEvent(new Event('voiceschanged'));
};
Object.defineProperty(window, 'speechSynthesis', {value: synthesis});
window.SpeechSynthesisUtterance = Piece;
"""


@pytest.fixture
def kept(opened: Callable[..., Page]) -> tuple[Page, dict[str, object]]:
    """Return the homepage on a device that has stored the last issue, and its list."""
    page = opened(width=390)
    page.goto("/")
    wait_until_kept(page)
    return page, page.request.get("/offline.json").json()


def wait_until(page: Page, expression: str) -> None:
    """Wait until `expression` is true; the CSP does not let a test poll inside a page."""
    until = time.monotonic() + 30
    while not page.evaluate(expression):
        assert time.monotonic() < until, expression
        page.wait_for_timeout(50)


def wait_until_kept(page: Page) -> None:
    wait_until(page, f"{KEPT}.then(kept => kept.includes('/offline.json'))")
    wait_until(page, "navigator.serviceWorker.controller !== null")


def wait_until_dropped(page: Page, path: str) -> None:
    wait_until(page, f"{KEPT}.then(kept => !kept.includes('{path}'))")


def without_network(page: Page) -> BrowserContext:
    page.context.set_offline(True)
    return page.context


def a_story(page: Page) -> str:
    listed = page.request.get("/offline.json").json()["pages"]
    return next(url for url in listed if url.startswith("/stories/"))


def test_the_last_issue_is_read_without_a_network(kept: tuple[Page, dict]) -> None:
    page, told = kept
    stories = [url for url in told["pages"] if url.startswith("/stories/")]
    without_network(page)
    page.goto("/")
    expect(page.locator(".lead h2")).to_be_visible()
    assert (
        page.evaluate("getComputedStyle(document.querySelector('.masthead-name')).textAlign")
        == "center"
    )
    page.goto(told["issue"])
    assert page.locator(".page-list a").count() >= len(stories)
    page.goto(f"{told['issue']}1/")
    page.locator(".page-list a").first.click()
    expect(page.locator(".story .body")).to_be_visible()
    for url in stories[-2:]:
        page.goto(url)
        expect(page.locator(".story h1")).to_be_visible()


def test_what_is_not_kept_leads_to_what_is(kept: tuple[Page, dict]) -> None:
    page, told = kept
    without_network(page)
    for url in ("/corrections/", f"{told['pages'][-1]}?from=elsewhere", "/en/corrections/"):
        page.goto(url)
        expect(page.locator(".offline-pages")).to_be_visible()
    page.goto(f"/en{told['pages'][-1]}")
    expect(page.locator(".story h1")).to_be_visible()
    page.goto("/offline/")
    page.locator(".offline-pages a").nth(1).click()
    expect(page.locator(".story .body")).to_be_visible()


def test_exactly_the_last_issue_is_kept_however_much_is_read(kept: tuple[Page, dict]) -> None:
    page, told = kept
    whole = sorted([*told["pages"], *told["files"], "/offline.json"])
    assert sorted(page.evaluate(KEPT)) == whole
    for url in ("/issues/", "/corrections/", "/photos/", "/?q=1", "/en/", "/desk/login/"):
        page.goto(url)
    page.goto("/")
    assert sorted(page.evaluate(KEPT)) == whole
    assert page.evaluate("caches.keys()") == ["paper"]


def test_what_is_gone_is_dropped(kept: tuple[Page, dict]) -> None:
    page, _told = kept
    page.evaluate(PLANT, "/stories/99999999/")
    assert page.goto("/stories/99999999/").status == 404
    wait_until_dropped(page, "/stories/99999999/")
    without_network(page)
    page.goto("/stories/99999999/")
    expect(page.locator("h1")).not_to_have_text("kept")


def test_an_old_issue_goes_when_any_page_is_opened(kept: tuple[Page, dict]) -> None:
    page, told = kept
    page.evaluate(PLANT, "/issues/2001-01-01/")
    page.evaluate(PLANT, "/offline.json")
    page.evaluate(PLANT, told["pages"][-1])
    page.goto("/corrections/")
    wait_until_dropped(page, "/issues/2001-01-01/")
    without_network(page)
    page.goto(told["pages"][-1])
    expect(page.locator(".story h1")).to_be_visible()


def test_a_withdrawn_story_answers_410_and_is_dropped(kept: tuple[Page, dict]) -> None:
    page, told = kept
    numbers = range(1, 80)
    gone = next(n for n in numbers if page.request.get(f"/stories/{n}/").status == 410)
    assert f"/stories/{gone}/" not in told["pages"]
    page.evaluate(PLANT, f"/stories/{gone}/")
    assert page.goto(f"/stories/{gone}/").status == 410
    wait_until_dropped(page, f"/stories/{gone}/")


@pytest.mark.parametrize("width", [390, 1280])
def test_large_type_is_remembered_and_nothing_moves(
    opened: Callable[..., Page], width: int
) -> None:
    page = opened(width=width)
    page.goto("/")
    button = page.locator(".masthead [data-easy]")
    plain = page.evaluate("document.querySelector('.headlines li').getBoundingClientRect().height")
    button.click()
    for one in page.locator("[data-easy]").all():
        expect(one).to_have_attribute("aria-pressed", "true")
    for url in (a_story(page), "/issues/", "/"):
        page.goto(url)
        assert page.evaluate("document.documentElement.classList.contains('easy')")
        assert page.evaluate(SHIFTS) < 0.01, url
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, url
    tall = page.evaluate("document.querySelector('.headlines li').getBoundingClientRect().height")
    assert tall > plain
    page.locator(".colophon [data-easy]").click()
    page.goto("/")
    expect(button).to_have_attribute("aria-pressed", "false")


def test_large_type_is_there_before_anything_is_painted(opened: Callable[..., Page]) -> None:
    page = opened()
    page.goto("/")
    page.locator(".masthead [data-easy]").click()
    # The script of the page is delayed, but the first paint must be right.
    page.route("**/reader.js", lambda route: route.abort())
    page.goto("/")
    assert page.evaluate("document.documentElement.classList.contains('easy')")


def test_the_type_size_of_stories_is_remembered(opened: Callable[..., Page]) -> None:
    page = opened(width=390)
    page.goto("/")
    url = a_story(page)
    size = "parseFloat(getComputedStyle(document.querySelector('.body')).fontSize)"
    page.goto(url)
    usual = page.evaluate(size)
    for _step in range(6):
        page.locator("[data-size='1']").click()
    largest = page.evaluate(size)
    assert largest == usual + 12
    expect(page.locator("[data-size='1']")).to_have_attribute("aria-disabled", "true")
    page.goto("/")
    page.goto(url)
    assert page.evaluate(size) == largest
    assert page.evaluate(SHIFTS) < 0.01
    page.locator("[data-size='0']").click()
    assert page.evaluate(size) == usual
    page.locator("[data-size='-1']").click()
    assert page.evaluate(size) == usual - 2


def test_without_scripts_everything_is_read_and_no_button_is_dead(
    opened: Callable[..., Page],
) -> None:
    page = opened(width=390, java_script_enabled=False)
    page.goto("/")
    assert page.locator("button:visible").count() == 0
    page.locator(".lead h2 a").click()
    expect(page.locator(".story .body")).to_be_visible()
    assert page.locator("button:visible").count() == 0


def read_aloud(opened: Callable[..., Page], *, voices: bool = True) -> Page:
    """Return a story with silent speech synthesis."""
    page = opened(width=390)
    page.add_init_script(VOICE)
    page.goto("/")
    page.goto(a_story(page))
    if voices:
        page.evaluate("bringVoices()")
    return page


def test_a_story_is_read_aloud_by_paragraphs(opened: Callable[..., Page]) -> None:
    page = read_aloud(opened)
    expect(page.locator("[data-silence]")).to_be_hidden()
    page.locator("[data-speak]").click()
    wait_until(page, "said.length === 1")
    assert page.evaluate("said[0]") == {
        "text": page.locator(".story h1").text_content(),
        "lang": "zh-CN",
        "voice": "Near",
    }
    expect(page.locator("h1.is-read")).to_have_count(1)
    marked = []
    while page.locator(".is-read").count():
        marked.append(page.locator(".is-read").text_content())
        assert page.locator(".is-read").count() == 1
        page.evaluate("endPiece()")
    assert len(set(marked)) == page.locator(".body p").count() + 1
    said = "".join(page.evaluate("said.map(one => one.text)")).replace(" ", "")
    body = "".join(page.locator(".story h1, .body p").all_text_contents())
    assert said == "".join(body.split())
    assert max(page.evaluate("said.map(one => one.text.length)")) < 150
    expect(page.locator("[data-silence]")).to_be_hidden()


def test_reading_is_paused_taken_up_and_stopped(opened: Callable[..., Page]) -> None:
    page = read_aloud(opened)
    speak, stop = page.locator("[data-speak]"), page.locator("[data-silence]")
    label = speak.text_content()
    speak.click()
    wait_until(page, "said.length === 1")
    page.evaluate("endPiece()")
    speak.click()
    expect(speak).to_have_text(speak.get_attribute("data-resume"))
    assert page.evaluate("[said.length, cancels > 1]") == [2, True]
    expect(page.locator(".is-read")).to_have_count(1)
    speak.click()
    wait_until(page, "said.length === 3")
    assert page.evaluate("said[2].text === said[1].text")
    stop.click()
    expect(page.locator(".is-read")).to_have_count(0)
    expect(speak).to_have_text(label)
    expect(stop).to_be_hidden()
    speak.click()
    wait_until(page, "said.length === 4")
    assert page.evaluate("said[3].text === said[0].text")


def test_voices_may_come_late_or_never(opened: Callable[..., Page]) -> None:
    page = read_aloud(opened, voices=False)
    page.locator("[data-speak]").click()
    assert page.evaluate("said.length") == 0
    page.evaluate("bringVoices()")
    wait_until(page, "said.length === 1")
    assert page.evaluate("said[0].voice") == "Near"
    page.reload()
    page.locator("[data-speak]").click()
    wait_until(page, "said.length === 1")
    assert page.evaluate("said[0].voice") is None


def test_who_leaves_hears_no_more(opened: Callable[..., Page]) -> None:
    page = read_aloud(opened)
    page.locator("[data-speak]").click()
    wait_until(page, "said.length === 1")
    page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide'))")
    expect(page.locator(".is-read")).to_have_count(0)
    assert page.evaluate("cancels") >= 2

"""Rule: the homepage is small and has no layout shift, on a phone and on a desktop."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Response

KB = 1024
MOST = {"stylesheet": 30 * KB, "script": 15 * KB}
MOST_SHIFT, MOST_PAINT = 0.01, 1000
MEASURE = """() => new Promise(done => {
  const seen = {shift: 0, paint: 0};
  const watch = (type, add) => new PerformanceObserver(list => list.getEntries().forEach(add))
    .observe({type, buffered: true});
  watch('layout-shift', one => { if (!one.hadRecentInput) seen.shift += one.value; });
  watch('largest-contentful-paint', one => { seen.paint = one.startTime; });
  setTimeout(() => done(seen), 1200);
})"""


def open_and_weigh(page: Page, url: str) -> dict[str, int]:
    """Open `url`; return the uncompressed bytes of its style sheets and scripts."""
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer))
    page.goto(url)
    page.wait_for_load_state("networkidle")
    weight = dict.fromkeys(MOST, 0)
    # The service worker fetches its own copies; each file counts once.
    files = {urlsplit(one.url).path: one for one in answers if one.request.resource_type in MOST}
    for path, answer in files.items():
        if path != "/sw.js":
            weight[answer.request.resource_type] += len(answer.body())
    return weight


def a_story(page: Page) -> str:
    listed = page.request.get("/offline.json").json()["pages"]
    return next(url for url in listed if url.startswith("/stories/"))


@pytest.mark.parametrize("kind", ["front", "story"])
@pytest.mark.parametrize("width", [390, 1280])
def test_a_page_is_light_still_and_quick(
    opened: Callable[..., Page], width: int, kind: str
) -> None:
    page = opened(width=width)
    url = "/" if kind == "front" else a_story(page)
    page.request.get(url)
    weight = open_and_weigh(page, url)
    assert all(0 < weight[one] <= most for one, most in MOST.items()), weight
    seen = page.evaluate(MEASURE)
    assert seen["shift"] < MOST_SHIFT, seen
    assert 0 < seen["paint"] < MOST_PAINT, seen

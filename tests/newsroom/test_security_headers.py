"""Rule: every response has the security headers, on every surface, including static files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from reader.page_cache.wsgi import cached_application
from tests.helpers import factories, observatory
from tests.helpers.paths import ROOT
from tests.helpers.processes import SOUND, manage

SURFACES = ["both", "desk", "reader"]
ALWAYS = {
    "content-security-policy",
    "x-content-type-options",
    "x-frame-options",
    "referrer-policy",
    "permissions-policy",
    "cross-origin-opener-policy",
    "cross-origin-resource-policy",
}
#: Responses that the walk must contain, by surface.
STATUSES = {
    "both": {200, 301, 302, 304, 400, 403, 404, 405, 410, 413, 500, 503},
    "desk": {200, 301, 302, 304, 400, 403, 404, 405, 413, 500, 503},
    "reader": {200, 301, 302, 304, 400, 404, 405, 410, 500, 503},
}


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a paper with production settings, for separate processes."""
    data = tmp_path_factory.mktemp("walk")
    for command in (
        ("migrate", "--verbosity", "0"),
        ("collectstatic", "--no-input", "--verbosity", "0"),
        ("shell", "-c", "from tests.helpers.wsgi_walk import fill; fill()"),
    ):
        done = manage(*command, data=data, **SOUND)
        assert done.returncode == 0, done.stderr
    return data


@pytest.fixture(scope="module")
def walked(data: Path) -> dict[str, Any]:
    """Return the responses of the WSGI application of each surface."""
    found = {}
    for surface in SURFACES:
        more = {"NEWSROOM_SURFACE": surface, "NEWSROOM_SECOND_FACTOR": "off"}
        script = "from tests.helpers.wsgi_walk import walk; walk()"
        done = manage("shell", "-c", script, data=data, **SOUND, **more)
        assert done.returncode == 0, done.stderr
        found[surface] = json.loads(done.stdout.partition("\n=")[2])
    return found


def kinds(walked: dict[str, Any], surface: str) -> list[tuple[str, int, dict[str, str]]]:
    """Return name, status and headers of each response; no header may occur twice."""
    found = []
    for name, status, headers in walked[surface]["kinds"]:
        known = {key.lower(): value for key, value in headers}
        single = [key for key, _value in headers if key.lower() != "set-cookie"]
        assert len(single) == len({key.lower() for key in single}), (surface, name, headers)
        found.append((name, status, known))
    return found


@pytest.mark.parametrize("surface", SURFACES)
def test_every_answer_bears_the_headers(walked, surface):
    seen = set()
    for name, status, headers in kinds(walked, surface):
        seen.add(status)
        assert headers.keys() >= ALWAYS, (name, status, ALWAYS - headers.keys())
        policy = observatory.parse_policy(headers["content-security-policy"])
        assert policy["default-src"] == ["'none'"], name
        assert policy["frame-ancestors"] == ["'none'"], name
        assert "unsafe" not in headers["content-security-policy"], name
        assert headers["x-content-type-options"] == "nosniff", name
    assert seen >= STATUSES[surface]


@pytest.mark.parametrize("surface", ["both", "desk"])
def test_what_the_desk_refuses_is_stored_nowhere(walked, surface):
    found = [row for row in kinds(walked, surface) if "/desk/" in row[0] and row[1] >= 300]
    assert {400, 403, 404} <= {status for _name, status, _headers in found}
    for name, status, headers in found:
        if status != 304:
            assert "no-store" in headers.get("cache-control", ""), (name, status)


@pytest.mark.parametrize("surface", ["both", "desk"])
def test_no_page_of_the_desk_is_stored(walked, surface):
    for name, status, headers in kinds(walked, surface):
        is_page = headers.get("content-type", "").startswith("text/html")
        if "/desk/" in name and is_page:
            assert "no-store" in headers.get("cache-control", ""), (name, status)


@pytest.mark.parametrize("surface", ["both", "reader"])
def test_others_may_show_the_paper_s_photos_and_nothing_else(walked, surface):
    """A 304 has the header too: it replaces the headers that a browser has stored."""
    photos = ("{photo}", "/static/reader/icon-192.png", "accel")
    seen = 0
    for name, _status, headers in kinds(walked, surface):
        is_photo = name.removeprefix("again ").removeprefix("HEAD ") in photos
        seen += is_photo
        allowed = headers["cross-origin-resource-policy"]
        if is_photo:
            assert allowed == "cross-origin", name
        elif not name.endswith((".webp", ".png", ".ico", "/logo/", "{photo}")):
            assert allowed == "same-origin", name
    assert seen >= 5


@pytest.mark.parametrize("name", ["home", "story", "log-in", "desk", "404", "404 of the desk"])
def test_mozilla_s_observatory_gives_125_points(walked, name):
    (page,) = [page for page in walked["both"]["scored"] if page["name"] == name]
    assert page["status"] == (404 if "404" in name else 200)
    headers = [tuple(pair) for pair in page["headers"]]
    answer = observatory.Answer("paper.example", headers, page["body"], tuple(page["over_http"]))
    points, modifiers = observatory.score(answer)
    assert points >= 125, modifiers


@pytest.mark.parametrize(
    ("header", "value", "points"),
    [
        ("Content-Security-Policy", "", 75),
        ("Content-Security-Policy", "default-src 'self'; frame-ancestors 'none'", 125),
        ("Content-Security-Policy", "default-src 'none'; script-src https:", 80),
        ("Cross-Origin-Resource-Policy", "cross-origin", 120),
        ("Referrer-Policy", "unsafe-url", 120),
        ("Strict-Transport-Security", "max-age=60", 120),
        ("X-Content-Type-Options", "", 125),
    ],
)
def test_the_score_is_the_published_one(header, value, points):
    """A page without a header has fewer points, as in the table."""
    whole = {
        "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Referrer-Policy": "same-origin",
        "Strict-Transport-Security": "max-age=31536000",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
    }
    there = (301, "https://paper.example/")
    assert (
        observatory.score(observatory.Answer("paper.example", [*whole.items()], "", there))[0]
        == 130
    )
    changed = [(k, v) for k, v in {**whole, header: value}.items() if v]
    assert observatory.score(observatory.Answer("paper.example", changed, "", there))[0] == points


def test_a_kept_page_holds_its_headers_ready(paper, now, rf):
    """Cached responses are served without Django and without extra headers."""
    story = factories.make_story("一篇", now)
    Client().get(story.get_absolute_url())

    def nobody(_environ: dict, _start: Any) -> list[bytes]:
        raise AssertionError("a kept page asks nobody")

    said: list[Any] = []
    environ = rf.get(story.get_absolute_url()).environ
    for more in ({}, {"HTTP_IF_NONE_MATCH": "*"}):
        list(cached_application(nobody)({**environ, **more}, lambda *answer: said.append(answer)))
    assert [status for status, _headers in said] == ["200 OK", "304 Not Modified"]
    for _status, headers in said:
        assert {name.lower() for name, _value in headers} >= ALWAYS


def test_the_documented_nginx_passes_on_port_and_headers():
    """nginx drops most headers of files that it sends by X-Accel-Redirect; $host has no port."""
    text = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    assert "proxy_set_header Host $http_host;" in text
    for header in ALWAYS:
        assert f"$upstream_http_{header.replace('-', '_')};" in text
    assert text.count("include newsroom_files.conf;") == text.count("location /protected/ {")

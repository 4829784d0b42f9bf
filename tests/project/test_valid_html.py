"""Rule: the HTML of every public page, and of the pages before the log-in, is valid.

The Nu checker (vnu-jar from npm) needs Java; without one of the two the tests are skipped.
"""

from __future__ import annotations

import html
import io
import re
import shutil
import subprocess
from collections import Counter
from pathlib import Path
from urllib.parse import unquote

import pytest
from django.core.management import call_command
from django.test import Client, RequestFactory
from django.urls import Resolver404, resolve

from press.models import Story
from reader.base_context import render_page
from reader.urls import urlpatterns
from reader.views import errors
from tests.helpers.canary_issue import sign_canary_issue, surfaces
from tests.helpers.paths import ROOT

JAR = ROOT / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(shutil.which("java") is None, reason="Java is missing"),
    pytest.mark.skipif(not JAR.exists(), reason="vnu-jar is missing: npm ci --ignore-scripts"),
]
#: Pages of each kind that are checked, in each language.
MOST = 2
LOG_IN = ["/desk/login/", "/desk/account/reset/", "/desk/account/reset/done/"]
#: Pages that no link leads to.
UNLINKED = [
    *("/search/?q=防汛", "/search/?q=无此词条", "/search/?q=水", "/search/?section=news"),
    *("/issues/2000/", "/offline/", "/nowhere/"),
]


def errors_of(pages: dict[str, str], folder: Path) -> list[str]:
    """Return the errors that the Nu checker finds in HTML texts by their URL."""
    files = {f"{number}.html": url for number, url in enumerate(pages)}
    for name, url in files.items():
        (folder / name).write_text(pages[url], encoding="utf-8")
    command = ["java", "-Xss1m", "-jar", str(JAR), "--errors-only", "--exit-zero-always", *files]
    checked = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    found = []
    for line in checked.stderr.splitlines():
        name, _quote, rest = line.rpartition("/")[2].partition('"')
        found.append(f"{files.get(name, name)}{rest}")
    return found


def html_of(client: Client, url: str) -> str:
    """Return the HTML of a page, or "" for another kind of response."""
    response = client.get(url)
    assert response.status_code < 500, url
    is_html = response.headers.get("Content-Type", "").startswith("text/html")
    return "" if response.streaming or not is_html else response.content.decode()


def kind_of(url: str) -> str | None:
    """Return the name of the public view at a URL, or None if there is none."""
    try:
        match = resolve(unquote(url.partition("?")[0].removeprefix("/en")))
    except Resolver404:
        return None
    return match.url_name if match.namespace == "reader" else None


def linked_pages(client: Client, start: str) -> dict[str, str]:
    """Return the HTML of some pages of each kind that links lead to."""
    pages: dict[str, str] = {}
    counts: Counter[str] = Counter()
    waiting, seen = [start], {start}
    while waiting:
        url = waiting.pop(0)
        kind = kind_of(url)
        if kind is None or counts[kind] >= MOST:
            continue
        counts[kind] += 1
        page = html_of(client, url)
        if page:
            pages[url] = page
        links = [html.unescape(link) for link in re.findall(r'<a [^>]*?href="(/[^"#]*)', page)]
        waiting += [link for link in dict.fromkeys(links) if link not in seen]
        seen |= set(links)
    return pages


def error_pages() -> dict[str, str]:
    """Return the HTML of the public error pages that no URL of a working paper shows."""
    request = RequestFactory().get("/")
    later = render_page(request, "reader/later.html", {"words": "正在排版"}, status=503)
    shown = {"500": errors.server_error(request), "503": errors.outage(request), "later": later}
    return {name: response.content.decode() for name, response in shown.items()}


def test_the_pages_of_the_demo_paper(client, settings, tmp_path):
    settings.DEMO = True
    call_command("demo", stdout=io.StringIO())
    withdrawn = Story.objects.exclude(withdrawn_at=None).latest("pk").get_absolute_url()
    assert client.get(withdrawn).status_code == 410
    pages = linked_pages(client, "/") | linked_pages(client, "/en/") | error_pages()
    for url in [*UNLINKED, withdrawn]:
        pages |= {url: html_of(client, url), f"/en{url}": html_of(client, f"/en{url}")}
    pages |= {url: html_of(client, url) for url in LOG_IN}
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    pages |= {f"{url} in English": html_of(client, url) for url in LOG_IN}
    assert all(pages.values())
    assert errors_of(pages, tmp_path) == []


def test_the_pages_of_an_issue_with_page_images(client, staff, now, monkeypatch, tmp_path):
    signed = sign_canary_issue(staff, now)
    monkeypatch.setattr("django.utils.timezone.now", lambda: signed.release_at)
    urls = surfaces(signed)
    asked = [*urls.values(), *(f"/en{url}" for url in urls.values())]
    pages = {url: page for url in asked if (page := html_of(client, url))}
    kinds = {kind_of(url) for url in pages}
    assert len(kinds) > 15
    assert kinds <= {pattern.name for pattern in urlpatterns}
    assert errors_of(pages, tmp_path) == []

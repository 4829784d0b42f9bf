"""Fixtures: a demo paper on a separate server, and Debian's Chromium through Playwright."""

from __future__ import annotations

import itertools
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from newsroom.demo.people import PASSWORD

# The server runs with the settings of a running paper, not those of the tests.
os.environ.pop("DJANGO_SETTINGS_MODULE", None)
# Long timeouts for a busy machine, above all with photos.
expect.set_options(timeout=20_000)

ROOT = Path(__file__).resolve().parent.parent
ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# Each page is another client with its own IP address: logins are rate limited by address.
PLACES = (f"10.0.{n // 250}.{n % 250 + 1}" for n in itertools.count())


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(url: str, server: subprocess.Popen[bytes]) -> None:
    for _attempt in range(150):
        assert server.poll() is None, "the server stopped"
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.2)
    raise AssertionError(f"no answer at {url}")


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the data folder of the served paper."""
    return tmp_path_factory.mktemp("paper")


@pytest.fixture(scope="session")
def address(data: Path) -> Iterator[str]:
    """Yield the URL of a server that serves the demo paper like `make run`."""
    env = {k: v for k, v in os.environ.items() if not k.startswith(("NEWSROOM", "DATABASE_URL"))}
    env |= {"NEWSROOM_DEMO": "1", "NEWSROOM_DATA_DIR": str(data), "NEWSROOM_PROXIES": "1"}
    for command in (["migrate", "--verbosity", "0"], ["demo"]):
        subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, env=env, check=True)
    host = f"127.0.0.1:{_free_port()}"
    command = [sys.executable, "manage.py", "serve", "--bind", host]
    server = subprocess.Popen(command, cwd=ROOT, env=env)
    try:
        _wait_for(f"http://{host}/healthz", server)
        yield f"http://{host}"
    finally:
        server.terminate()
        server.wait(timeout=30)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = shutil.which("chromium")
    if path is None:
        pytest.fail("Chromium is missing: apt install chromium libatomic1")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGS)
        yield browser
        browser.close()


@pytest.fixture
def opened(browser: Browser, address: str) -> Iterator[Callable[..., Page]]:
    """Return a function that opens a page at a width; errors of the browser fail the test."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def open_page(width: int = 1280, **options: object) -> Page:
        context = browser.new_context(
            base_url=address,
            viewport={"width": width, "height": 900},
            locale="zh-CN",
            extra_http_headers={"X-Forwarded-For": next(PLACES)},
            **options,
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console",
            lambda message: complaints.append(message.text) if message.type == "error" else None,
        )
        return page

    yield open_page
    for context in contexts:
        context.close()
    # A refused URL is a response, not a fault of the page.
    assert [text for text in complaints if "Failed to load resource" not in text] == []


@pytest.fixture
def desk(opened: Callable[..., Page]) -> Callable[..., Page]:
    """Return a function that logs in at the desk as a user of the demo."""

    def log_in(name: str, **options: object) -> Page:
        page = opened(**options)
        page.goto("/desk/")
        page.fill("[name=username]", name)
        page.fill("[name=password]", PASSWORD)
        page.click("main button")
        page.wait_for_url(lambda url: url.endswith("/desk/") and "next=" not in url)
        return page

    return log_in

"""Run a paper with a fault in a separate process; print the response of each URL as JSON.

Run `python -m tests.helpers.outage_scene FAULT` on the data folder of a demo paper. The faults are
real: SQLite reports each of them itself.
"""

from __future__ import annotations

import json
import logging
import os
import resource
import signal
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import lxml.html

TYPED = "停电那一夜写下的“一段话” & 3 < 5"
#: Long enough to need new pages in the file of SQLite.
LONG = f"{TYPED}\n\n{'水闸换了电动机。' * 3000}"
JSON = {"accept": "application/json"}


@contextmanager
def fault(name: str) -> Iterator[None]:
    """Cause a fault in this process until the block ends."""
    from django.conf import settings
    from django.db import connection

    cursor = connection.cursor()
    if name == "full":
        pages = cursor.execute("PRAGMA page_count").fetchone()[0]
        cursor.execute(f"PRAGMA max_page_count={pages}")
    elif name == "full disk":
        _fill(Path(settings.DATA_DIR))
    elif name == "read-only":
        cursor.execute("PRAGMA query_only=1")
    elif name == "unwritable":
        # Make all files of this process read-only.
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
    elif name == "locked":
        cursor.execute("PRAGMA busy_timeout=50")
        other = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
    yield


def _fill(folder: Path) -> None:
    """Fill the disk of a folder completely; it must be a small disk for this test."""
    with (folder / "filler").open("wb", buffering=0) as stream, suppress(OSError):
        while True:
            stream.write(b"x" * 4096)


def answers(name: str) -> Iterator[tuple[str, Any]]:
    """Send ordinary requests during the fault."""
    from django.core.files.uploadedfile import SimpleUploadedFile
    from django.urls import reverse

    from articles.models import Article
    from newsroom.demo.people import PASSWORD
    from tests.helpers import factories

    writer, editor, chief = (_browser(user) for user in ("correspondent", "editor", "chief"))
    stranger, foreigner = _browser(), _browser(code="en")
    # The use of this session is not recorded yet.
    late = _browser("head", is_new=True)
    draft = Article.objects.filter(created_by__username="correspondent", state="draft").first()
    queue = Article.objects.filter(state="first_review", taken_by=None)
    waiting = queue.filter(section__editors__username="editor").first()
    edit = reverse("admin:articles_article_change", args=[draft.pk])
    new = reverse("admin:articles_article_add")
    typed = {"headline": TYPED, "body": LONG, "body_format": "light"}
    form, empty = _fields(writer, edit) | typed, _fields(writer, new) | typed
    login = {"username": "chief", "password": PASSWORD}
    with fault(name):
        yield "log in", stranger.post("/desk/login/", login)
        yield "log in in English", foreigner.post("/desk/login/", login)
        yield "log in wrongly", stranger.post("/desk/login/", login | {"password": "wrong"})
        yield "save", writer.post(edit, form)
        yield "save a new article", writer.post(new, empty)
        yield "autosave", writer.post(reverse("admin:articles_autosave"), empty, headers=JSON)
        take = reverse("admin:queue_transition", args=[waiting.pk, "take"])
        yield "take", editor.post(take, {"version": waiting.version})
        photo = {"file": SimpleUploadedFile("a.jpg", factories.picture())}
        yield "upload", writer.post(reverse("admin:articles_upload"), photo, headers=JSON)
        page = {"text": LONG}
        yield "parse a page", chief.post(reverse("admin:paste"), page)
        yield "reader", stranger.get("/")
        yield "reader in English", stranger.get("/en/issues/")
        yield "feed", stranger.get("/feed.json")
        yield "health", stranger.get("/healthz")
        yield "login page", stranger.get("/desk/login/")
        for url in ("/desk/", "/desk/queue/", "/desk/articles/article/", "/desk/issues/issue/"):
            yield f"read {url}", editor.get(url)
        yield "read after a while", late.get("/desk/")
        yield "read an article", writer.get(edit)


def _browser(user: str = "", code: str = "", *, is_new: bool = False) -> Any:
    from django.contrib.auth.models import User
    from django.test import Client

    client = Client(raise_request_exception=False, headers={"host": "127.0.0.1"})
    if code:
        client.cookies["django_language"] = code
    if user:
        client.force_login(User.objects.get(username=user))
        if not is_new:
            client.get("/desk/")
    return client


def _fields(client: Any, url: str) -> dict[str, str]:
    """Return the data of the form at a URL, as a browser would send it."""
    page = lxml.html.fromstring(client.get(url).content)
    fields = page.get_element_by_id("article-form").fields
    return {name: value for name, value in fields.items() if value is not None}


def main() -> None:
    """Print a line for each address."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")
    import django

    django.setup()
    logging.getLogger().setLevel(logging.ERROR)
    for name, answer in answers(sys.argv[1]):
        row = {"name": name, "status": answer.status_code, "headers": dict(answer.items())}
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        print(json.dumps(row | {"text": body.decode()}, ensure_ascii=False))


if __name__ == "__main__":
    main()

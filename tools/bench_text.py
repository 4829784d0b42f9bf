"""Count how often a body is normalised and sanitised on its way, and time the requests.

`python tools/bench_text.py` creates the demo paper in a new folder and prints, for an autosave, the
form, the reading screen and the public page of one story: normalisations and sanitisations per
request, and the median time.
"""

from __future__ import annotations

import itertools
import os
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tools.bench import PRODUCTION, median_ms  # noqa: E402

TIMES = 30
PARAGRAPHS = 12


def main() -> None:
    """Measure in a new folder and print the figures."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ.pop("DATABASE_URL", None)
        os.environ |= PRODUCTION | {
            "NEWSROOM_DATA_DIR": folder,
            "NEWSROOM_SECOND_FACTOR": "off",
            "NEWSROOM_HOSTS": "testserver",
        }
        import django

        django.setup()
        from django.core.management import call_command
        from django.utils import timezone

        from newsroom.demo import build

        call_command("migrate", verbosity=0)
        call_command("collectstatic", verbosity=0, interactive=False)
        build.build(timezone.now())
        bench_requests(counted())


class Counted:
    """A cleaner of nh3 that counts its calls."""

    def __init__(self, cleaner: Any) -> None:
        self.cleaner, self.calls = cleaner, 0

    def clean(self, source: str) -> str:
        """Clean `source` as the cleaner does."""
        self.calls += 1
        found: str = self.cleaner.clean(source)
        return found


def counted() -> tuple[Counted, Counted]:
    """Count the calls of the normaliser and of the sanitiser from here on."""
    from textkit import html, paste_cleanup

    normaliser = Counted(paste_cleanup._WELL_FORMED)
    sanitiser = Counted(html._CLEANER)
    paste_cleanup._WELL_FORMED = normaliser
    html._CLEANER = sanitiser
    return normaliser, sanitiser


def bench_requests(counts: tuple[Counted, Counted]) -> None:
    """Print counts and times for each request on one article."""
    from django.contrib.auth.models import User
    from django.test import Client
    from django.urls import reverse
    from django.utils import timezone

    from articles import services
    from articles.content import Content
    from paper.models import Section
    from press.models import Story

    writer = User.objects.get(username="reporter")
    section = Section.objects.first()
    text = "".join(f"<p>{'河堤加固，水位<b>下降</b>。' * 9}{n}</p>" for n in range(PARAGRAPHS))
    content = Content(headline="试一试", body=text, section=section and section.pk)
    article = services.create_article(content, user=writer, at=timezone.now())
    client = Client()
    client.force_login(writer)
    screen = reverse("admin:articles_article_change", args=[article.pk])
    form = {
        "window_id": "w1",
        "owner": writer.pk,
        "kind": "story",
        "headline": "试一试",
        "body_format": "html",
        "section": section.pk if section else "",
        "photos-TOTAL_FORMS": 0,
        "photos-INITIAL_FORMS": 0,
    }
    sequences = itertools.count(1)

    def autosave() -> None:
        article.refresh_from_db(fields=["version"])
        number = next(sequences)
        sent = {"version": article.version, "sequence": number, "body": f"{text}<p>{number}</p>"}
        answer = client.post(reverse("admin:articles_autosave", args=[article.pk]), form | sent)
        assert answer.status_code == 200, answer.content.decode()

    story = Story.objects.visible().first()
    assert story is not None
    report("autosave", autosave, counts)
    report("form", partial(load, client, screen), counts)
    report("public page", partial(load, client, story.get_absolute_url()), counts)


def load(client: Any, address: str) -> None:
    """Request a page."""
    assert client.get(address).status_code == 200, address


def forget() -> None:
    """Empty the caches, which another request of another text would find empty, too."""
    from reader.page_cache.store import store
    from textkit.paste_cleanup import normalise

    store.clear()
    getattr(normalise, "cache_clear", bool)()


def report(what: str, call: Callable[[], None], counts: tuple[Counted, Counted]) -> None:
    """Print the counts of one call, and the median time of several."""
    call()
    forget()
    for one in counts:
        one.calls = 0
    call()
    normalised, sanitised = (one.calls for one in counts)
    took = median_ms(call, TIMES)
    print(
        f"{what:<14}{normalised:>3} normalisations{sanitised:>4} sanitisations"
        f"{took:>9.1f} ms with {PARAGRAPHS} paragraphs",
        flush=True,
    )


if __name__ == "__main__":
    main()

"""Print how fast the hot places are here: page reading, readers' pages, the server, the desk.

A paper of STORIES printed stories is made in a folder of its own, so nothing of yours is touched.
"""

from __future__ import annotations

import http.client
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SEED_PAGE = ROOT.parent / "shared" / "seed" / "page.txt"
STORIES = 100_000
SECONDS = 5
#: As in production, but without the proxy that speaks HTTPS.
PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "newsroom.settings",
    "NEWSROOM_SECRET_KEY": "a-secret-of-this-run-alone-that-protects-nothing",
    "NEWSROOM_HOSTS": "127.0.0.1",
    "NEWSROOM_HTTPS": "0",
}
CONNECTIONS = 8


def main() -> None:
    """Measure and print, one figure a line."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= PRODUCTION | {"NEWSROOM_DATA_DIR": folder}
        sys.path.insert(0, str(ROOT))
        import django

        django.setup()
        bench_page_reading()
        fill()
        addresses = bench_pages()
        bench_server(addresses)
    subprocess.run([sys.executable, "tools/bench_desk.py"], cwd=ROOT, check=True)
    subprocess.run([sys.executable, "tools/bench_photos.py"], cwd=ROOT, check=True)
    subprocess.run([sys.executable, "tools/bench_issues.py"], cwd=ROOT, check=True)
    subprocess.run([sys.executable, "tools/bench_archive.py"], cwd=ROOT, check=True)


def say(what: str, figure: str) -> None:
    """Print one figure."""
    print(f"{what:<46} {figure:>18}", flush=True)


def median_ms(call: Callable[[], object], times: int) -> float:
    """Return the median of `times` runs of `call` in milliseconds, after one to warm up."""
    call()
    taken = []
    for _run in range(times):
        start = time.perf_counter()
        call()
        taken.append((time.perf_counter() - start) * 1000)
    return statistics.median(taken)


def bench_page_reading() -> None:
    """Time the pure reading of a page's text."""
    from ingest.page_text import read

    pages = {"the demo's page 1-1": ROOT / "newsroom" / "demo" / "pages" / "1-1.txt"}
    if SEED_PAGE.exists():
        pages["the seed page"] = SEED_PAGE
    for name, path in pages.items():
        text = path.read_text(encoding="utf-8")
        took = median_ms(lambda text=text: read(text), 15)
        say(f"read {name} ({len(text)} characters)", f"{took:.1f} ms")
    junk = "水闸 记者 通讯员（讯 摄\n" * 14_000
    start = time.perf_counter()
    read(junk)
    say(f"read {len(junk)} characters of no page", f"{time.perf_counter() - start:.2f} s")


def fill() -> None:
    """Make the demo paper and print STORIES more stories, an hour apart."""
    import datetime as dt

    from django.core.management import call_command
    from django.utils import timezone

    from bylines.models import Contributor
    from newsroom.demo import build
    from paper.models import Section, Town
    from press.models import Story, StoryContributor

    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    now = timezone.now()
    build.build(now)
    model = Story.objects.filter(kind="story").first()
    sections, towns = list(Section.objects.all()), list(Town.objects.all())
    person = Contributor.objects.first()
    for number in range(STORIES):
        model.pk = None
        model.page, model.section = None, sections[number % len(sections)]
        model.release_at = now - dt.timedelta(hours=number + 100)
        if number % 5000 == 0:
            batch = []
        batch.append(Story(**{f.attname: getattr(model, f.attname) for f in Story._meta.fields}))
        if len(batch) == 5000 or number == STORIES - 1:
            made = Story.objects.bulk_create(batch)
            through = Story.towns.through
            through.objects.bulk_create(
                through(story=s, town=towns[s.pk % len(towns)]) for s in made
            )
            StoryContributor.objects.bulk_create(
                StoryContributor(story=s, contributor=person, role="通讯员") for s in made[::100]
            )


def bench_pages() -> dict[str, str]:
    """Time each kind of page without a server; return their addresses by name."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from paper.models import Town
    from press.models import Edition, Story, StoryContributor
    from reader.paging import cursor_of

    story = Story.objects.visible().filter(page__isnull=False).first()
    deep = Story.objects.visible().newest()[STORIES * 9 // 10]
    day = Edition.objects.visible().latest("date").date.isoformat()
    section = f"/sections/{story.section.slug}/"
    writer = f"/contributors/{StoryContributor.objects.latest('id').contributor_id}/"
    town = Town.objects.latest("id").get_absolute_url()
    addresses = {
        "front page": "/",
        "story": story.get_absolute_url(),
        "section, first page": section,
        f"section, page {STORIES * 9 // 10 // 8 // 20}": f"{section}?before={cursor_of(deep)}",
        "town, first page": town,
        "town, deep page": f"{town}?before={cursor_of(deep)}",
        "contributor, first page": writer,
        "contributor, deep page": f"{writer}?before={cursor_of(deep)}",
        "issue": f"/issues/{day}/",
        "page of an issue": f"/issues/{day}/1/",
    }
    client = Client(headers={"host": "127.0.0.1"})
    for name, url in addresses.items():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).status_code == 200, url
        count = len(queries)
        took = median_ms(lambda url=url: client.get(url), 15)
        say(f"{name} of {STORIES} stories", f"{took:.1f} ms, {count} queries")
    return addresses


@contextmanager
def server() -> Iterator[int]:
    """Serve the paper as `make run` does; give the port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "manage.py", "serve", "--bind", f"127.0.0.1:{port}"]
    process = subprocess.Popen(command, cwd=ROOT)
    try:
        for _attempt in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=30)


def bench_server(addresses: dict[str, str]) -> None:
    """Ask the server over CONNECTIONS kept-open connections for SECONDS each."""
    with server() as port:
        for name in ("story", "section, first page", "front page"):
            rate, p95 = load(port, addresses[name])
            say(f"server: {name}", f"{rate:.0f} a second, p95 {p95:.0f} ms")


def load(port: int, url: str) -> tuple[float, float]:
    """Return answers a second, and the 95th percentile of their times in milliseconds."""
    taken: list[float] = []
    until = time.perf_counter() + SECONDS

    def ask() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        while time.perf_counter() < until:
            start = time.perf_counter()
            connection.request("GET", url)
            answer = connection.getresponse()
            answer.read()
            assert answer.status == 200, answer.status
            taken.append((time.perf_counter() - start) * 1000)

    threads = [threading.Thread(target=ask) for _connection in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(taken) / SECONDS, statistics.quantiles(taken, n=20)[-1]


if __name__ == "__main__":
    main()

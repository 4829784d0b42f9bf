"""Measure the public site and its search against a bare Django view of the same size.

It creates STORIES stories in the database of DATABASE_URL, which must be empty, or in a temporary
SQLite file. Each list is requested at page 5,000, and again with SMALL stories, which are always in
SQLite. It needs wrk (apt install wrk).
"""

from __future__ import annotations

import os
import random
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
STORIES = int(os.environ.get("BENCH_STORIES", "300000"))
SMALL = 3_000
SECONDS, CONNECTIONS = 6, 16
#: Environment as in production, but without HTTPS, which the proxy provides.
PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "newsroom.settings",
    "NEWSROOM_SECRET_KEY": "a-secret-of-this-run-alone-that-protects-nothing",
    "NEWSROOM_HOSTS": "127.0.0.1",
    "NEWSROOM_HTTPS": "0",
    "NEWSROOM_OUTBOX": "0",
}
_GRANIAN = ("--interface", "wsgi", "--workers", "2", "--blocking-threads", "4", "--no-ws")


def main() -> None:
    """Measure, and print one figure per line."""
    with tempfile.TemporaryDirectory() as folder:
        small = {**os.environ, **PRODUCTION, "NEWSROOM_DATA_DIR": f"{folder}/small"}
        small.pop("DATABASE_URL", None)
        # BENCH_FOLDER may be a folder that an earlier run has filled.
        large = {**os.environ, **PRODUCTION}
        large["NEWSROOM_DATA_DIR"] = os.environ.get("BENCH_FOLDER", f"{folder}/large")
        for environ, count in ((small, SMALL), (large, STORIES)):
            _self(environ, "fill", str(count))
        few = _self(small, "pages", str(SMALL))
        many = _self(large, "pages", str(STORIES))
        for name, took in many.items():
            say(f"{name}: {STORIES} stories / {SMALL}", f"{took / few[name]:.2f}")
        _self(large, "search")
        if shutil.which("wrk"):
            serve(large, Path(folder))
        else:
            print("The server is not measured: wrk is missing (apt install wrk).")


def say(what: str, figure: str) -> None:
    """Print one figure."""
    print(f"{what:<58} {figure:>22}", flush=True)


def _self(environ: dict[str, str], *what: str) -> dict[str, float]:
    """Run a part of this script with `environ`; return its named figures."""
    command = [sys.executable, __file__, *what]
    done = subprocess.run(command, cwd=ROOT, env=environ, check=True, stdout=subprocess.PIPE)
    text = done.stdout.decode()
    print(re.sub(r"^=.*\n", "", text, flags=re.M), end="", flush=True)
    named = re.findall(r"^=(.*)=([\d.]+)$", text, flags=re.M)
    return {name: float(figure) for name, figure in named}


def fill(count: int) -> None:
    """Create the demo paper and `count` stories, if there are none yet."""
    from django.core.management import call_command
    from django.utils import timezone

    from newsroom.demo import build
    from press.models import Story
    from tools import load_data_stories

    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    if not Story.objects.exists():
        build.build(timezone.now())
        start = time.perf_counter()
        load_data_stories.fill(count, timezone.now())
        say(f"{count} stories made and indexed", f"{time.perf_counter() - start:.0f} s")


def pages(count: int) -> None:
    """Time each kind of view without cache and server, deep in its list."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from press.content_version import tracker
    from reader.page_cache import store as page_store

    client = Client(headers={"host": "127.0.0.1"})
    client.get("/nowhere/")

    def median(urls: list[str]) -> float:
        taken = []
        for url in urls * (1 if len(urls) > 1 else 15):
            page_store.store.clear()
            # Drop shared data too, so that the most expensive case is measured.
            tracker.content_version().cache.get("newest", {}).clear()
            start = time.perf_counter()
            client.get(url)
            taken.append((time.perf_counter() - start) * 1000)
        return statistics.median(taken)

    asked, queries = addresses(), {}
    for name, urls in asked.items():
        with CaptureQueriesContext(connection) as captured:
            assert client.get(urls[0]).status_code == 200, urls[0]
            queries[name] = len(captured)
    # Take the best of several rounds, because other processes may slow one down.
    rounds = [{name: median(urls[1:]) for name, urls in asked.items()} for _round in range(5)]
    for name in asked:
        took = min(taken[name] for taken in rounds)
        say(f"{name} of {count} stories", f"{took:.1f} ms, {queries[name]} queries")
        print(f"={name}={took}")


def addresses() -> dict[str, list[str]]:
    """Return URLs by kind of view; lists at page 5,000, or at their last full page."""
    from press.models import Edition, Story, StoryContributor, StoryTag, StoryTown
    from reader.keyset_pagination import cursor_of

    rolls = random.Random(7)
    # From thirty issues in both databases, because each issue's masthead is rendered once.
    issues = rolls.sample(list(Edition.objects.visible().values_list("pk", flat=True)), 30)
    ids = list(
        Story.objects.visible().filter(page__edition__in=issues).values_list("pk", flat=True)
    )
    stories = [f"/stories/{pk}/" for pk in rolls.sample(ids, 90)]
    found = {"front page": ["/", "/"], "story": stories}
    deep = _deep(Story.objects.visible().newest())
    found["archive, page 5,000"] = [f"/archive/?before={cursor_of(deep)}"] * 2
    section = deep.section
    row = _deep(Story.objects.visible().filter(section=section).newest())
    found["section, deep"] = [f"{section.get_absolute_url()}?before={cursor_of(row)}"] * 2
    for name, model, field in (
        ("town", StoryTown, "town"),
        ("contributor", StoryContributor, "contributor"),
        ("tag", StoryTag, "tag"),
    ):
        thing = model.objects.filter(story=deep).select_related(field)[0]
        link = _deep(model.objects.visible().filter(**{field: getattr(thing, field)}).newest())
        where = {"tag": f"/tags/{deep.tag_names[0]}/"}.get(name) or getattr(
            thing, field
        ).get_absolute_url()
        found[f"{name}, deep"] = [f"{where}?before={cursor_of(link, pk='story_id')}"] * 2
    found["issue"] = [deep.page.edition.get_absolute_url()] * 2
    found["page of an issue"] = [deep.page.get_absolute_url()] * 2
    return found


def _deep(rows: Any) -> Any:
    """Return the row before page 5,000, or before the last full page of a shorter list."""
    return rows[min(5000 * 20, max(0, rows.count() - 21))]


def search() -> None:
    """Time searches, and compare what they find with a scan of every text."""
    from django.db import connection
    from django.utils import timezone

    from press.search_index import PRESS
    from search import terms
    from search.timeline import TimelineQuery, key_at

    until = key_at(timezone.now())
    for name, words in _terms().items():
        taken = []
        for word in words:
            query = TimelineQuery(terms.read(word), until=until)
            start = time.perf_counter()
            PRESS.find(query, size=20)
            taken.append((time.perf_counter() - start) * 1000)
        p95 = statistics.quantiles(taken, n=20)[-1]
        figure = f"{statistics.median(taken):.1f} ms, p95 {p95:.1f} ms"
        say(f"{connection.vendor}: search, {name}", figure)
    _recall({name: words[:3] for name, words in _terms().items()}, until)


def _terms() -> dict[str, list[str]]:
    """Return search terms by label: common and rare ones of two, three and four characters."""
    from press.models import Story
    from tools.load_data_stories import RARE_EVERY, Texts

    texts, rolls = Texts(), random.Random(5)
    newest = Story.objects.visible().newest().values_list("body", flat=True)
    bodies = [newest[n].text for n in range(0, STORIES - 1, max(1, STORIES // 40))]
    found = {"2 characters, common": texts.words[:40], "2 characters, rare": texts.words[-40:]}
    for length in (2, 3, 4):
        picked = []
        for body in bodies:
            runs = [run for run in re.findall(r"[\u4e00-\u9fff]+", body) if len(run) >= length]
            run = rolls.choice(runs)
            at = rolls.randrange(len(run) - length + 1)
            picked.append(run[at : at + length])
        found[f"{length} characters, out of texts"] = picked
    names = [texts.name(n * RARE_EVERY) for n in range(40)]
    found["3 characters, of one story"] = [name[:3] for name in names]
    found["4 characters, of one story"] = names
    found["4 characters, in none"] = ["".join(rolls.choices(texts.han, k=4)) for _n in range(40)]
    return found


def _recall(asked: dict[str, list[str]], until: int) -> None:
    """Print the recall of the index, compared with a scan of all texts."""
    from press import search_index
    from press.models import Story
    from search import terms
    from search.timeline import TimelineQuery
    from textkit.tokens import plain

    words = [terms.read(word)[0] for some in asked.values() for word in some]
    scan: dict[str, set[int]] = {term.words: set() for term in words}
    for story in Story.objects.visible().iterator(chunk_size=2000):
        # Without towns, which are in the text of a row but in no term.
        text = plain(search_index._row(story, [], None).text)
        for wanted, found in scan.items():
            if wanted in text:
                found.add(story.pk)
    wrong = 0
    for term in words:
        got: set[int] = set()
        before = -1
        while before:
            page = search_index.PRESS.find(
                TimelineQuery([term], until=until), size=5000, before=max(before, 0)
            )
            got |= set(page.numbers)
            before = page.next
        wrong += got != scan[term.words]
    total = sum(len(found) for found in scan.values())
    figure = "1.0, and nothing else" if not wrong else f"{wrong} terms differ"
    say(f"recall over {len(words)} terms, {total} hits", figure)


def serve(environ: dict[str, str], folder: Path) -> None:
    """Measure servers with wrk: the public site, a bare Django view, a constant body."""
    from tools.bare_views import BARE, NONE, OURS, STOCK

    size = 20_000
    with _paper(environ) as paper:
        size = len(_get(f"{paper}/stories/1/"))
        script = folder / "stories.lua"
        script.write_text(_each_story(_count(environ)), encoding="utf-8")
        plain = _rate(f"{paper}/stories/1/")
        front = _rate(f"{paper}/")
        uncached = _rate(f"{paper}/stories/1/", "-s", str(script))
    (folder / "bare.py").write_text(BARE.format(size=size), encoding="utf-8")
    with _granian(folder, "bare:django_view") as bare:
        django = _rate(f"{bare}/")
    (folder / "stock.py").write_text(BARE.format(size=size).replace(NONE, STOCK), "utf-8")
    with _granian(folder, "stock:django_view") as stock:
        usual = _rate(f"{stock}/")
    (folder / "ours.py").write_text(OURS.format(size=size), encoding="utf-8")
    with _granian(folder, "ours:django_view", {**environ, "PYTHONPATH": str(ROOT)}) as ours:
        own = _rate(f"{ours}/desk/bare")
    with _granian(folder, "bare:constant") as bare:
        constant = _rate(f"{bare}/")
    say(f"bare Django view of {size} bytes", f"{django:.0f} a second")
    say("the same with the middlewares of startproject", f"{usual:.0f} a second")
    say("the same with the middlewares of this project", f"{own:.0f} a second")
    say("constant body without Django", f"{constant:.0f} a second")
    for name, rate in (("story, cached", plain), ("homepage, cached", front)):
        ratio = f"{rate:.0f} a second, {rate / django:.2f}, {rate / constant:.2f}"
        say(f"{name}; of the bare view; of the constant body", ratio)
    ratios = ", ".join(f"{uncached / rate:.2f}" for rate in (django, usual, own))
    say("story, not cached; of each of the three", f"{uncached:.0f} a second, {ratios}")


def _each_story(most: int) -> str:
    return (
        "math.randomseed(os.time())\n"
        "request = function() return wrk.format('GET', '/stories/' .. math.random(1, "
        f"{most}) .. '/') end\n"
    )


def _count(environ: dict[str, str]) -> int:
    return int(_self(environ, "last")["last"])


def last() -> None:
    """Print the highest number of a story."""
    from press.models import Story

    print(f"=last={Story.objects.order_by('-pk').values_list('pk', flat=True)[0]}")


def _rate(url: str, *more: str) -> float:
    """Return responses per second over persistent connections, the better of two runs."""
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}", *more, url]
    rates = []
    for _run in range(2):
        text = subprocess.run(command, check=True, capture_output=True).stdout.decode()
        assert "Non-2xx" not in text or more, text
        rates.append(float(re.search(r"Requests/sec:\s+([\d.]+)", text)[1]))
    return max(rates)


def _get(url: str) -> bytes:
    from urllib.request import urlopen

    with urlopen(url) as answer:
        return answer.read()


@contextmanager
def _running(command: list[str], port: int, **more: Any) -> Iterator[str]:
    process = subprocess.Popen(command, **more)
    try:
        for _attempt in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=30)


def _port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _paper(environ: dict[str, str]) -> Any:
    port = _port()
    command = [sys.executable, "manage.py", "serve", "--bind", f"127.0.0.1:{port}"]
    return _running(command, port, cwd=ROOT, env=environ)


def _granian(folder: Path, application: str, environ: dict[str, str] | None = None) -> Any:
    port = _port()
    granian = str(Path(sys.executable).parent / "granian")
    command = [granian, *_GRANIAN, "--log-level", "error", "--port", str(port), application]
    return _running(command, port, cwd=folder, env=environ)


PARTS: dict[str, Callable[..., None]] = {
    "fill": lambda count: fill(int(count)),
    "pages": lambda count: pages(int(count)),
    "search": search,
    "last": last,
}

if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    if len(sys.argv) > 1:
        import django

        django.setup()
        PARTS[sys.argv[1]](*sys.argv[2:])
    else:
        main()

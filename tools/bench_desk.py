"""Measure queries and milliseconds per request of the desk's views with many articles.

`python tools/bench_desk.py` creates ARTICLES in a new SQLite file and in a new PostgreSQL database
(on the server of DATABASE_URL, else on this machine), drops both, and prints a table.
"""

from __future__ import annotations

import os
import platform
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

ROOT = Path(__file__).resolve().parent.parent
ARTICLES = int(os.environ.get("BENCH_ARTICLES", "20000"))
TIMES = 40
#: Limits for each view of the desk.
MAX_QUERIES, MAX_MS = 20, 200
DEFAULT_SERVER = "postgres://127.0.0.1:5432/postgres"
PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "newsroom.settings",
    "NEWSROOM_SECRET_KEY": "a-secret-of-this-run-alone-that-protects-nothing",
    "NEWSROOM_HOSTS": "127.0.0.1",
    "NEWSROOM_HTTPS": "0",
    # The measured editor logs in without a second factor.
    "NEWSROOM_SECOND_FACTOR": "off",
}


def main() -> None:
    """Measure both databases, each in a separate process."""
    if sys.argv[1:] == ["here"]:
        measure()
        return
    with tempfile.TemporaryDirectory() as folder:
        env = {k: v for k, v in os.environ.items() if k != "DATABASE_URL"}
        run(env | PRODUCTION | {"NEWSROOM_DATA_DIR": folder})
        try:
            with fresh_postgres(os.environ.get("DATABASE_URL", DEFAULT_SERVER)) as url:
                run(env | PRODUCTION | {"NEWSROOM_DATA_DIR": folder, "DATABASE_URL": url})
        except OSError as error:
            print(f"PostgreSQL: left out, {error}")


def run(env: dict[str, str]) -> None:
    """Measure the database of `env`."""
    subprocess.run([sys.executable, __file__, "here"], env=env, cwd=ROOT, check=True)


@contextmanager
def fresh_postgres(url: str) -> Iterator[str]:
    """Create a database on the server of `url`, yield its URL, drop it. Raises OSError."""
    import psycopg

    parts = urlsplit(url)
    if not parts.scheme.startswith("postgres"):
        raise OSError("DATABASE_URL names another kind of database")
    name = f"newsroom_bench_{os.getpid()}"
    try:
        with psycopg.connect(url, autocommit=True, connect_timeout=3) as server:
            server.execute(f"CREATE DATABASE {name} ENCODING 'UTF8' TEMPLATE template0")
            try:
                yield urlunsplit(parts._replace(path=f"/{name}"))
            finally:
                server.execute(f"DROP DATABASE {name} WITH (FORCE)")
    except psycopg.OperationalError as error:
        raise OSError(str(error).strip()) from error


def measure() -> None:
    """Fill the configured database, request each view as an editor, print the table."""
    sys.path.insert(0, str(ROOT))
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection
    from django.utils import timezone

    from newsroom.demo import build
    from tools import load_data

    began = time.perf_counter()
    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    now = timezone.now()
    build.build(now)
    load_data.fill(ARTICLES, now)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        version = _version(cursor, connection.vendor)
    print(f"\n{version}, {ARTICLES} articles made in {time.perf_counter() - began:.0f} s;", end=" ")
    print(
        f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()},",
        end=" ",
    )
    print(f"load {os.getloadavg()[0]:.1f}")
    print(f"{'as an editor':<44}{'found':>8}{'queries':>9}{'median ms':>11}{'p95 ms':>9}")
    for name, url in screens().items():
        line(name, url)
    count_line()
    index_size(connection)


def _version(cursor: object, vendor: str) -> str:
    sql = {"sqlite": "SELECT sqlite_version()", "postgresql": "SHOW server_version"}[vendor]
    cursor.execute(sql)
    return f"{vendor} {cursor.fetchone()[0]}"


def screens() -> dict[str, str]:
    """Return the URLs to request, by label."""
    from django.urls import NoReverseMatch, reverse

    from articles.models import Article
    from bylines.models import Contributor

    articles = reverse("admin:articles_article_changelist")
    try:
        queue = reverse("admin:queue")
    except NoReverseMatch:
        queue = f"{articles}?list=waiting"
    deep = Article.objects.order_by("-updated_at", "-id")[ARTICLES * 9 // 10]
    place = f"{round(deep.updated_at.timestamp() * 1_000_000)}-{deep.pk}"
    review = Article.objects.filter(state="first_review", section__slug="news").first()
    printed = Article.objects.filter(state="approved", story__isnull=False).last()
    person = Contributor.objects.last()
    asked = {
        "search, 2 characters in most articles": "q=全县",
        "search, 2 characters, heading first": "q=全县&sort=match",
        "search, 3 characters in many": "q=石桥镇",
        "search, 2 characters in few": "q=鲟鳇",
        "search, 4 characters in few": "q=鲟鳇幼鱼",
        "search, 2 characters in none": "q=鱀豚",
        "search, a name": f"q={person.name}",
        "search, one character": "q=水",
        "search, 2 terms": "q=全县 水库",
        "search, a phrase, state and section": "q=“晚稻收割”&state=published&section=news",
        "search, a deep page": f"q=全县&before=n{place}",
        "list, a deep page": f"before=n{place}",
        "list, published": "state=published",
        "list, scheduled": "state=scheduled",
        "list, drafts": "state=draft",
        "list, a section": "section=news",
        "list, a town": "town=baisha",
        "list, a contributor": f"writer={person.name}",
        "list, released in a month": "by=released&since=2026-01-01&until=2099-01-01",
        "list, taken by me": "list=taken",
    }
    return {
        "start page": reverse("admin:index"),
        "queue": queue,
        "list": articles,
        **{name: f"{articles}?{query}" for name, query in asked.items()},
        "article screen, in a review": reverse("admin:articles_article_change", args=[review.pk]),
        "article screen, in print": reverse("admin:articles_article_change", args=[printed.pk]),
    }


def line(name: str, url: str) -> None:
    """Request `url` TIMES and print the figures; a star marks a value over the limit."""
    from django.contrib.auth.models import User
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(User.objects.get(username="editor", is_superuser=False))
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(url)
    assert answer.status_code == 200, (url, answer.status_code)
    count = len(queries)
    taken = []
    for _run in range(TIMES):
        start = time.perf_counter()
        client.get(url)
        taken.append((time.perf_counter() - start) * 1000)
    median, p95 = statistics.median(taken), statistics.quantiles(taken, n=20)[-1]
    total = re.search(rb'role="status">([^<\xc2]+)', answer.content)
    total = total[1].decode(errors="ignore").strip() if total else ""
    over = " *" if count > MAX_QUERIES or p95 > MAX_MS else ""
    print(f"{name:<44}{total:>8}{count:>9}{median:>11.1f}{p95:>9.1f}{over}", flush=True)


def count_line() -> None:
    """Print the number of queries and the time of the navigation's counts."""
    from django.contrib.auth.models import User
    from django.db import connection
    from django.test.utils import CaptureQueriesContext
    from django.utils import timezone

    from articles.workflow.transitions import actor_of
    from desk.badge_counts import badge_counts

    actor = actor_of(User.objects.get(username="editor"))
    with CaptureQueriesContext(connection) as queries:
        badge_counts(actor, timezone.now())
    start = time.perf_counter()
    badge_counts(actor, timezone.now())
    took = (time.perf_counter() - start) * 1000
    print(f"{'counts in the navigation':<44}{'':>8}{len(queries):>9}{took:>11.1f}")


def index_size(connection: object) -> None:
    """Print the time to rebuild the search index."""
    from articles.services import search_index

    start = time.perf_counter()
    number = search_index.rebuild_index()
    print(f"reindex of {number} articles: {time.perf_counter() - start:.1f} s")


if __name__ == "__main__":
    main()

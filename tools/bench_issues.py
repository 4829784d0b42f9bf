"""Measure queries and milliseconds per request of the public site with many issues.

`python tools/bench_issues.py` creates ISSUES of three pages with ten stories each in a new SQLite
file and in a new PostgreSQL database, drops both, and prints a table.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tools.bench_desk import DEFAULT_SERVER, PRODUCTION, fresh_postgres  # noqa: E402

ISSUES = int(os.environ.get("BENCH_ISSUES", "3000"))
TIMES = 60
#: Limits for each view of the public site.
MAX_QUERIES, MAX_MS = 4, 50


def main() -> None:
    """Measure both databases, each in a separate process."""
    if sys.argv[1:] == ["here"]:
        measure()
        return
    with tempfile.TemporaryDirectory() as folder:
        env = {k: v for k, v in os.environ.items() if k != "DATABASE_URL"}
        env |= PRODUCTION | {"NEWSROOM_DATA_DIR": folder}
        here = [sys.executable, __file__, "here"]
        subprocess.run(here, env=env, cwd=ROOT, check=True)
        try:
            with fresh_postgres(os.environ.get("DATABASE_URL", DEFAULT_SERVER)) as url:
                subprocess.run(here, env=env | {"DATABASE_URL": url}, cwd=ROOT, check=True)
        except OSError as error:
            print(f"PostgreSQL: left out, {error}")


def measure() -> None:
    """Fill the configured database and print a line for each kind of view."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection
    from django.utils import timezone

    from newsroom.demo import build
    from tools import load_data_issues

    began = time.perf_counter()
    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    now = timezone.now()
    build.set_up_paper()
    load_data_issues.fill(ISSUES, now)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    took = time.perf_counter() - began
    print(f"\n{connection.vendor}, {ISSUES} issues of 30 stories made in {took:.0f} s")
    print(f"{'page':<34}{'queries':>9}{'median ms':>11}{'p95 ms':>9}")
    for name, urls in addresses().items():
        line(name, urls)


def addresses() -> dict[str, list[str]]:
    """Return the URLs to request by label: the newest, and a sample of all times."""
    from press.models import Edition, Story

    editions = list(Edition.objects.order_by("-date", "-part"))
    some = editions[:: max(1, len(editions) // TIMES)]
    last, mid = editions[0], editions[len(editions) // 2]
    story = Story.objects.filter(page__edition=mid, continued_on__isnull=False).first()
    return {
        "front page": ["/"],
        "calendar, newest month": ["/issues/"],
        "calendar, any month": [f"/issues/{e.date:%Y/%m}/" for e in some],
        "calendar, any year": [f"/issues/{e.date:%Y}/" for e in some],
        "issue, newest": [last.get_absolute_url()],
        "issue, any": [e.get_absolute_url() for e in some],
        "page 1, newest": [f"{last.get_absolute_url()}1/"],
        "page, any": [f"{e.get_absolute_url()}{n % 3 + 1}/" for n, e in enumerate(some)],
        "story": [story.get_absolute_url()],
    }


def line(name: str, urls: list[str]) -> None:
    """Request `urls` TIMES in turn and print the figures; a star marks one over the limit."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(headers={"host": "127.0.0.1"})
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(urls[-1])
    assert answer.status_code == 200, (urls[-1], answer.status_code)
    count, taken = len(queries), []
    for run in range(TIMES):
        start = time.perf_counter()
        client.get(urls[run % len(urls)])
        taken.append((time.perf_counter() - start) * 1000)
    median, p95 = statistics.median(taken), statistics.quantiles(taken, n=20)[-1]
    over = " *" if count > MAX_QUERIES + (name == "front page") or p95 > MAX_MS else ""
    print(f"{name:<34}{count:>9}{median:>11.1f}{p95:>9.1f}{over}", flush=True)


if __name__ == "__main__":
    main()

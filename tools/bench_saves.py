"""Measure the cost of durable saves: SQLite with synchronous=FULL and NORMAL, photo files.

`python tools/bench_saves.py` creates the demo paper in a new folder below BENCH_FOLDER (default:
the folder for temporary files), saves one article repeatedly, and prints saves per second. The
rounds of the two modes alternate, so that other work on the machine affects both.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tools.bench import PRODUCTION  # noqa: E402

ROUNDS, SAVES, COMMITS, PHOTOS = 7, 40, 400, 5
MODES = ("NORMAL", "FULL")


def main() -> None:
    """Measure in a new folder and print the figures."""
    with tempfile.TemporaryDirectory(dir=os.environ.get("BENCH_FOLDER")) as folder:
        os.environ.pop("DATABASE_URL", None)
        os.environ |= PRODUCTION | {"NEWSROOM_DATA_DIR": folder}
        import django

        django.setup()
        from django.core.management import call_command
        from django.utils import timezone

        from newsroom.demo import build

        call_command("migrate", verbosity=0)
        build.build(timezone.now())
        bench_commits()
        bench_saves()
        bench_photo(Path(folder))


def bench_commits() -> None:
    """Time the smallest transaction: one UPDATE of one row."""
    from django.db import connection, transaction

    from paper.models import Paper

    def commit(number: int) -> None:
        with transaction.atomic():
            Paper.objects.update(motto=str(number))

    _compare("commit of one row", commit, COMMITS, connection)


def bench_saves() -> None:
    """Time an autosave of an article: text, index, revision."""
    from django.contrib.auth.models import User
    from django.db import connection
    from django.utils import timezone

    from articles import services
    from articles.content import Content
    from paper.models import Section

    writer = User.objects.get(username="correspondent")
    section = Section.objects.first()
    body = "".join(f"<p>{'河堤加固，水位下降。' * 12}{n}</p>" for n in range(10))
    content = Content(headline="试一试", body=body, section=section and section.pk)
    article = services.create_article(content, user=writer, at=timezone.now())
    state = {"version": article.version}

    def save(number: int) -> None:
        text = replace(content, headline=f"试一试 {number}")
        at, base = timezone.now(), state["version"]
        services.save_article(
            article,
            text,
            user=writer,
            at=at,
            base_version=base,
            auto=True,
            window_id="t",
            sequence=number,
        )
        article.refresh_from_db(fields=["version"])
        state["version"] = article.version

    _compare("save of an article, 1,200 characters", save, SAVES, connection)


def _compare(what: str, call: Any, times: int, connection: Any) -> None:
    """Print the calls per second of each mode: median of ROUNDS, and the range."""
    rates: dict[str, list[float]] = {mode: [] for mode in MODES}
    number = 0
    for _round in range(ROUNDS):
        for mode in MODES:
            with connection.cursor() as cursor:
                cursor.execute(f"PRAGMA synchronous={mode}")
            start = time.perf_counter()
            for _time in range(times):
                number += 1
                call(number)
            rates[mode].append(times / (time.perf_counter() - start))
    for mode, found in rates.items():
        middle = statistics.median(found)
        print(
            f"{what:<40}{mode:>8}{middle:>9.0f} a second, {1000 / middle:6.2f} ms"
            f"  ({min(found):.0f} to {max(found):.0f})"
        )


def bench_photo(folder: Path) -> None:
    """Time the storage of a photo's files, with and without a sync to the disk."""
    from django.core.files.base import ContentFile
    from django.core.files.storage import FileSystemStorage

    from newsroom.durable_storage import DurableStorage

    sizes = [420, *(30 * n for n in range(1, 16))]
    for kind in (FileSystemStorage, DurableStorage):
        storage, taken = kind(location=folder / kind.__name__), []
        for photo in range(PHOTOS):
            start = time.perf_counter()
            for n, size in enumerate(sizes):
                storage.save(f"{photo}/{n}.bin", ContentFile(os.urandom(size * 1024)))
            taken.append((time.perf_counter() - start) * 1000)
        name = "the 16 files of a photo, 4 MB"
        print(f"{name:<40}{kind.__name__:>18} {statistics.median(taken):.0f} ms")


if __name__ == "__main__":
    main()

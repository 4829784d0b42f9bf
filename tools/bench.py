"""Run all benchmarks: page parser, texts, saves, desk, photos, issues, archive, public site.

They include the processor time of hostile texts of full size (`hostile_requests.py`). Each part
creates its own data in a temporary folder and does not touch yours.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SAMPLE_PAGE = ROOT / "docs" / "samples" / "page.txt"
#: Environment as in production, but without HTTPS, which the proxy provides.
PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "newsroom.settings",
    "NEWSROOM_SECRET_KEY": "a-secret-of-this-run-alone-that-protects-nothing",
    "NEWSROOM_HOSTS": "127.0.0.1",
    "NEWSROOM_HTTPS": "0",
}


def main() -> None:
    """Measure, and print one figure per line."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= PRODUCTION | {"NEWSROOM_DATA_DIR": folder}
        sys.path.insert(0, str(ROOT))
        import django

        django.setup()
        bench_page_reading()
    subprocess.run([sys.executable, "tools/bench_text.py"], cwd=ROOT, check=True)
    subprocess.run([sys.executable, "tools/bench_saves.py"], cwd=ROOT, check=True)
    subprocess.run([sys.executable, "tools/hostile_requests.py"], cwd=ROOT, check=True)
    subprocess.run([sys.executable, "tools/bench_desk.py"], cwd=ROOT, check=True)
    subprocess.run([sys.executable, "tools/bench_photos.py"], cwd=ROOT, check=True)
    subprocess.run([sys.executable, "tools/bench_issues.py"], cwd=ROOT, check=True)
    subprocess.run([sys.executable, "tools/bench_archive.py"], cwd=ROOT, check=True)
    subprocess.run([sys.executable, "tools/bench_reader.py"], cwd=ROOT, check=True)


def say(what: str, figure: str) -> None:
    """Print one figure."""
    print(f"{what:<46} {figure:>18}", flush=True)


def median_ms(call: Callable[[], object], times: int) -> float:
    """Return the median of `times` runs of `call` in milliseconds, after a warm-up run."""
    call()
    taken = []
    for _run in range(times):
        start = time.perf_counter()
        call()
        taken.append((time.perf_counter() - start) * 1000)
    return statistics.median(taken)


def bench_page_reading() -> None:
    """Time the parser of a page's text."""
    from ingest.page_parser.text import read

    pages = {"the demo's page 1-1": ROOT / "newsroom" / "demo" / "pages" / "1-1.txt"}
    if SAMPLE_PAGE.exists():
        pages["the sample page"] = SAMPLE_PAGE
    for name, path in pages.items():
        text = path.read_text(encoding="utf-8")
        took = median_ms(lambda text=text: read(text), 15)
        say(f"read {name} ({len(text)} characters)", f"{took:.1f} ms")
    junk = "水闸 记者 通讯员（讯 摄\n" * 14_000
    start = time.perf_counter()
    read(junk)
    say(f"read {len(junk)} characters of no page", f"{time.perf_counter() - start:.2f} s")


if __name__ == "__main__":
    main()

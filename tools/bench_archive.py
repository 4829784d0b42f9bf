"""Measure an archive import, the PDF of an issue, and the signature of 40 stories.

`python tools/bench_archive.py [ISSUES]` writes issues of four pages with ten stories each
(`tools/load_data_pages.py`), imports them into a new SQLite file with the management command, and
prints the speed.
"""

from __future__ import annotations

import datetime as dt
import io
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tools import load_data_pages  # noqa: E402
from tools.bench_desk import PRODUCTION  # noqa: E402

FIRST = dt.date(2010, 1, 1)


def main() -> None:
    """Measure in a temporary folder."""
    if sys.argv[1:2] == ["here"]:
        measure(int(sys.argv[2]))
        return
    issues = sys.argv[1] if len(sys.argv) > 1 else "150"
    with tempfile.TemporaryDirectory() as folder:
        env = {k: v for k, v in os.environ.items() if k != "DATABASE_URL"}
        env |= PRODUCTION | {"NEWSROOM_DATA_DIR": folder}
        subprocess.run([sys.executable, __file__, "here", issues], env=env, cwd=ROOT, check=True)


def measure(issues: int) -> None:
    """Print one figure per line."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.utils import timezone

    from newsroom.demo import build

    call_command("migrate", verbosity=0)
    build.set_up_paper()
    folder = Path(os.environ["NEWSROOM_DATA_DIR"]) / "old"
    stories = load_data_pages.write(folder, issues, FIRST)
    for what in ("brought in", "again, nothing to do"):
        path = str(folder.parent / "report.txt")
        took, cpu = timed(lambda path=path: call_command("importarchive", str(folder), report=path))
        pace = f"{stories / took:.0f} stories a second"
        print(f"{stories} stories {what}: {took:.1f} s, {cpu:.1f} s of processors, {pace}")
    record(stories)
    pdfs()
    users = build.set_up_people()
    signature(users, timezone.now())


def record(stories: int) -> None:
    """Print the time to verify and to anchor the audit log of all stories."""
    from django.core.management import call_command
    from django.utils import timezone

    from issues.services.anchor import write_anchor

    now = timezone.now()
    took, _cpu = timed(lambda: write_anchor("daily", at=now))
    print(f"the heads of {stories} logs anchored: {took:.2f} s")
    took, _cpu = timed(lambda: write_anchor("daily", at=now))
    print(f"again, nothing went on: {took * 1000:.0f} ms")
    took, _cpu = timed(lambda: call_command("verify_signatures", stdout=io.StringIO()))
    print(f"the record of {stories} stories verified: {took:.1f} s")


def timed(call: Any) -> tuple[float, float]:
    """Return the elapsed seconds and the processor seconds of a call."""
    before = spent()
    start = time.perf_counter()
    call()
    return time.perf_counter() - start, spent() - before


def spent() -> float:
    """Return the processor seconds of this process and its finished children."""
    own, children = (
        resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def pdfs() -> None:
    """Time the PDF of one issue, and of one page of another."""
    from django.core.files.storage import default_storage
    from django.utils import timezone

    from press import pdf
    from press.models import Edition

    first, second = Edition.objects.filter(date__gte=FIRST).order_by("date")[:2]
    for what, make in (
        ("an issue of 4 pages, 40 stories", lambda: pdf.issue_pdf(first, at=timezone.now())),
        ("a page of 10 stories", lambda: pdf.page_pdf(second, 1, at=timezone.now())),
    ):
        names: list[Any] = []
        took, cpu = timed(lambda make=make, names=names: names.append(make()))
        size = default_storage.size(names[0]) / 1e6
        print(f"{what} as PDF: {took:.1f} s, {cpu:.1f} s of processors, {size:.1f} MB")


def signature(users: Any, now: dt.datetime) -> None:
    """Time the signature of an issue with 40 approved articles."""
    from articles.models import Article
    from articles.services import create_article
    from articles.workflow.states import State
    from ingest.name_index import NameIndex
    from ingest.services import ImportReport, content_of_story, read_page
    from issues import services
    from issues.models import Issue, Placement

    text = next((Path(os.environ["NEWSROOM_DATA_DIR"]) / "old").glob("*/01.txt"))
    stories = read_page(text.read_text("utf-8")).stories
    lookups = NameIndex()
    issue = services.plan_issue(
        date=now.date() + dt.timedelta(days=1),
        user=None,
        cutoff_at=now,
        release_at=now + dt.timedelta(hours=9),
    )
    pages = list(issue.pages.all())
    for n in range(40):
        content = content_of_story(stories[n % len(stories)], "", ImportReport(), lookups)
        article = create_article(content, user=None, at=now)
        signed = article.revisions.get()
        Article.objects.filter(pk=article.pk).update(state=State.APPROVED, approved_revision=signed)
        Placement.objects.create(page=pages[n % 4], article=article, position=n, placed_at=now)
    version = Issue.objects.values_list("version", flat=True).get(pk=issue.pk)
    chief = users["chief"]
    took, _cpu = timed(lambda: services.sign(issue, user=chief, at=now, version=version))
    print(f"an issue of 40 stories signed: {took * 1000:.0f} ms")


if __name__ == "__main__":
    main()

"""Rule: an archive is imported completely and once, in any number of runs; doubts are reported."""

from __future__ import annotations

import datetime as dt
import io
import os
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.models import Article, LogEntry
from articles.services import ArchiveMark, audit_verify
from ingest import services
from ingest.archive_import import import_archive
from ingest.page_files import scan_folder
from issues.models import Issue, IssueLogEntry, PageImage, Placement
from issues.services import plan_issue
from press.models import Edition, EditionPage, Story
from tests.helpers.page_files import page_picture, pdf
from tools import load_data_pages

FIRST = dt.date(2010, 1, 1)
PAGE = "第1版 要闻 第812期\n\n水闸换了电动机\n\n本报讯 全镇六座水闸装上了电动机。\n\n（通讯员 甲乙丙）\n"


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """Return three old issues of four pages with two stories each."""
    load_data_pages.write(tmp_path / "old", 3, FIRST, stories=2)
    return tmp_path / "old"


def run(folder: Path, *more: str) -> str:
    out = io.StringIO()
    report = folder.parent / "report.txt"
    call_command(
        "importarchive", str(folder), "--workers", "0", "--report", str(report), *more, stdout=out
    )
    return out.getvalue() + (report.read_text("utf-8") if report.exists() else "")


def page_of(folder: Path, day: str, name: str, content: str | bytes = PAGE) -> Path:
    path = folder / day / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.django_db
def test_every_issue_is_in_print_with_number_pages_and_names(client, paper, old):
    said = run(old)
    assert "3 期" in said
    assert "24 篇" in said
    edition = Edition.objects.get(date=FIRST)
    assert edition.number == 1000
    assert edition.pages.values_list("number", "name").first() == (1, "要闻")
    shown = client.get(f"/issues/{FIRST}/1/")
    assert shown.status_code == 200
    for story in Story.objects.filter(page__edition=edition, page__number=1):
        assert story.title in shown.content.decode()
    assert not any(found.broken for found in audit_verify.verify_all())


@pytest.mark.django_db
def test_the_rows_are_those_that_a_single_page_makes(paper, tmp_path):
    page_of(tmp_path / "old", "2010-01-01", "01.txt")
    run(tmp_path / "old")
    ours = _rows()
    Article.objects.update(approved_revision=None, state="draft", story=None)
    for model in (Placement, IssueLogEntry, Issue, LogEntry, Article, Story, Edition):
        model.objects.all().delete()
    text = services.default_choice(services.read_page(PAGE))
    services.import_printed(
        text,
        date=FIRST,
        page_number=1,
        page_name="要闻",
        issue_number=812,
        mark=ArchiveMark("operator"),
        at=timezone.now(),
    )
    assert ours == _rows()


def _rows() -> list[object]:
    story = Story.objects.get()
    article = Article.objects.get()
    return [
        [getattr(story, name) for name in ("headline", "body", "summary", "chars", "byline")],
        [story.dateline, story.position, story.sha256, story.revision],
        [story.page.number, story.page.name, story.page.edition.number, story.release_at],
        [article.state, article.version, article.headline, article.import_key, article.chars],
        list(article.revisions.values_list("number", "sha256", "base_version")),
        list(LogEntry.objects.values_list("transition", "from_state", "to_state", "by")),
        list(article.placements.values_list("position", "is_open", "page__number")),
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("line", ["第812期", "2010年第45期 总第812期", "总812期"])
def test_the_running_number_is_read_from_the_folio_line(paper, tmp_path, line):
    page_of(tmp_path / "old", "2010-01-01", "01.txt", PAGE.replace("第812期", line))
    run(tmp_path / "old")
    assert Edition.objects.get().number == 812


@pytest.mark.django_db
def test_begun_again_it_makes_nothing_twice(paper, old):
    run(old)
    before = Story.objects.count(), Article.objects.count(), LogEntry.objects.count()
    assert "24 篇" in run(old)
    assert before == (Story.objects.count(), Article.objects.count(), LogEntry.objects.count())


@pytest.mark.django_db
def test_broken_off_in_the_middle_of_an_issue_it_goes_on_from_there(paper, old, monkeypatch):
    seal = services.archive_import.seal
    sealed: list[Issue] = []

    def break_off(issue: Issue, *args: object, **kwargs: object) -> None:
        if len(sealed) == 2:
            raise KeyboardInterrupt
        sealed.append(issue)
        seal(issue, *args, **kwargs)

    monkeypatch.setattr("issues.services.archive_import.seal", break_off)
    with pytest.raises(KeyboardInterrupt):
        run(old)
    assert Edition.objects.count() == 2
    assert Story.objects.count() == 16
    monkeypatch.undo()
    run(old)
    assert Edition.objects.count() == 3
    assert Story.objects.count() == 24
    assert all(edition.sha256 for edition in Edition.objects.all())


@pytest.mark.django_db
def test_an_issue_takes_as_many_queries_for_4_stories_as_for_40(paper, tmp_path, now):
    counts = []
    for stories in (1, 10):
        folder = tmp_path / str(stories)
        load_data_pages.write(folder, 2, FIRST + dt.timedelta(days=stories * 9), stories=stories)
        found, _problems = scan_folder(folder)
        import_archive(found[:1], at=now, operator="root", progress=lambda *_told: None, workers=0)
        with CaptureQueriesContext(connection) as queries:
            import_archive(
                found[1:], at=now, operator="root", progress=lambda *_told: None, workers=0
            )
        new = sum('INSERT INTO "bylines_contributor"' in q["sql"] for q in queries)
        about_new = sum('"bylines_contributor"' in q["sql"] for q in queries) if new else 0
        counts.append(len(queries) - about_new)
    assert abs(counts[0] - counts[1]) <= 2
    assert max(counts) < 90


@pytest.mark.django_db
def test_doubtful_places_are_reported(paper, tmp_path):
    old = tmp_path / "old"
    page_of(old, "2010-01-01", "01.txt")
    page_of(old, "2010-01-02", "1.TXT", PAGE.replace("第812期", "").replace("六座", "两座"))
    page_of(old, "2010-01-03", "01.txt", b"")
    page_of(old, "2010-01-03", "02.txt", b"\x00\x01" * 200)
    page_of(old, "2010-01-03", "03.txt", b"x" * 3_000_000)
    page_of(old, "2010-01-03", "04.txt", "三")
    page_of(old, "2010-01-03", "1.txt")
    page_of(old, "2010-01-03", "notes.doc", "x")
    page_of(old, "2010-01-04", "02.txt", PAGE.replace("812", "813").replace("六座", "十座"))
    page_of(old, "2010-02-30", "01.txt")
    (old / "2010-01-05").mkdir()
    Path(os.fsdecode(bytes(old) + b"/2010-01-01/" + "一版.txt".encode("gbk"))).write_text("x")
    (old / "2010-01-06").symlink_to(tmp_path)
    (old / "readme.txt").write_text("x")
    long = PAGE.replace("水闸换了电动机", "水闸" * 200).replace("六座", "九座")
    page_of(old, "2010-01-07", "01.txt", long + "\n\n" + PAGE.replace("六座", "八座"))
    said = run(old)
    for words in (
        "2010-01-02: 版面上没有期号",
        "2010-01-03/01: 文件里没有文字",
        "2010-01-03/02: 不是文本文件",
        "2010-01-03/03: 超过 2 MB",
        "2010-01-03/1.txt: ",
        "2010-01-03/notes.doc: ",
        "2010-02-30: ",
        "2010-01-05: ",
        "\\udcb0\\udce6.txt: ",
        "2010-01-06: ",
        "readme.txt: ",
    ):
        assert words in said, words
    assert Edition.objects.filter(date=dt.date(2010, 1, 4)).exists()
    assert Story.objects.filter(body__contains="十座").exists()
    assert not Story.objects.filter(headline__startswith="水闸水闸水闸").exists()


@pytest.mark.django_db
def test_days_to_come_and_days_of_this_desk_are_refused_and_the_others_go_on(staff, tmp_path, now):
    old = tmp_path / "old"
    ahead = timezone.localdate(now) + dt.timedelta(days=3)
    page_of(old, ahead.isoformat(), "01.txt")
    plan_issue(date=dt.date(2010, 1, 2), user=staff["chief"])
    page_of(old, "2010-01-02", "01.txt", PAGE.replace("六座", "七座"))
    page_of(old, "2010-01-03", "01.txt", PAGE.replace("六座", "八座"))
    said = run(old)
    assert f"{ahead}: " in said
    assert "2010-01-02: " in said
    assert [edition.date for edition in Edition.objects.all()] == [dt.date(2010, 1, 3)]


@pytest.mark.django_db
def test_a_dry_run_reads_and_writes_nothing(paper, old):
    assert "24 篇" in run(old, "--dry-run")
    assert not Story.objects.exists()
    assert not Issue.objects.exists()


@pytest.mark.django_db
def test_pictures_follow_and_come_once(client, paper, tmp_path):
    old = tmp_path / "old"
    page_of(old, "2010-01-01", "01.txt")
    page_of(old, "2010-01-01", "01.jpg", page_picture())
    page_of(old, "2010-01-01", "02.pdf", pdf())
    page_of(old, "2010-01-01", "03.pdf", b"%PDF-1.4 broken")
    said = run(old)
    assert "版面图 2 张" in said
    assert "2010-01-01/03.pdf: " in said
    assert "2010-01-01/02: " in said, "a page without a text is told"
    assert EditionPage.objects.get(number=2).image["has_pdf"] is True
    folder = PageImage.objects.get(page__number=1).folder
    run(old)
    assert PageImage.objects.get(page__number=1).folder == folder
    assert "image-" in client.get("/issues/2010-01-01/1/").content.decode()
    assert run(old, "--no-images")


@pytest.mark.django_db
def test_a_folder_that_is_none_is_refused_in_words(paper, tmp_path):
    with pytest.raises(CommandError):
        call_command("importarchive", str(tmp_path / "nothing"))
    with pytest.raises(CommandError, match="2012-03-01"):
        call_command("importarchive", str(tmp_path))


@pytest.mark.django_db
def test_another_process_reads_while_this_one_writes(paper, old, now):
    found, _problems = scan_folder(old)
    outcome = import_archive(
        found, at=now, operator="root", progress=lambda *_told: None, workers=1
    )
    assert outcome.stories == 24

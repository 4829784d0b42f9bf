"""Rule: the heads of all logs are anchored outside the tables, so a forged log is detected."""

from __future__ import annotations

import datetime as dt
import io
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection, connections, transaction
from django.utils import timezone

from articles import services as articles
from articles.models import Article, LogEntry
from articles.services.audit_log import link
from articles.services.audit_verify import verify
from issues import services
from issues.models import Issue, IssueLogEntry
from issues.services.anchor import BrokenAnchor, anchor_daily, write_anchor
from issues.services.anchor_verify import verify_anchor
from notifications.models import Notification, NotificationEvent
from outbox.services import run_due
from paper.models import Paper
from tests.helpers import factories
from tests.helpers.concurrency import ON_SERVER
from tests.helpers.planned_issues import fill
from textkit.digest import sha256_of

DAY = dt.timedelta(days=1)


@pytest.fixture
def article(staff, now) -> Article:
    """Return an article with its three signatures, anchored."""
    made = factories.make_draft(staff["correspondent"], now)
    articles.submit(made, user=staff["correspondent"], at=now)
    factories.pass_all(made, staff, now)
    write_anchor("daily", at=now)
    return made


@pytest.fixture
def file(settings) -> Path:
    return Path(settings.ANCHOR_FILE)


def lines(file: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def problems(file: Path) -> str:
    return "；".join(verify_anchor(file).problems)


def seal_again(article: Article) -> None:
    """Recompute the whole chain, like an attacker who knows the code."""
    previous = ""
    for entry in LogEntry.objects.filter(article=article).order_by("pk"):
        entry.article = article
        previous = link(entry, previous)
        LogEntry.objects.filter(pk=entry.pk).update(chain=previous)
    Article.objects.filter(pk=article.pk).update(chain=previous)
    article.refresh_from_db()


def test_a_true_record_agrees_with_its_anchor(article, file):
    assert problems(file) == ""
    (line,) = lines(file)
    assert line["kind"] == "start"
    assert line["heads"] == {f"a{article.pk}": article.chain}


def test_a_line_holds_what_went_on_since_the_one_before(article, staff, now, file):
    other = factories.make_draft(staff["correspondent"], now)
    articles.submit(other, user=staff["correspondent"], at=now)
    other.refresh_from_db()
    write_anchor("daily", at=now)
    first, second = lines(file)
    assert second["heads"] == {f"a{other.pk}": other.chain}
    assert second["previous"] == first["digest"]
    assert problems(file) == ""


def test_an_end_cut_off_with_the_chain_set_back_is_found(article, staff, now, file):
    """`verify` sees a valid shorter log; the anchor contains a row that is missing."""
    last = LogEntry.objects.filter(article=article).last()
    before = LogEntry.objects.filter(article=article, pk__lt=last.pk).last()
    article.reviews.filter(stage="final_review").delete()
    LogEntry.objects.filter(pk=last.pk).delete()
    Article.objects.filter(pk=article.pk).update(
        chain=before.chain, state="final_review", approved_revision=None
    )
    article.refresh_from_db()
    assert verify(article) is None
    assert f"稿件 {article.pk}" in problems(file)


def test_a_chain_that_was_computed_again_is_found(article, staff, file):
    LogEntry.objects.filter(article=article, transition="submit").update(note="没有这句话")
    seal_again(article)
    assert verify(article) is None
    assert "重新计算" in problems(file)


def test_an_article_that_is_gone_is_found(article, file):
    LogEntry.objects.filter(article=article).delete()
    article.reviews.all().delete()
    Article.objects.filter(pk=article.pk).update(approved_revision=None, state="draft")
    Article.objects.filter(pk=article.pk).delete()
    assert "已不存在" in problems(file)


def test_a_draft_that_was_never_submitted_may_be_deleted(staff, now, file):
    draft = factories.make_draft(staff["correspondent"], now)
    articles.log_import(draft, user=staff["correspondent"], at=now, note="")
    write_anchor("daily", at=now)
    draft.refresh_from_db()
    articles.delete_article(draft, user=staff["correspondent"], at=now, version=draft.version)
    assert problems(file) == ""


def test_an_issue_whose_log_was_cut_off_is_found(issue, staff, now, file):
    services.close(issue, user=staff["head"], at=now)
    write_anchor("daily", at=now)
    IssueLogEntry.objects.all().delete()
    Issue.objects.update(chain="", state="planning")
    assert issue.date.isoformat() in problems(file)


def test_another_start_date_in_the_tables_is_found(article, file):
    Paper.objects.update(start_date=dt.date(2001, 1, 1))
    assert "2001-01-01" in problems(file)


@pytest.mark.parametrize("harm", ["change", "drop", "swap", "cut", "blank", "garbage"])
def test_a_file_that_was_tampered_with_is_found(article, staff, now, file, harm):
    for n in range(3):
        other = factories.make_draft(staff["correspondent"], now, headline=f"第{n}篇")
        articles.submit(other, user=staff["correspondent"], at=now)
        write_anchor("daily", at=now)
    raw = file.read_bytes().splitlines(keepends=True)
    if harm == "change":
        raw[1] = raw[1].replace(b'"kind":"daily"', b'"kind":"start"')
    elif harm == "drop":
        del raw[1]
    elif harm == "swap":
        raw[1], raw[2] = raw[2], raw[1]
    elif harm == "cut":
        raw[-1] = raw[-1][:40]
    elif harm == "blank":
        raw.insert(2, b"\n")
    else:
        raw[2] = b"\xff\x00[1, 2]\n"
    file.write_bytes(b"".join(raw))
    assert "存证文件" in problems(file)


def test_an_empty_or_missing_file_is_reported(staff, file):
    file.touch()
    assert "一行也没有" in problems(file)
    with pytest.raises(CommandError, match="No such file"):
        call_command("verify_signatures", anchor=file.with_name("nowhere"))


def test_nothing_is_put_behind_a_damaged_line(article, now, file):
    file.write_bytes(file.read_bytes()[:-20])
    with pytest.raises(BrokenAnchor):
        write_anchor("daily", at=now)


def test_a_restore_begins_again_without_an_alarm(article, staff, now, file):
    """The backup is older than the last line: missing rows are not a forgery."""
    last = LogEntry.objects.filter(article=article).last()
    before = LogEntry.objects.filter(article=article, pk__lt=last.pk).last()
    article.reviews.filter(stage="final_review").delete()
    LogEntry.objects.filter(pk=last.pk).delete()
    Article.objects.filter(pk=article.pk).update(
        chain=before.chain, state="final_review", approved_revision=None
    )
    assert problems(file)
    call_command("anchor", restore=True, operator="值班员", stdout=io.StringIO())
    assert problems(file) == ""
    line = lines(file)[-1]
    assert (line["kind"], line["by"]) == ("restore", "值班员")
    assert line["heads"] == {f"a{article.pk}": before.chain}
    out = io.StringIO()
    call_command("verify_signatures", stdout=out)
    assert "从备份恢复过" in out.getvalue()
    # A row that is removed after the restore is detected.
    LogEntry.objects.filter(pk=before.pk).delete()
    assert problems(file)


def test_the_signature_of_an_issue_writes_a_line(
    issue, staff, now, file, django_capture_on_commit_callbacks
):
    fill(issue, staff, now)
    services.close(issue, user=staff["head"], at=now)
    with django_capture_on_commit_callbacks(execute=True):
        factories.sign_issue(issue, user=staff["chief"], at=now)
    (line,) = lines(file)
    assert (line["kind"], line["by"], line["note"]) == ("start", "chief", str(issue))
    heads = {f"a{article.pk}" for article in Article.objects.all()} | {f"i{issue.pk}"}
    assert set(line["heads"]) == heads
    out = io.StringIO()
    services.reopen(issue, user=staff["chief"], at=now)
    write_anchor("daily", at=now)
    call_command("anchor", stdout=out)
    assert lines(file)[-1]["digest"] in out.getvalue()
    assert problems(file) == ""


def test_chief_and_administrator_get_the_digest_by_mail(article, staff, now, file):
    for user in staff.values():
        user.email = f"{user.username}@example.org"
        user.save()
    write_anchor("daily", at=now)
    run_due(timezone.now())
    digest = lines(file)[-1]["digest"]
    told = {letter.to[0] for letter in mail.outbox if digest in letter.body}
    assert told == {"chief@example.org", "administrator@example.org"}
    assert (
        not Notification.objects.of(staff["chief"]).filter(event=NotificationEvent.ANCHOR).exists()
    )


def test_one_line_a_day_is_enough(article, now, file):
    assert not anchor_daily(timezone.now())
    assert anchor_daily(timezone.now() + DAY)
    assert [line["kind"] for line in lines(file)] == ["start", "daily"]


def test_a_file_that_cannot_be_written_stops_no_signature_and_is_reported_once(
    issue, staff, now, file, django_capture_on_commit_callbacks, settings
):
    settings.ANCHOR_FILE = file / "not-a-folder"
    file.write_text("")
    fill(issue, staff, now)
    services.close(issue, user=staff["head"], at=now)
    with django_capture_on_commit_callbacks(execute=True):
        factories.sign_issue(issue, user=staff["chief"], at=now)
    issue.refresh_from_db()
    assert issue.state == "signed"
    assert not anchor_daily(now)
    notification = Notification.objects.get(
        user=staff["administrator"], event=NotificationEvent.ANCHOR_FAULT
    )
    assert "存证文件写不进去" in notification.text
    assert not Notification.objects.filter(
        user=staff["chief"], event=NotificationEvent.ANCHOR_FAULT
    ).exists()
    settings.ANCHOR_FILE = file.with_name("other.jsonl")
    assert anchor_daily(now)
    assert problems(file.with_name("other.jsonl")) == ""


def test_the_command_compares_with_a_copy_on_another_machine(article, file, tmp_path, capsys):
    copy = tmp_path / "copy.jsonl"
    copy.write_bytes(file.read_bytes())
    file.unlink()
    call_command("verify_signatures", anchor=copy)
    assert lines(copy)[-1]["digest"] in capsys.readouterr().out
    LogEntry.objects.filter(article=article, transition="submit").update(note="没有这句话")
    seal_again(article)
    with pytest.raises(CommandError):
        call_command("verify_signatures", anchor=copy)
    assert "重新计算" in capsys.readouterr().out


def test_an_article_under_another_id_with_its_old_rows_left_is_found(article, file):
    """Rows without an article belong to no log, so nothing verifies them."""
    with constraints_off():
        LogEntry.objects.filter(article=article).update(article=article.pk + 900)
        assert "已不存在" in problems(file) or f"稿件 {article.pk}" in problems(file)
        rows = LogEntry.objects.filter(article=article.pk + 900)
        heads = {f"a{article.pk + 900}": rows.last().chain}
        write_anchor("restore", at=timezone.now())
        assert lines(file)[-1]["heads"] == heads
        assert "已不存在" in problems(file)
        rows.update(article=article)


def test_an_id_set_high_for_a_while_blinds_no_later_line(article, staff, now, file):
    last = LogEntry.objects.order_by("pk").last()
    LogEntry.objects.filter(pk=last.pk).update(id=10**12)
    write_anchor("daily", at=now)
    LogEntry.objects.filter(pk=10**12).update(id=last.pk)
    other = factories.make_draft(staff["correspondent"], now)
    articles.submit(other, user=staff["correspondent"], at=now)
    assert "记录" in problems(file)
    write_anchor("daily", at=now)
    assert f"a{other.pk}" in lines(file)[-1]["heads"]


def test_a_second_first_line_drops_nothing(article, file):
    line = {**lines(file)[0], "heads": {}, "previous": lines(file)[0]["digest"]}
    append(file, line)
    LogEntry.objects.filter(article=article, transition="submit").update(note="没有这句话")
    seal_again(article)
    assert "第 2 行" in problems(file)
    assert f"稿件 {article.pk}" in problems(file)


@pytest.mark.parametrize(
    "change",
    [
        {"kind": None},
        {"previous": 7},
        {"heads": {"": "x"}},
        {"heads": {"ax": "x"}},
        {"heads": {"a" + "9" * 30: "x"}},
        {"heads": []},
        {"at": "never"},
        {"articles": 10**30},
    ],
)
def test_a_line_of_another_shape_is_a_problem_and_no_crash(article, now, file, change):
    append(file, {**lines(file)[0], "previous": lines(file)[0]["digest"], **change})
    assert "第 2 行" in problems(file)
    with pytest.raises(BrokenAnchor):
        write_anchor("daily", at=now)


def test_a_line_that_is_nested_without_end_is_a_problem_and_no_crash(article, now, file):
    file.write_bytes(file.read_bytes() + b"[" * 100_000 + b"\n")
    assert "第 2 行" in problems(file)
    with pytest.raises(BrokenAnchor):
        write_anchor("daily", at=now)


def test_a_missing_file_is_reported_once_there_was_one(article, staff, now, file, capsys):
    staff["chief"].email = "chief@example.org"
    staff["chief"].save()
    write_anchor("daily", at=now)
    file.unlink()
    with pytest.raises(CommandError):
        call_command("verify_signatures")
    assert "存证文件不见了" in capsys.readouterr().out


def append(file: Path, line: dict[str, object]) -> None:
    """Append a line with a valid digest."""
    line = {name: value for name, value in line.items() if name != "digest"}
    line["digest"] = sha256_of(line)
    file.write_text(file.read_text("utf-8") + json.dumps(line) + "\n", "utf-8")


@contextmanager
def constraints_off() -> Iterator[None]:
    """Disable foreign keys, as database tools can."""
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL refuses such rows until the table is altered")
    connection.disable_constraint_checking()
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA defer_foreign_keys = ON")
    yield


@ON_SERVER
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_row_that_is_being_written_is_not_passed_over(now, settings, tmp_path):
    """Its id is lower than a committed one: without the lock no line would contain it."""
    factories.make_paper()
    staff = factories.make_staff()
    slow, quick = (factories.make_draft(staff["correspondent"], now) for _n in range(2))
    written, go_on = threading.Event(), threading.Event()

    def write_slowly() -> None:
        with transaction.atomic():
            articles.submit(slow, user=staff["correspondent"], at=now)
            written.set()
            go_on.wait(10)
        connections.close_all()

    def anchor() -> None:
        write_anchor("daily", at=now)
        connections.close_all()

    writer = threading.Thread(target=write_slowly)
    writer.start()
    assert written.wait(10)
    articles.submit(quick, user=staff["correspondent"], at=now)
    anchoring = threading.Thread(target=anchor)
    anchoring.start()
    go_on.set()
    for thread in (writer, anchoring):
        thread.join(20)
    write_anchor("daily", at=now)
    heads = {key for line in lines(Path(settings.ANCHOR_FILE)) for key in line["heads"]}
    assert heads == {f"a{slow.pk}", f"a{quick.pk}"}
    assert connection.vendor == "postgresql"

"""Rule: an issue is signed once, with all its stories or none, whatever happens."""

from __future__ import annotations

import datetime as dt
import os
import signal
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.content import PhotoRow
from articles.exceptions import Conflict
from articles.models import LogEntry
from articles.services import audit_verify, release, submit
from issues import services
from issues.models import Issue, Placement
from notifications.models import Notification
from photos.services import add_photo
from press.models import Edition, Story, StoryPhoto
from tests.helpers import factories

HOUR = dt.timedelta(hours=1)
TABLES = (Story, Edition, LogEntry, Notification)


def full_issue(staff, now: dt.datetime, stories: int) -> Issue:
    """Return a closed issue of four pages with `stories` signed articles with all relations."""
    issue = services.plan_issue(
        date=timezone.localdate(now) + dt.timedelta(days=1),
        user=staff["chief"],
        pages=[(n, f"版{n}") for n in range(1, 5)],
        cutoff_at=now + HOUR,
        release_at=now + 9 * HOUR,
    )
    photo = add_photo(
        data=factories.picture(), caption="水闸", user=staff["reporter"], at=now, credits=[]
    )
    pages = list(issue.pages.all())
    for n in range(stories):
        article = factories.make_in(
            "approved",
            staff["correspondent"],
            now,
            headline=f"第{n}篇",
            body=f'<p>第{n}座水闸。</p><figure data-photo="{photo.pk}"></figure>',
            tags=("水利", "农业"),
            photos=(PhotoRow(photo.pk, "水闸", "张 摄"),),
        )
        # Directly in the table, because this test is about the signature.
        Placement.objects.create(
            page=pages[n % 4], article=article, position=n // 4 + 1, placed_at=now
        )
    services.close(issue, user=staff["head"], at=now)
    return issue


@pytest.mark.django_db
@pytest.mark.parametrize("ahead", [False, True])
def test_signing_takes_as_many_queries_for_4_stories_as_for_40(staff, now, ahead):
    """Even if half of them are already published."""
    counts = []
    for day, stories in enumerate((4, 40)):
        issue = full_issue(staff, now + day * dt.timedelta(days=1), stories)
        at = now + day * dt.timedelta(days=1)
        if ahead:
            for placement in Placement.objects.filter(page__issue=issue, page__number__lte=2):
                release(placement.article, user=staff["chief"], at=at, release_at=at + 5 * HOUR)
        with CaptureQueriesContext(connection) as queries:
            factories.sign_issue(issue, user=staff["chief"], at=at)
        counts.append(len(queries))
        assert Story.objects.filter(page__edition=Edition.objects.first()).count() == stories
    # Two of them queue the e-mails of the notifications in the outbox, one asks how 字 are counted.
    assert counts[0] == counts[1] <= 67
    with CaptureQueriesContext(connection) as queries:
        services.reopen(issue, user=staff["chief"], at=at)
    assert len(queries) <= 50
    assert Story.objects.count() == 4


@pytest.mark.django_db
def test_every_chain_holds_over_signature_reopening_and_another_release(staff, now):
    issue = full_issue(staff, now, 0)
    for number, page in enumerate(issue.pages.all()):
        article = factories.make_draft(staff["correspondent"], now, headline=f"第{number}篇")
        submit(article, user=staff["correspondent"], at=now)
        article.refresh_from_db()
        factories.pass_all(article, staff, now)
        services.place(article, page, user=staff["chief"], at=now)
    factories.sign_issue(issue, user=staff["chief"], at=now)
    services.reopen(issue, user=staff["chief"], at=now)
    services.close(issue, user=staff["chief"], at=now)
    factories.sign_issue(issue, user=staff["chief"], at=now)
    services.reschedule(issue, release_at=now + 5 * HOUR, user=staff["chief"], at=now)
    assert LogEntry.objects.filter(transition="release").count() == 12
    assert [found.broken for found in audit_verify.verify_all() if found.broken] == []


@pytest.mark.django_db
def test_what_is_signed_stands_in_print_with_its_photo(client, staff, now):
    issue = full_issue(staff, now, 4)
    factories.sign_issue(issue, user=staff["chief"], at=now)
    Edition.objects.update(release_at=now - HOUR)
    Story.objects.update(release_at=now - HOUR)
    story = Story.objects.order_by("pk").first()
    page = client.get(story.get_absolute_url()).content.decode()
    token = StoryPhoto.objects.get(story=story).token
    assert f"/photos/{token}/" in page
    assert f'href="/stories/{story.pk}/photos/1/"' in page
    for word in ("水利", "农业", "甲乙丙"):
        assert word in page


@pytest.mark.django_db
def test_an_issue_closes_automatically_at_its_cut_off(staff, now, desk):
    """Without a worker: once the time has passed, the issue is closed and can be signed."""
    issue = services.plan_issue(
        date=timezone.localdate(now) + dt.timedelta(days=1),
        user=staff["chief"],
        pages=[(1, "要闻")],
        cutoff_at=now + HOUR,
        release_at=now + 9 * HOUR,
    )
    page = issue.pages.get()
    article = factories.make_in("approved", staff["reporter"], now)
    services.place(article, page, user=staff["editor"], at=now)
    assert issue.standing(now)[0] == "planning"
    with pytest.raises(Conflict):
        factories.sign_issue(issue, user=staff["chief"], at=now + HOUR - dt.timedelta(seconds=1))
    assert issue.standing(now + HOUR)[0] == "closed"
    other = factories.make_in("approved", staff["reporter"], now, headline="再加一篇")
    with pytest.raises(Conflict):
        services.place(other, page, user=staff["head"], at=now + HOUR)
    services.place(other, page, user=staff["chief"], at=now + HOUR)
    signed = factories.sign_issue(issue, user=staff["chief"], at=now + HOUR)
    assert signed.state == Issue.State.SIGNED
    assert Story.objects.count() == 2


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_killed_while_signing_40_stories_all_or_none_are_scheduled(tmp_path: Path, now):
    """The process is killed before each of its statements, before the commit, and after it."""
    factories.make_paper()
    staff = factories.make_staff()
    issue = full_issue(staff, now, 40)
    state = _store(tmp_path)
    before = state()
    step = 0
    # Killed after the commit, before the anchor is written, the issue is completely signed.
    while state() == before:
        _sign_and_die(issue.pk, staff["chief"].pk, now, step, state.path)
        step += 1
    assert step > 25
    stories, editions, log, _told, signed = state()
    assert (stories, editions, signed) == (40, 1, 1)
    assert log == before[2] + 40


class _State:
    """The state of the database, as seen from outside the killed process."""

    def __init__(self, path: Path | None) -> None:
        self.path = path

    def __call__(self) -> tuple[int, ...]:
        tables = [model._meta.db_table for model in TABLES]
        asked = [f"SELECT count(*) FROM {table}" for table in tables]
        asked.append("SELECT count(*) FROM issues_issue WHERE state = 'signed'")
        if self.path is None:
            with connection.cursor() as cursor:
                return tuple(cursor.execute(sql).fetchone()[0] for sql in asked)
        with sqlite3.connect(self.path) as stored:
            return tuple(stored.execute(sql).fetchone()[0] for sql in asked)


def _store(folder: Path) -> _State:
    """Return the state of the database; for SQLite, whose test database is in memory, of a copy."""
    if connection.vendor != "sqlite":
        return _State(None)
    path = folder / "killed.sqlite3"
    with sqlite3.connect(path) as stored:
        connection.connection.backup(stored)
    return _State(path)


def _sign_and_die(issue: int, chief: int, at: dt.datetime, step: int, path: Path | None) -> str:
    """Sign in a separate process that is killed before statement `step`; return whether it was."""
    child = os.fork()
    if child == 0:
        try:
            _die_at(issue, chief, at, step, path)
        finally:
            os._exit(3)
    _pid, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return "killed"
    assert os.WEXITSTATUS(status) == 0, "the signature failed"
    return "done"


def _die_at(issue: int, chief: int, at: dt.datetime, step: int, path: Path | None) -> None:
    # Do not close the parent's connection: that would end it for the parent too.
    kept = connection.connection
    connection.connection = None
    if path is not None:
        connection.settings_dict["NAME"] = str(path)
        connection.settings_dict["OPTIONS"] = {"init_command": "PRAGMA journal_mode=WAL;"}
    connection.__dict__.pop("features", None)
    left = [step]

    def die_in_turn(execute: Callable[..., Any], *args: Any) -> Any:
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        left[0] -= 1
        return execute(*args)

    commit = connection._commit
    connection._commit = lambda: die_in_turn(commit)
    user = User.objects.get(pk=chief)
    with connection.execute_wrapper(die_in_turn):
        factories.sign_issue(Issue.objects.get(pk=issue), user=user, at=at)
    assert kept is not None
    os._exit(0)


@pytest.mark.django_db
def test_the_list_of_issues_shows_issues_that_closed_automatically(staff, now, desk):
    made = services.plan_issue(
        date=timezone.localdate(now),
        user=staff["chief"],
        cutoff_at=now - HOUR,
        release_at=now + HOUR,
    )
    chief = desk("chief")
    for state, is_there in (("closed", True), ("planning", False), ("signed", False), ("x", True)):
        page = chief.get(f"/desk/issues/issue/?state={state}&month=2001-01").content.decode()
        assert (f'href="{made.pk}/"' in page) == is_there, state
    assert list(Issue.objects.standing("closed", now)) == [made]

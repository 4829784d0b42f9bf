"""Rule: of two stale approvals at once one wins and the other is told (PostgreSQL)."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable

import pytest
from django.db import connection, connections, transaction
from django.db.models import F
from django.utils import timezone

from articles import services
from articles.errors import Conflict, Refusal
from articles.models import Article, Reading
from articles.services import machine
from articles.states import State
from ingest import services as ingest
from issues import services as issues
from press.models import Edition, Story

from . import factories
from .test_import import PAGE

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def at_once(*calls: Callable[[], object]) -> list[object]:
    """Make the calls at one moment, each with a connection of its own; return what came of them."""
    start = threading.Barrier(len(calls))
    outcomes: list[object] = []

    def run(call: Callable[[], object]) -> None:
        start.wait()
        try:
            outcomes.append(call())
        except Refusal as refusal:
            outcomes.append(refusal)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(outcomes) == len(calls), "a call broke"
    return outcomes


ON_SERVER = pytest.mark.skipif(
    "sqlite" in connection.vendor, reason="SQLite writes one after the other"
)


@ON_SERVER
def test_two_approvals_at_once(now):
    factories.make_paper()
    staff = factories.make_staff()
    article = factories.make_in("second_reading", staff["correspondent"], now)
    stale = [Article.objects.get(pk=article.pk) for _ in range(2)]

    def approve(copy: Article, reader: str) -> Callable[[], object]:
        version = copy.version
        return lambda: services.pass_reading(copy, user=staff[reader], at=now, version=version)

    outcomes = at_once(approve(stale[0], "head"), approve(stale[1], "chief"))
    told = [outcome for outcome in outcomes if isinstance(outcome, Conflict)]
    assert len(told) == 1
    assert "待终审" in str(told[0])
    article.refresh_from_db()
    assert article.state == State.FINAL_READING
    assert Reading.objects.count() == 1


@pytest.mark.django_db
def test_the_second_of_two_stale_approvals_is_told(staff, now):
    """The same rule without threads, on every database: the UPDATE holds state and version."""
    article = factories.make_in("second_reading", staff["correspondent"], now)
    mine, theirs = (Article.objects.get(pk=article.pk) for _ in range(2))
    services.pass_reading(mine, user=staff["head"], at=now, version=mine.version)
    with pytest.raises(Conflict, match="待终审"):
        services.pass_reading(theirs, user=staff["chief"], at=now, version=theirs.version)


@pytest.mark.django_db
def test_a_text_saved_in_between_stops_a_move_too(staff, now):
    """The state is the same, the text is not: the UPDATE compares the version as well."""
    article = factories.make_in("second_reading", staff["correspondent"], now)
    stale = Article.objects.get(pk=article.pk)
    Article.objects.filter(pk=article.pk).update(version=F("version") + 1)
    with pytest.raises(Conflict), transaction.atomic():
        machine.make_move(stale, "pass", State.FINAL_READING, user=staff["head"], at=now)


@ON_SERVER
def test_one_page_imported_twice_at_once(now):
    factories.make_paper()
    staff = factories.make_staff()
    stories = ingest.default_choice(ingest.read_page(PAGE))
    at_once(*[lambda: ingest.import_drafts(stories, user=staff["head"], at=now)] * 2)
    assert sorted(Article.objects.values_list("headline", flat=True)) == [
        "六座水闸换了电动机",
        "县图书馆夜里也开门",
    ]


@ON_SERVER
def test_an_issue_signed_twice_and_added_to_at_once(now):
    factories.make_paper()
    staff = factories.make_staff()
    issue = issues.plan_issue(
        date=timezone.localdate(now) + dt.timedelta(days=1),
        user=staff["chief"],
        pages=[(1, "要闻")],
    )
    first, late = (
        factories.make_in("approved", staff["reporter"], now, headline=headline)
        for headline in ("先上版的", "晚到的")
    )
    page = issue.pages.get()
    issues.place(first, page, user=staff["chief"], at=now)
    issues.close(issue, user=staff["chief"], at=now)
    version = issue.version

    def sign() -> object:
        return issues.sign(issue, user=staff["chief"], at=now, version=version)

    outcomes = at_once(sign, sign, lambda: issues.place(late, page, user=staff["chief"], at=now))
    issue.refresh_from_db()
    is_signed = issue.state == "signed"
    assert Edition.objects.count() == is_signed
    placed = set(page.placements.values_list("article__headline", flat=True))
    printed = set(Story.objects.values_list("headline", flat=True))
    assert printed == (placed if is_signed else set()), outcomes

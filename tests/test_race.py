"""Rule: of two stale approvals at once one wins and the other is told (PostgreSQL)."""

from __future__ import annotations

import threading

import pytest
from django.db import connection, connections, transaction
from django.db.models import F

from articles import services
from articles.errors import Conflict
from articles.models import Article, Reading
from articles.services import machine
from articles.states import State

from . import factories

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


@pytest.mark.skipif("sqlite" in connection.vendor, reason="SQLite writes one after the other")
def test_two_approvals_at_once(now):
    factories.make_paper()
    staff = factories.make_staff()
    article = factories.make_in("second_reading", staff["correspondent"], now)
    stale = [Article.objects.get(pk=article.pk) for _ in range(2)]
    start = threading.Barrier(2)
    outcomes: list[object] = []

    def approve(copy: Article, reader: str) -> None:
        start.wait()
        try:
            services.pass_reading(copy, user=staff[reader], at=now, version=copy.version)
            outcomes.append("passed")
        except Conflict as refusal:
            outcomes.append(refusal)
        finally:
            connections.close_all()

    threads = [
        threading.Thread(target=approve, args=pair)
        for pair in zip(stale, ("head", "chief"), strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes.count("passed") == 1
    told = next(str(outcome) for outcome in outcomes if outcome != "passed")
    assert "待终审" in told
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

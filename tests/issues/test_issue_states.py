"""Rule: queries and single issues agree on the standing of an issue at a time."""

from __future__ import annotations

import datetime as dt
import itertools

import pytest

from issues.models import Issue
from issues.standings import STANDINGS, is_near, standing_of

HOUR = dt.timedelta(hours=1)


@pytest.fixture
def issues(staff, now):
    """Return issues of each state, with cut-off and release before, at and after `now`."""
    found = []
    hours = list(itertools.product((-HOUR, 0 * HOUR, HOUR), repeat=2))
    for state, (cut, out) in itertools.product(Issue.State.values, hours):
        if cut > out:
            continue
        found.append(
            Issue.objects.create(
                date=now.date() + len(found) * dt.timedelta(days=1),
                number=len(found) + 1,
                state=state,
                cutoff_at=now + cut,
                release_at=now + out,
                signed_at=now,
                signed_by=staff["chief"],
            )
        )
    return found


@pytest.mark.parametrize("name", STANDINGS)
def test_a_query_and_an_issue_agree(issues, now, name):
    found = set(Issue.objects.standing(name, now))
    assert found == {issue for issue in issues if issue.standing(now)[0] == name}
    assert found


def test_an_issue_closes_at_its_cut_off_automatically(issues, now):
    closed = {issue for issue in issues if issue.is_closed(now)}
    assert closed == set(Issue.objects.standing("closed", now))
    for issue in issues:
        is_past = issue.cutoff_at <= now
        expected = issue.state == "closed" or (issue.state == "planning" and is_past)
        assert issue.is_closed(now) is expected
        if issue.state == "signed":
            assert standing_of(issue, now) == ("out" if issue.release_at <= now else "signed")


@pytest.mark.parametrize(("minutes", "near"), [(-5, True), (0, True), (59, True), (60, False)])
def test_the_last_hour_before_a_cut_off_is_near(now, minutes, near):
    assert is_near(now + dt.timedelta(minutes=minutes), now) is near

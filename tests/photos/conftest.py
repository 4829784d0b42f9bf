"""Fixtures of photos and pages."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from issues import services
from issues.models import Issue
from tests.helpers import factories

HOUR = dt.timedelta(hours=1)


@pytest.fixture
def issue(staff, now) -> Issue:
    """Return an issue of one page with a story, which is released when it is signed."""
    made = services.plan_issue(
        date=timezone.localdate(now),
        user=staff["chief"],
        pages=[(1, "要闻")],
        cutoff_at=now - 2 * HOUR,
        release_at=now - HOUR,
    )
    article = factories.make_in("approved", staff["reporter"], now, headline="水闸")
    services.place(article, made.pages.get(), user=staff["chief"], at=now)
    return made

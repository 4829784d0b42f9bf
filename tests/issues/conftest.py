"""Fixtures of issues."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from issues import services
from issues.models import Issue
from tests.helpers.planned_issues import HOUR, PAGES


@pytest.fixture
def issue(staff, now) -> Issue:
    """Return an issue of two pages with its cut-off in 6 hours and its release in 12."""
    return services.plan_issue(
        date=timezone.localdate(now) + dt.timedelta(days=1),
        user=staff["chief"],
        pages=PAGES,
        cutoff_at=now + 6 * HOUR,
        release_at=now + 12 * HOUR,
    )

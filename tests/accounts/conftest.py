"""Fixtures of logins."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.core.cache import cache
from django.utils import timezone


@pytest.fixture(autouse=True)
def _no_count_of_before(db):
    cache.clear()


@pytest.fixture
def clock(monkeypatch) -> Callable[[float], None]:
    """Freeze the time for all code that uses Django's clock, and advance it on demand."""
    now = timezone.now()

    def forward(seconds: float) -> None:
        nonlocal now
        now += dt.timedelta(seconds=seconds)

    monkeypatch.setattr(timezone, "now", lambda: now)
    return forward

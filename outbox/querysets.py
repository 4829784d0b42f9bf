"""Queries of jobs by state: pending, due, done, given up."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from .models import Job  # noqa: F401 - named in a string below


class JobQuerySet(models.QuerySet["Job"]):
    """Queryset of jobs."""

    def pending(self) -> JobQuerySet:
        """Return jobs that are neither done nor given up."""
        return self.filter(done_at=None, given_up_at=None)

    def due(self, at: dt.datetime) -> JobQuerySet:
        """Return pending jobs that are due at `at` and that no process has claimed."""
        free = Q(claimed_until=None) | Q(claimed_until__lte=at)
        return self.pending().filter(free, due_at__lte=at)

    def given_up(self) -> JobQuerySet:
        """Return jobs that failed at every try."""
        return self.exclude(given_up_at=None)

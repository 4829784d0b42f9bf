"""Standing of an issue at a time: one table for database queries and single issues.

No worker closes an issue or releases it: the cut-off and release times are compared with the
current time.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

#: Time before its cut-off in which an issue is near it.
NEAR = dt.timedelta(hours=1)


def has_passed(hour: dt.datetime, at: dt.datetime) -> bool:
    """Return whether `hour`, a cut-off or release, has passed at `at`, the exact time included."""
    return hour <= at


def is_near(cutoff: dt.datetime, at: dt.datetime) -> bool:
    """Return whether `cutoff` is less than `NEAR` after `at`, or has passed."""
    return cutoff < at + NEAR


@dataclass(frozen=True, slots=True)
class Clause:
    """One condition of a standing: a stored state and optionally whether an hour has passed."""

    state: str
    hour: str = ""
    is_past: bool = False

    def holds(self, issue: Any, at: dt.datetime) -> bool:
        """Return whether the clause holds for `issue` at `at`."""
        if issue.state != self.state:
            return False
        return not self.hour or has_passed(getattr(issue, self.hour), at) == self.is_past

    def as_q(self, at: dt.datetime) -> Q:
        """Return the clause as a query condition."""
        state = Q(state=self.state)
        if not self.hour:
            return state
        return state & Q(**{f"{self.hour}__{'lte' if self.is_past else 'gt'}": at})


#: After its cut-off an issue is closed; after its release a signed one is "out".
STANDINGS: Mapping[str, tuple[Clause, ...]] = {
    "planning": (Clause("planning", "cutoff_at", is_past=False),),
    "closed": (Clause("closed"), Clause("planning", "cutoff_at", is_past=True)),
    "signed": (Clause("signed", "release_at", is_past=False),),
    "out": (Clause("signed", "release_at", is_past=True),),
}


def standing_of(issue: Any, at: dt.datetime) -> str:
    """Return the name of the standing of `issue` at `at`, a key of STANDINGS."""
    return next(
        name
        for name, clauses in STANDINGS.items()
        if any(clause.holds(issue, at) for clause in clauses)
    )


def standing_q(name: str, at: dt.datetime) -> Q:
    """Return the condition for issues whose standing is `name` at `at`. Raises KeyError."""
    first, *others = STANDINGS[name]
    found = first.as_q(at)
    for clause in others:
        found |= clause.as_q(at)
    return found

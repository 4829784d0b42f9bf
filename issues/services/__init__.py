"""Everything that writes issues: `planning`, `placing`, `signing`; `readiness`: what blocks."""

from .placing import PLACEABLE, place, renumber, unplace
from .planning import DEFAULT_PAGES, next_free_day, plan_issue
from .readiness import Blocker, blockers
from .rules import MAY, is_open_for, may_on_issues, sees_issues
from .signing import close, reopen, sign

__all__ = [
    "DEFAULT_PAGES",
    "MAY",
    "PLACEABLE",
    "Blocker",
    "blockers",
    "close",
    "is_open_for",
    "may_on_issues",
    "next_free_day",
    "place",
    "plan_issue",
    "renumber",
    "reopen",
    "sees_issues",
    "sign",
    "unplace",
]

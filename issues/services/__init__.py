"""Everything that writes issues: `planning`, `series`, `placing`, `signing`; see `readiness`."""

from .hours import may_set_hours, reschedule, set_hours
from .placing import PLACEABLE, carry_over, place, renumber, set_column, swap, unplace
from .planning import (
    DEFAULT_PAGES,
    PagePlan,
    last_like,
    next_free_day,
    next_number,
    next_year_number,
    pages_of,
    plan_issue,
    plan_of,
    series_of,
    set_pages,
)
from .readiness import Blocker, blockers, readiness
from .room import Room, room_of
from .rules import MAY, is_open_for, may_on_issues, sees_issues
from .series import Pattern, plan_ahead, save_series, weekday_name
from .sheets import (
    continue_on,
    mark_of,
    may_set_sheets,
    on_page,
    print_sheets,
    remove_image,
    set_areas,
    set_image,
    set_images,
)
from .signing import close, reopen, sign

__all__ = [
    "DEFAULT_PAGES",
    "MAY",
    "PLACEABLE",
    "Blocker",
    "PagePlan",
    "Pattern",
    "Room",
    "blockers",
    "carry_over",
    "close",
    "continue_on",
    "is_open_for",
    "last_like",
    "mark_of",
    "may_on_issues",
    "may_set_hours",
    "may_set_sheets",
    "next_free_day",
    "next_number",
    "next_year_number",
    "on_page",
    "pages_of",
    "place",
    "plan_ahead",
    "plan_issue",
    "plan_of",
    "print_sheets",
    "readiness",
    "remove_image",
    "renumber",
    "reopen",
    "reschedule",
    "room_of",
    "save_series",
    "sees_issues",
    "series_of",
    "set_areas",
    "set_column",
    "set_hours",
    "set_image",
    "set_images",
    "set_pages",
    "sign",
    "swap",
    "unplace",
    "weekday_name",
]

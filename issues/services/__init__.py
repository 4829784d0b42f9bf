"""Services that write issues: `planning`, `series`, `placing`, `signing`; see `readiness`."""

from .audit_log import is_duplicate_click
from .deadlines import may_set_deadlines, reschedule, set_deadlines
from .page_capacity import PageCapacity, capacity_of
from .page_images import (
    continue_on,
    may_set_page_images,
    page_image_version,
    publish_page_images,
    remove_image,
    set_areas,
    set_image,
    set_images,
    stories_on_page,
)
from .permissions import ACTION_CAPABILITIES, is_open_for, may_on_issues, sees_issues
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
from .readiness import IssueBlocker, blockers, readiness
from .series import SeriesPattern, plan_ahead, save_series, weekday_name
from .signing import close, reopen, sign
from .start_date import may_set_start_date, set_start_date

__all__ = [
    "ACTION_CAPABILITIES",
    "DEFAULT_PAGES",
    "PLACEABLE",
    "IssueBlocker",
    "PageCapacity",
    "PagePlan",
    "SeriesPattern",
    "blockers",
    "capacity_of",
    "carry_over",
    "close",
    "continue_on",
    "is_duplicate_click",
    "is_open_for",
    "last_like",
    "may_on_issues",
    "may_set_deadlines",
    "may_set_page_images",
    "may_set_start_date",
    "next_free_day",
    "next_number",
    "next_year_number",
    "page_image_version",
    "pages_of",
    "place",
    "plan_ahead",
    "plan_issue",
    "plan_of",
    "publish_page_images",
    "readiness",
    "remove_image",
    "renumber",
    "reopen",
    "reschedule",
    "save_series",
    "sees_issues",
    "series_of",
    "set_areas",
    "set_column",
    "set_deadlines",
    "set_image",
    "set_images",
    "set_pages",
    "set_start_date",
    "sign",
    "stories_on_page",
    "swap",
    "unplace",
    "weekday_name",
]

"""Times as pages show them, relative or exact, and conversion of local to aware datetimes."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

_MINUTE, _HOUR, _DAY = 60, 3600, 86400


def ago(at: dt.datetime, now: dt.datetime) -> str:
    """Return the time of `at` relative to `now`: 5 分钟前, 昨天 22:10, 10-18 08:30, 2021-10-18."""
    seconds = (now - at).total_seconds()
    local, today = timezone.localtime(at), timezone.localtime(now).date()
    if seconds < _MINUTE and at <= now:
        return _("just now")
    if 0 < seconds < _HOUR:
        return _("%(n)d min ago") % {"n": seconds // _MINUTE}
    if 0 < seconds < _DAY / 2 or local.date() == today:
        return _hours_ago(seconds, local)
    if local.date() == today - dt.timedelta(days=1):
        return _("yesterday %(time)s") % {"time": local.strftime("%H:%M")}
    return local.strftime("%m-%d %H:%M" if local.year == today.year else "%Y-%m-%d")


def _hours_ago(seconds: float, local: dt.datetime) -> str:
    if seconds < 0:
        return local.strftime("%H:%M")
    return _("%(n)d h ago") % {"n": seconds // _HOUR}


class NoSuchMoment(ValueError):
    """The local date and time are skipped or ambiguous; `str()` is a sentence for the user."""


def moment(day: dt.date, hour: dt.time) -> dt.datetime:
    """Return the aware datetime of the local `day` and `hour`.

    The time zone is the paper's (Asia/Shanghai), not the server's. Raises NoSuchMoment if the
    clocks were put forward over that hour, or back so that it came twice (in China in 1986-1991).
    """
    local = dt.datetime.combine(day, hour)
    first, second = (timezone.make_aware(local.replace(fold=fold)) for fold in (0, 1))
    values = {"time": f"{local:%Y-%m-%d %H:%M}"}
    if timezone.localtime(first.astimezone(dt.UTC)).replace(tzinfo=None) != local:
        raise NoSuchMoment(
            _("%(time)s does not exist: the clocks were put forward. Choose another time.") % values
        )
    if first.utcoffset() != second.utcoffset():
        raise NoSuchMoment(
            _("%(time)s is ambiguous: the clocks were put back. Choose another time.") % values
        )
    return first


def day_start(day: dt.date) -> dt.datetime:
    """Return the start of the local `day`."""
    return timezone.make_aware(dt.datetime.combine(day, dt.time()))


def day_bounds(day: dt.date) -> tuple[dt.datetime, dt.datetime]:
    """Return the start of the local `day`, and that of the next day."""
    return day_start(day), day_start(day + dt.timedelta(days=1))


def left(at: dt.datetime, now: dt.datetime) -> str:
    """Return the time left until `at`: 还有 2 小时 10 分钟, 还有 3 天, 已过 20 分钟."""
    seconds = (at - now).total_seconds()
    template = _("%(time)s left") if seconds >= 0 else _("%(time)s over")
    return template % {"time": _span(abs(seconds))}


def _span(seconds: float) -> str:
    if seconds >= 2 * _DAY:
        return _("%(n)d days") % {"n": seconds // _DAY}
    hours, minutes = divmod(int(seconds) // _MINUTE, 60)
    if hours >= 6 or (hours and not minutes):
        return _("%(n)d h") % {"n": hours}
    if hours:
        return _("%(n)d h %(m)d min") % {"n": hours, "m": minutes}
    return _("%(n)d min") % {"n": minutes}


def time_tag(at: dt.datetime, text: str) -> SafeString:
    """Return `text` as a <time> element with the exact time as its title."""
    exact = timezone.localtime(at).strftime("%Y-%m-%d %H:%M")
    return format_html('<time datetime="{}" title="{}">{}</time>', iso(at), exact, text)


@lru_cache(maxsize=4096)
def iso(at: dt.datetime) -> str:
    """Return a time in ISO 8601 and local time: 2026-01-31T06:00:00+08:00.

    HTML allows three digits of a second at most, so that microseconds are left out.
    """
    return at.astimezone(timezone.get_default_timezone()).isoformat(timespec="seconds")

"""How long ago, how long until: moments in words, as the desk shows them."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

_MINUTE, _HOUR, _DAY = 60, 3600, 86400


def ago(at: dt.datetime, now: dt.datetime) -> str:
    """Return when `at` was, seen from `now`: 5 分钟前, 昨天 22:10, 10-18 08:30, 2021-10-18."""
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
    """A local day and hour that no clock shows, or shows twice; says so in words."""


def moment(day: dt.date, hour: dt.time) -> dt.datetime:
    """Return the moment at which the paper's clocks show `day` and `hour`.

    The time zone is the paper's (Asia/Shanghai), whatever the server's. Raises NoSuchMoment where
    clocks were put forward over that hour, or back so that it came twice (in China in 1986-1991).
    """
    local = dt.datetime.combine(day, hour)
    first, second = (timezone.make_aware(local.replace(fold=fold)) for fold in (0, 1))
    said = {"time": f"{local:%Y-%m-%d %H:%M}"}
    if timezone.localtime(first.astimezone(dt.UTC)).replace(tzinfo=None) != local:
        raise NoSuchMoment(
            _("There was no %(time)s: the clocks were put forward. Choose another time.") % said
        )
    if first.utcoffset() != second.utcoffset():
        raise NoSuchMoment(
            _("%(time)s came twice: the clocks were put back. Choose another time.") % said
        )
    return first


def day_start(day: dt.date) -> dt.datetime:
    """Return the first moment of `day` by the paper's clocks."""
    return timezone.make_aware(dt.datetime.combine(day, dt.time()))


def day_bounds(day: dt.date) -> tuple[dt.datetime, dt.datetime]:
    """Return the first moment of `day` by the paper's clocks, and the first of the day after."""
    return day_start(day), day_start(day + dt.timedelta(days=1))


def left(at: dt.datetime, now: dt.datetime) -> str:
    """Return how long it is until `at`: 还有 2 小时 10 分钟, 还有 3 天, 已过 20 分钟."""
    seconds = (at - now).total_seconds()
    words = _("%(time)s left") if seconds >= 0 else _("%(time)s over")
    return words % {"time": _span(abs(seconds))}


def _span(seconds: float) -> str:
    if seconds >= 2 * _DAY:
        return _("%(n)d days") % {"n": seconds // _DAY}
    hours, minutes = divmod(int(seconds) // _MINUTE, 60)
    if hours >= 6 or (hours and not minutes):
        return _("%(n)d h") % {"n": hours}
    if hours:
        return _("%(n)d h %(m)d min") % {"n": hours, "m": minutes}
    return _("%(n)d min") % {"n": minutes}


def time_tag(at: dt.datetime, words: str) -> SafeString:
    """Return `words` as a <time> element with the exact moment on hover."""
    local = timezone.localtime(at)
    exact = local.strftime("%Y-%m-%d %H:%M")
    return format_html('<time datetime="{}" title="{}">{}</time>', local.isoformat(), exact, words)

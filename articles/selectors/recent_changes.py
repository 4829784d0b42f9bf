"""Messages about what happened to an article since a user last saw it."""

from __future__ import annotations

import datetime as dt

from django.contrib.auth.models import User
from django.utils import timezone
from django.utils.translation import gettext as _

from bylines.services import display_name

from ..models import Article, LogEntry, Revision
from ..workflow.transitions import TRANSITIONS, entry_label

#: Maximum number of events in a message; older ones are left out.
MAX_EVENTS = 4


def transition_label(name: str) -> str:
    """Return the label of a transition in the log, such as 通过."""
    return str(TRANSITIONS[name].label).rstrip("…") if name in TRANSITIONS else entry_label(name)


def conflict_message(article: Article, at: dt.datetime, known: int | None = None) -> str:
    """Return the message that explains why a transition on `article` is refused.

    `known` is the version that the user decided on: the message lists all later transitions and
    saves with user and time. Without `known` it names the last transition.
    """
    fresh = Article.objects.select_related("story", "taken_by").filter(pk=article.pk).first()
    if fresh is None:
        return _("The article has just been deleted.")
    now = _("You cannot do this now: the article is in the state “%(state)s”.") % {
        "state": fresh.status(at).label
    }
    events = changes_since(fresh, known) if known is not None else []
    if events:
        return f"{now} " + _("Recent changes: %(events)s.") % {"events": "；".join(events)}
    last = fresh.log.select_related("by").last()
    if last is None:
        return now
    return f"{now} " + _("Latest change: %(event)s.") % {"event": _event_message(last)}


def changes_since(article: Article, known: int) -> list[str]:
    """Return who did what and when since version `known`, oldest first, at most `MAX_EVENTS`."""
    transitions = article.log.filter(version__gt=known).select_related("by")
    saves = article.revisions.filter(is_side=False, base_version__gt=known)
    events: list[LogEntry | Revision] = [
        *transitions.defer("revision__content"),
        *saves.select_related("saved_by").defer("content"),
    ]
    events.sort(
        key=lambda event: event.version if isinstance(event, LogEntry) else event.base_version
    )
    return [_event_message(event) for event in events[-MAX_EVENTS:]]


def _event_message(event: LogEntry | Revision) -> str:
    if isinstance(event, LogEntry):
        what, who, at = transition_label(event.transition), event.by, event.at
    else:
        what = _("saved revision %(n)d") % {"n": event.number}
        who, at = event.saved_by, event.saved_at
    time = timezone.localtime(at).strftime("%m-%d %H:%M")
    return f"{time} {display_name(who) or _('the system')} {what}"


def is_duplicate_click(pk: int, transition: str, user: User, known: int) -> LogEntry | None:
    """Return the log entry of this transition if `user` has just made it, else None.

    The second request of a double click then shows the result of the first. `known` is the version
    that the user saw; the save and the transition of the first click raise it by two at most.
    """
    last = LogEntry.objects.filter(article=pk).select_related("by").order_by("-id").first()
    if last is None or last.transition != transition or last.by_id != user.pk:
        return None
    now = Article.objects.filter(pk=pk).values_list("version", flat=True).first()
    return last if now == last.version and known < last.version <= known + 2 else None

"""What happened to an article since a person last looked: in words, for who is refused."""

from __future__ import annotations

import datetime as dt

from django.contrib.auth.models import User
from django.utils import timezone
from django.utils.translation import gettext as _

from bylines.services import display_name

from ..models import Article, LogEntry, Revision
from ..workflow import MOVES

#: So many events are told one by one; of a longer list the newest.
TOLD = 4


def move_label(name: str) -> str:
    """Return the words for a move in the log, such as 通过."""
    return str(MOVES[name].label).rstrip("…") if name in MOVES else _("import")


def meanwhile(article: Article, at: dt.datetime, known: int | None = None) -> str:
    """Return the sentence that says why a move on `article` is refused.

    `known` is the version that the person decided on: all that was moved and saved since is told,
    with who and when. Without it, the last move.
    """
    fresh = Article.objects.select_related("story", "taken_by").filter(pk=article.pk).first()
    if fresh is None:
        return _("The article was deleted meanwhile.")
    now = _("This cannot be done now: the article is in the state “%(state)s”.") % {
        "state": fresh.status(at).label
    }
    events = since(fresh, known) if known is not None else []
    if events:
        return f"{now} " + _("Meanwhile: %(events)s.") % {"events": "；".join(events)}
    last = fresh.log.select_related("by").last()
    if last is None:
        return now
    return f"{now} " + _("Last: %(event)s.") % {"event": _told(last)}


def since(article: Article, known: int) -> list[str]:
    """Return who did what and when since version `known`, oldest first, the last `TOLD`."""
    moves = article.log.filter(version__gt=known).select_related("by")
    saves = article.revisions.filter(is_side=False, base_version__gt=known)
    events: list[LogEntry | Revision] = [
        *moves.defer("revision__content"),
        *saves.select_related("saved_by").defer("content"),
    ]
    events.sort(
        key=lambda event: event.version if isinstance(event, LogEntry) else event.base_version
    )
    return [_told(event) for event in events[-TOLD:]]


def _told(event: LogEntry | Revision) -> str:
    if isinstance(event, LogEntry):
        what, who, at = move_label(event.move), event.by, event.at
    else:
        what = _("saved revision %(n)d") % {"n": event.number}
        who, at = event.saved_by, event.saved_at
    time = timezone.localtime(at).strftime("%m-%d %H:%M")
    return f"{time} {display_name(who) or _('the system')} {what}"


def did_already(pk: int, move: str, user: User, known: int) -> LogEntry | None:
    """Return the log entry of this very move by this person, if it is the last thing that happened.

    So a double click is told what the first one did. `known` is the version that the person saw;
    the text that the first click saved and its move are two steps at most.
    """
    last = LogEntry.objects.filter(article=pk).select_related("by").order_by("-id").first()
    if last is None or last.move != move or last.by_id != user.pk:
        return None
    now = Article.objects.filter(pk=pk).values_list("version", flat=True).first()
    return last if now == last.version and known < last.version <= known + 2 else None

"""Who is told of a move: the author where his article stands, the readers what waits for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Q, QuerySet

from bylines.services import display_name
from notices.models import Event
from notices.services import Telling, settle, tell, tell_all

from ..models import Article, Byline, LogEntry
from ..states import READINGS, State
from ..workflow import READERS, Role

#: What the authors are told of a move; a pass and a release are told by what they lead to.
_TO_AUTHORS = {
    "take": (Event.TAKEN, "taken"),
    "return": (Event.RETURNED, "returned"),
    "spike": (Event.RETURNED, "spiked"),
    "restore": (Event.RETURNED, "restored"),
    "withdraw": (Event.WITHDRAWN, "withdrawn"),
}


def tell_of(article: Article, entry: LogEntry, details: Mapping[str, Any]) -> None:
    """Tell of the move that `entry` logs; `details` are further values of the sentence.

    Nobody is told of what he did himself.
    """
    event, message = _TO_AUTHORS.get(entry.move) or _of_progress(article, entry)
    if entry.move == "spike" and article.story_id:
        message = "dropped"
    if entry.from_state in READINGS and entry.move not in {"take", "leave"}:
        # What waited for them waits no more.
        settle(Event.RECEIVED, _url(article), at=entry.at)
    data = _data(entry, details)
    if event is not None:
        _tell(_authors(article), event, message, article, entry, data)
    if entry.to_state in READINGS and entry.move in {"submit", "pass", "correct"}:
        message = "correction" if article.story_id else "received"
        data = {**data, "reading": entry.to_state}
        _tell(_readers(article, entry), Event.RECEIVED, message, article, entry, data)
    if entry.move == "withdraw":
        _tell(_heads(), Event.WITHDRAWN, "withdrawn", article, entry, data)


def tell_released(entries: Sequence[LogEntry], details: Sequence[Mapping[str, Any]]) -> None:
    """Tell the authors of what `entries` released, in a fixed number of queries.

    `details` says for each when and, where it stands in an issue, its number and page.
    """
    authors = _authors_of([entry.article for entry in entries])
    tellings = [
        Telling(
            [user for user in authors[entry.article_id] if user.pk != entry.by_id],
            Event.PRINTED,
            "placed" if "page" in more else "printed",
            f"article:{entry.article_id}:log:{entry.pk}",
            _data(entry, more),
            _url(entry.article),
        )
        for entry, more in zip(entries, details, strict=True)
    ]
    if entries:
        tell_all(tellings, at=entries[0].at)


def _authors_of(articles: Sequence[Article]) -> dict[int, list[User]]:
    """Return who wrote each article, by its id: who made it and the logins of its byline."""
    ids = {one.pk: {one.created_by_id} if one.created_by_id else set() for one in articles}
    signed = Byline.objects.filter(article__in=ids).exclude(contributor__user=None)
    for article_id, user_id in signed.values_list("article", "contributor__user"):
        ids[article_id].add(user_id)
    users = User.objects.in_bulk({pk for found in ids.values() for pk in found})
    return {key: [users[pk] for pk in sorted(found)] for key, found in ids.items()}


def _data(entry: LogEntry, details: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "title": entry.article.title,
        "by": display_name(entry.by),
        "note": entry.note,
        "reading": entry.from_state,
        **details,
    }


def _of_progress(article: Article, entry: LogEntry) -> tuple[Event | None, str]:
    if entry.move != "pass":
        return None, ""
    if entry.to_state != State.APPROVED:
        return Event.PASSED, "passed"
    return (Event.PRINTED, "corrected") if article.story_id else (Event.PASSED, "approved")


def _tell(
    people: QuerySet[User],
    event: Event,
    message: str,
    article: Article,
    entry: LogEntry,
    data: Mapping[str, Any],
) -> None:
    others = people.filter(is_active=True).exclude(pk=entry.by_id or 0).distinct()
    # Taken, left and taken again in one reading is told once.
    once = f"round:{article.round}:{entry.to_state}" if entry.move == "take" else f"log:{entry.pk}"
    key = f"article:{article.pk}:{once}"
    tell(others, event, message, key=key, data=data, url=_url(article), at=entry.at)


def _url(article: Article) -> str:
    return f"/desk/articles/article/{article.pk}/change/"


def _authors(article: Article) -> QuerySet[User]:
    signs = Q(contributor__bylines__article=article)
    return User.objects.filter(Q(pk=article.created_by_id or 0) | signs)


def _readers(article: Article, entry: LogEntry) -> QuerySet[User]:
    """Return who may pass the reading that `article` waits for, without its authors."""
    roles = READERS[State(entry.to_state)]
    of_section = Q(groups__name=Role.EDITOR, sections=article.section_id or 0)
    able = Q(groups__name__in=roles - {Role.EDITOR})
    if Role.EDITOR in roles:
        able |= of_section
    return User.objects.filter(able).exclude(pk__in=_authors(article).values("pk"))


def _heads() -> QuerySet[User]:
    return User.objects.filter(groups__name__in=[Role.HEAD, Role.CHIEF])

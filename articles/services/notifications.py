"""Notifications of transitions: progress for authors, pending reviews for reviewers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from bylines.services import display_name
from notifications.models import NotificationEvent
from notifications.services import PendingNotification, mark_resolved, notify, notify_all
from paper.permissions import Capability, people_who_may

from ..models import Article, Byline, LogEntry
from ..querysets import signers_of
from ..workflow.states import REVIEWS, State
from ..workflow.transitions import REVIEWERS, Role

#: Events for the authors by transition; approve and release depend on the resulting state.
_AUTHOR_EVENTS = {
    "take": (NotificationEvent.TAKEN, "taken"),
    "return": (NotificationEvent.RETURNED, "returned"),
    "spike": (NotificationEvent.RETURNED, "spiked"),
    "restore": (NotificationEvent.RETURNED, "restored"),
    "withdraw": (NotificationEvent.WITHDRAWN, "withdrawn"),
}


def notify_transition(article: Article, entry: LogEntry) -> None:
    """Send the notifications of the transition that `entry` logs, except to its own user."""
    event, message = _AUTHOR_EVENTS.get(entry.transition) or _of_progress(article, entry)
    if entry.transition == "spike" and article.story_id:
        message = "dropped"
    if entry.from_state in REVIEWS and entry.transition not in {"take", "leave"}:
        # The review that the reviewers were notified of is over.
        mark_resolved(NotificationEvent.RECEIVED, _url(article), at=entry.at)
    data = _data(entry, {})
    if event is not None:
        _notify(_authors(article), event, message, article, entry, data)
    if entry.to_state in REVIEWS and entry.transition in {"submit", "approve", "correct"}:
        message = "correction" if article.story_id else "received"
        data = {**data, "review": entry.to_state}
        _notify(_readers(article, entry), NotificationEvent.RECEIVED, message, article, entry, data)
    if entry.transition == "withdraw":
        _notify(
            people_who_may(Capability.OVERSEE_ARTICLES),
            NotificationEvent.WITHDRAWN,
            "withdrawn",
            article,
            entry,
            data,
        )


def notify_released(entries: Sequence[LogEntry], details: Sequence[Mapping[str, Any]]) -> None:
    """Notify the authors of the releases in `entries`, in a fixed number of queries.

    `details` has for each the time and, if it is placed in an issue, number and page.
    """
    authors = _authors_of([entry.article for entry in entries])
    tellings = [
        PendingNotification(
            [user for user in authors[entry.article_id] if user.pk != entry.by_id],
            NotificationEvent.PRINTED,
            "placed" if "page" in more else "printed",
            f"article:{entry.article_id}:log:{entry.pk}",
            _data(entry, more),
            _url(entry.article),
        )
        for entry, more in zip(entries, details, strict=True)
    ]
    if entries:
        notify_all(tellings, at=entries[0].at)


def _authors_of(articles: Sequence[Article]) -> dict[int, list[User]]:
    """Return the authors of each article by its id: its creator and the logins of its byline."""
    ids = {one.pk: {one.created_by_id} if one.created_by_id else set() for one in articles}
    login = Coalesce("contributor__user", "contributor__merged_into__user")
    signed = Byline.objects.filter(article__in=ids).annotate(login=login).exclude(login=None)
    for article_id, user_id in signed.values_list("article", "login"):
        ids[article_id].add(user_id)
    users = User.objects.in_bulk({pk for found in ids.values() for pk in found})
    return {key: [users[pk] for pk in sorted(found)] for key, found in ids.items()}


def _data(entry: LogEntry, details: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "title": entry.article.title,
        "by": display_name(entry.by),
        "note": entry.note,
        "review": entry.from_state,
        **details,
    }


def _of_progress(article: Article, entry: LogEntry) -> tuple[NotificationEvent | None, str]:
    if entry.transition != "approve":
        return None, ""
    if entry.to_state != State.APPROVED:
        return NotificationEvent.PASSED, "passed"
    return (
        (NotificationEvent.PRINTED, "corrected")
        if article.story_id
        else (NotificationEvent.PASSED, "approved")
    )


def _notify(
    people: QuerySet[User],
    event: NotificationEvent,
    message: str,
    article: Article,
    entry: LogEntry,
    data: Mapping[str, Any],
) -> None:
    others = people.filter(is_active=True).exclude(pk=entry.by_id or 0).distinct()
    # Take, leave and take again within one review cause a single notification.
    once = (
        f"round:{article.round}:{entry.to_state}"
        if entry.transition == "take"
        else f"log:{entry.pk}"
    )
    key = f"article:{article.pk}:{once}"
    notify(others, event, message, key=key, data=data, url=_url(article), at=entry.at)


def _url(article: Article) -> str:
    return f"/desk/articles/article/{article.pk}/change/"


def _authors(article: Article) -> QuerySet[User]:
    return User.objects.filter(Q(pk=article.created_by_id or 0) | Q(pk__in=signers_of(article)))


def _readers(article: Article, entry: LogEntry) -> QuerySet[User]:
    """Return the users who may approve the current review of `article`, without its authors."""
    roles = REVIEWERS[State(entry.to_state)]
    of_section = Q(groups__name=Role.EDITOR, sections=article.section_id or 0)
    able = Q(groups__name__in=roles - {Role.EDITOR})
    if Role.EDITOR in roles:
        able |= of_section
    return User.objects.filter(able).exclude(pk__in=_authors(article).values("pk"))

"""Comments (批注) on a paragraph of an article: add, reply, resolve, reopen, delete.

Users who may see the record of an article read and write them. No public page reads the table of
comments.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from bylines.services import display_name
from notifications.models import NotificationEvent
from notifications.services import notify
from paper.display_names import shown_names
from paper.permissions import Capability, may
from textkit.body import Body
from textkit.characters import clean_text
from textkit.comment_anchors import quote_of

from ..exceptions import Conflict, Forbidden, Hidden, Invalid
from ..models import Article, Comment
from ..querysets import commenters_of
from . import permissions
from .revisions import lock_article

MAX_TEXT = 1000
_MENTION = re.compile(r"(?<![A-Za-z0-9._+-])@(?=[\w])")
_LOGIN = re.compile(r"[\w.+-]{1,150}")
_ASCII_WORD = re.compile(r"[A-Za-z0-9_]")


def may_comment(article: Article, user: User, at: dt.datetime) -> bool:
    """Return whether `user` may read and write comments on `article`."""
    if not may(user, Capability.COMMENT):
        return False
    return permissions.may(article, "history", user, at) or permissions.can_edit(article, user, at)


def require_comment(article: Article, user: User, at: dt.datetime) -> None:
    """Raise Hidden or Forbidden where `user` may not read the comments on `article`."""
    if may_comment(article, user, at):
        return
    if not permissions.may(article, "view", user, at):
        raise Hidden(_("There is no such article."))
    raise Forbidden(_("Your role cannot comment on this article."))


@transaction.atomic
def add_comment(
    article: Article,
    *,
    text: str,
    user: User,
    at: dt.datetime,
    paragraph: int | None = None,
    revision: int | None = None,
    parent: int | None = None,
) -> Comment:
    """Add a comment and notify the users that it mentions with @.

    `paragraph` counts from 0 over the paragraphs of the revision with the number `revision` (the
    one that the user saw; None is the current text). Without `paragraph` the comment is on the
    whole article. `parent` is the id of the comment that it replies to. Raises Hidden, Forbidden,
    Conflict, Invalid.
    """
    require_comment(article, user, at)
    lock_article(article)
    clean = clean_text(text).strip()
    mentioned = _check(clean, commenters_of(article), at)
    comment = Comment(article=article, text=clean, by=user, at=at)
    if parent is not None:
        above = _lock(article, parent)
        comment.parent_id = above.parent_id or above.pk
        comment.revision_number = above.revision_number
    else:
        _anchor(comment, article, paragraph, revision)
    comment.save()
    comment.mentions.set(mentioned)
    _notify(comment, article, mentioned, user, at)
    if comment.parent_id:
        _notify_thread(comment, article, mentioned, at)
    return comment


def _anchor(
    comment: Comment, article: Article, paragraph: int | None, revision: int | None
) -> None:
    rows = article.revisions.filter(is_side=False).order_by("-number")
    read = rows.filter(number=revision).first() if revision else rows.first()
    body = read.content["body"] if read else article.body
    newest = rows.values_list("number", flat=True).first()
    comment.revision_number = read.number if read else (newest or 0)
    if paragraph is None:
        return
    paragraphs = Body(body).paragraphs
    if not 0 <= paragraph < len(paragraphs):
        raise Invalid([_("This paragraph no longer exists. Choose another one, or none.")])
    comment.paragraph, comment.quote = paragraph, quote_of(paragraphs[paragraph])


def _check(text: str, people: Iterable[User], at: dt.datetime) -> list[User]:
    """Return the mentioned users. Raises Invalid for an empty or too long text or unknown names."""
    if not text:
        raise Invalid([_("The comment is empty. Write a few words.")])
    if len(text) > MAX_TEXT:
        raise Invalid([_("A comment can have at most 1,000 characters. Please shorten it.")])
    found, unknown = mentions(text, people)
    if unknown:
        raise Invalid(
            [
                _(
                    "Nobody named “%(name)s” can see the record of this article. Correct the "
                    "name or remove the @."
                )
                % {"name": name}
                for name in unknown
            ]
        )
    return found


def mentions(text: str, people: Iterable[User]) -> tuple[list[User], list[str]]:
    """Return those of `people` that a text mentions by @ and name, and the unknown names.

    The longest matching name wins, so that text may follow without a blank: @罗春生请看. A login
    name is accepted too.
    """
    people, names = list(people), dict[str, list[User]]()
    shown = shown_names(people)
    for person in people:
        called = {person.get_username(), display_name(person), shown[person.pk]}
        for name in {name.casefold() for name in called}:
            names.setdefault(name, []).append(person)
    found: dict[int, User] = {}
    unknown: dict[str, None] = {}
    for match in _MENTION.finditer(text):
        rest = text[match.end() :]
        name = _longest(names, rest.casefold())
        if name:
            found |= {person.pk: person for person in names[name]}
        elif token := _LOGIN.match(rest):
            unknown[token[0][:30]] = None
    return list(found.values()), list(unknown)


def _longest(names: Mapping[str, object], rest: str) -> str:
    """Return the longest of `names` that `rest` begins with, ignoring parts of longer logins."""
    fitting = [
        name
        for name in names
        if rest.startswith(name)
        and not (_ASCII_WORD.match(name[-1]) and _ASCII_WORD.match(rest[len(name) :]))
    ]
    return max(fitting, key=len, default="")


def _notify_thread(
    comment: Comment, article: Article, mentioned: Iterable[User], at: dt.datetime
) -> None:
    """Notify the author of the parent comment and of its replies, except mentioned users."""
    above = comment.parent_id
    thread = Comment.objects.filter(Q(pk=above) | Q(parent=above))
    people = commenters_of(article).filter(pk__in=thread.values("by"))
    others = people.exclude(pk__in=[one.pk for one in mentioned])
    _notify(comment, article, others, comment.by, at, "answered")


def _notify(
    comment: Comment,
    article: Article,
    people: Iterable[User],
    user: User,
    at: dt.datetime,
    message: str = "mentioned",
) -> None:
    notify(
        [person for person in people if person.pk != user.pk],
        NotificationEvent.MENTIONED,
        message,
        key=f"comment:{comment.pk}",
        data={"title": article.title, "by": display_name(user), "note": comment.text},
        url=f"/desk/articles/article/{article.pk}/change/#comment-{comment.pk}",
        at=at,
    )


def _lock(article: Article, pk: int) -> Comment:
    """Return a comment on `article`, locked until the transaction ends. Raises Conflict."""
    found = Comment.objects.select_for_update().filter(article=article, pk=pk).first()
    if found is None:
        raise Conflict(_("This comment has just been deleted."))
    return found


@transaction.atomic
def resolve_comment(article: Article, pk: int, *, user: User, at: dt.datetime) -> Comment:
    """Mark a comment as resolved. Raises Hidden, Forbidden, Conflict."""
    require_comment(article, user, at)
    comment = _lock(article, pk)
    if comment.resolved_at is not None:
        raise Conflict(_("This comment is already resolved."))
    comment.resolved_at, comment.resolved_by = at, user
    comment.save(update_fields=["resolved_at", "resolved_by"])
    return comment


@transaction.atomic
def reopen_comment(article: Article, pk: int, *, user: User, at: dt.datetime) -> Comment:
    """Reopen a resolved comment. Raises Hidden, Forbidden, Conflict."""
    require_comment(article, user, at)
    comment = _lock(article, pk)
    if comment.resolved_at is None:
        raise Conflict(_("This comment is already open."))
    comment.resolved_at = comment.resolved_by = None
    comment.save(update_fields=["resolved_at", "resolved_by"])
    return comment


@transaction.atomic
def delete_comment(article: Article, pk: int, *, user: User, at: dt.datetime) -> None:
    """Delete the user's own comment if it has no replies. Raises Hidden, Forbidden, Conflict."""
    require_comment(article, user, at)
    comment = _lock(article, pk)
    if comment.by_id != user.pk:
        raise Forbidden(_("This is somebody else's comment."))
    if comment.replies.exists():
        raise Conflict(_("This comment has a reply and cannot be deleted."))
    comment.delete()

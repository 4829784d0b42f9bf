"""Comments (批注) on a paragraph of an article: write, answer, settle, take back.

Who may see the record of an article reads and writes them. They stand beside the article in tables
that nothing of the press reads.
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
from notices.models import Event
from notices.services import tell
from textkit import html
from textkit.anchors import quote_of

from ..errors import Conflict, Forbidden, Hidden, Invalid
from ..models import Article, Comment
from ..querysets import people_of_record
from . import rules
from .revisions import hold

MAX_TEXT = 1000
_MENTION = re.compile(r"(?<![A-Za-z0-9._+-])@(?=[\w])")
_LOGIN = re.compile(r"[\w.+-]{1,150}")
_ASCII_WORD = re.compile(r"[A-Za-z0-9_]")


def may_comment(article: Article, user: User, at: dt.datetime) -> bool:
    """Return whether `user` reads and writes the comments on `article`."""
    return rules.may(article, "history", user, at) or rules.can_edit(article, user, at)


def require_comment(article: Article, user: User, at: dt.datetime) -> None:
    """Raise Hidden or Forbidden where `user` does not read the comments on `article`."""
    if may_comment(article, user, at):
        return
    if not rules.may(article, "view", user, at):
        raise Hidden(_("There is no such article."))
    raise Forbidden(_("Your role does not comment on this article."))


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
    """Write a comment and tell whom it mentions with @.

    `paragraph` counts from 0 over the paragraphs of the revision with the number `revision` (the
    one that was read; None is the article as it stands); without it the comment is on the whole.
    `parent` is the id of the comment that it answers. Raises Hidden, Forbidden, Conflict, Invalid.
    """
    require_comment(article, user, at)
    hold(article)
    clean = text.replace("\r\n", "\n").strip()
    mentioned = _check(clean, people_of_record(article), at)
    comment = Comment(article=article, text=clean, by=user, at=at)
    if parent is not None:
        above = _lock(article, parent)
        comment.parent_id = above.parent_id or above.pk
        comment.revision_number = above.revision_number
    else:
        _anchor(comment, article, paragraph, revision)
    comment.save()
    comment.mentions.set(mentioned)
    _tell(comment, article, mentioned, user, at)
    if comment.parent_id:
        _tell_thread(comment, article, mentioned, at)
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
    paragraphs = html.to_paragraphs(body)
    if not 0 <= paragraph < len(paragraphs):
        raise Invalid([_("This paragraph is not there any more. Choose another, or none.")])
    comment.paragraph, comment.quote = paragraph, quote_of(paragraphs[paragraph])


def _check(text: str, people: Iterable[User], at: dt.datetime) -> list[User]:
    """Return whom `text` mentions. Raises Invalid where it is empty, too long, or names nobody."""
    if not text:
        raise Invalid([_("The comment is empty.")])
    if len(text) > MAX_TEXT:
        raise Invalid([_("A comment has 1,000 characters at most. Please shorten it.")])
    found, unknown = mentions(text, people)
    if unknown:
        raise Invalid(
            [
                _("Nobody called “%(name)s” sees the record of this article.") % {"name": name}
                for name in unknown
            ]
        )
    return found


def mentions(text: str, people: Iterable[User]) -> tuple[list[User], list[str]]:
    """Return whom of `people` a text mentions by @ and login or name, and the names that are none.

    The longest name that fits is meant, so that text may follow without a blank: @罗春生请看.
    """
    names: dict[str, list[User]] = {}
    for person in people:
        for name in {person.get_username().casefold(), display_name(person).casefold()}:
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
    """Return the longest of `names` that `rest` begins with, none cut out of a longer login."""
    fitting = [
        name
        for name in names
        if rest.startswith(name)
        and not (_ASCII_WORD.match(name[-1]) and _ASCII_WORD.match(rest[len(name) :]))
    ]
    return max(fitting, key=len, default="")


def _tell_thread(comment: Comment, article: Article, told: Iterable[User], at: dt.datetime) -> None:
    """Tell who wrote what is answered, and who answered before; not who was mentioned by name."""
    above = comment.parent_id
    thread = Comment.objects.filter(Q(pk=above) | Q(parent=above))
    people = people_of_record(article).filter(pk__in=thread.values("by"))
    others = people.exclude(pk__in=[one.pk for one in told])
    _tell(comment, article, others, comment.by, at, "answered")


def _tell(
    comment: Comment,
    article: Article,
    people: Iterable[User],
    user: User,
    at: dt.datetime,
    message: str = "mentioned",
) -> None:
    tell(
        [person for person in people if person.pk != user.pk],
        Event.MENTIONED,
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
        raise Conflict(_("This comment has been taken back meanwhile."))
    return found


@transaction.atomic
def settle(article: Article, pk: int, *, user: User, at: dt.datetime) -> Comment:
    """Mark a comment as settled. Raises Hidden, Forbidden, Conflict."""
    require_comment(article, user, at)
    comment = _lock(article, pk)
    if comment.resolved_at is not None:
        raise Conflict(_("This comment is settled already."))
    comment.resolved_at, comment.resolved_by = at, user
    comment.save(update_fields=["resolved_at", "resolved_by"])
    return comment


@transaction.atomic
def reopen(article: Article, pk: int, *, user: User, at: dt.datetime) -> Comment:
    """Open a settled comment again. Raises Hidden, Forbidden, Conflict."""
    require_comment(article, user, at)
    comment = _lock(article, pk)
    if comment.resolved_at is None:
        raise Conflict(_("This comment is open already."))
    comment.resolved_at = comment.resolved_by = None
    comment.save(update_fields=["resolved_at", "resolved_by"])
    return comment


@transaction.atomic
def take_back(article: Article, pk: int, *, user: User, at: dt.datetime) -> None:
    """Delete one's own comment that nobody has answered. Raises Hidden, Forbidden, Conflict."""
    require_comment(article, user, at)
    comment = _lock(article, pk)
    if comment.by_id != user.pk:
        raise Forbidden(_("This is somebody else's comment."))
    if comment.replies.exists():
        raise Conflict(_("Somebody has answered this comment: it stays."))
    comment.delete()

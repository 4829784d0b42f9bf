"""Text of an article, annotated with comments and proofing findings per paragraph."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.utils.safestring import SafeString, mark_safe

from proofing.rules import Finding
from textkit import comment_anchors
from textkit.body import Body
from textkit.truncate import excerpt

from ..models import Article, Comment, Revision
from ..services import validation
from .body_html import body_html

#: Length of the excerpt that names a paragraph in the choice of paragraphs, in 字.
NAMED = 22
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class CommentThread:
    """A comment with its replies; `paragraph` is its current paragraph, None without one."""

    comment: Comment
    replies: Sequence[Comment]
    paragraph: int | None

    @property
    def is_resolved(self) -> bool:
        """Return whether the comment is resolved."""
        return self.comment.resolved_at is not None

    @property
    def is_lost(self) -> bool:
        """Return whether the paragraph of the comment no longer exists."""
        return self.comment.paragraph is not None and self.paragraph is None


@dataclass(frozen=True, slots=True)
class AnnotatedBlock:
    """A block of the text with its comments and findings."""

    text: SafeString
    first: int
    count: int
    threads: Sequence[CommentThread]
    findings: Sequence[Finding]


def threads_of(article: Article, paragraphs: Sequence[str]) -> list[CommentThread]:
    """Return the comments on `article` with their replies and current paragraphs."""
    rows = list(article.comments.select_related("by", "resolved_by"))
    replies: dict[int, list[Comment]] = {}
    for row in rows:
        if row.parent_id:
            replies.setdefault(row.parent_id, []).append(row)
    return [
        CommentThread(
            row,
            replies.get(row.pk, []),
            None
            if row.paragraph is None
            else comment_anchors.find_anchor(row.quote, row.paragraph, paragraphs),
        )
        for row in rows
        if row.parent_id is None
    ]


def context(
    article: Article, findings: Sequence[Finding], newest: Revision | None
) -> dict[str, Any]:
    """Return the template context for comments; `newest` is the revision on the screen."""
    paragraphs = article.body.paragraphs
    threads = threads_of(article, paragraphs)
    return {
        "may_comment": True,
        "threads": threads,
        "unanchored_threads": [thread for thread in threads if thread.paragraph is None],
        "open_comments": sum(not thread.is_resolved for thread in threads),
        "annotated_blocks": _annotate(article, threads, findings),
        "paragraphs": [(n, excerpt(text, NAMED)) for n, text in enumerate(paragraphs)],
        "read_revision": newest.number if newest else None,
    }


def _annotate(
    article: Article, threads: Sequence[CommentThread], findings: Sequence[Finding]
) -> list[AnnotatedBlock]:
    """Return the text block by block, each with its comments and proofing findings."""
    by_thread = _by_paragraph((thread.paragraph, thread) for thread in threads)
    by_finding = _by_paragraph((one.paragraph - validation.HEADING_LINES, one) for one in findings)
    return [
        AnnotatedBlock(
            mark_safe(block.html),  # noqa: S308 - a body is safe to output
            block.first,
            block.count,
            [one for n in block.paragraphs for one in by_thread.get(n, ())],
            [one for n in block.paragraphs for one in by_finding.get(n, ())],
        )
        for block in comment_anchors.anchored(Body(body_html(article)))
    ]


def _by_paragraph(rows: Iterable[tuple[int | None, T]]) -> dict[int | None, list[T]]:
    """Return the values grouped by paragraph number."""
    found: dict[int | None, list[T]] = {}
    for number, one in rows:
        found.setdefault(number, []).append(one)
    return found

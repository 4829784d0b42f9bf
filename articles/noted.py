"""What stands beside which paragraph of an article: comments and proofing findings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from proofing.rules import Finding
from textkit import anchors, html
from textkit.cut import excerpt

from .models import Article, Comment, Revision
from .pictures import body_html
from .services import rules

#: So much of a paragraph names it in the choice of paragraphs, in 字.
NAMED = 22


@dataclass(frozen=True, slots=True)
class Thread:
    """A comment with its answers; `paragraph` is where it stands in the text now, if it does."""

    comment: Comment
    replies: Sequence[Comment]
    paragraph: int | None

    @property
    def is_settled(self) -> bool:
        """Return whether somebody has settled it."""
        return self.comment.resolved_at is not None

    @property
    def is_lost(self) -> bool:
        """Return whether the paragraph that it was made on is no longer there."""
        return self.comment.paragraph is not None and self.paragraph is None


@dataclass(frozen=True, slots=True)
class NotedBlock:
    """A block of the text with what stands beside it."""

    text: SafeString
    first: int
    count: int
    threads: Sequence[Thread]
    findings: Sequence[Finding]


def threads_of(article: Article, paragraphs: Sequence[str]) -> list[Thread]:
    """Return the comments on `article` with their answers, each where its paragraph stands now."""
    rows = list(article.comments.select_related("by", "resolved_by"))
    replies: dict[int, list[Comment]] = {}
    for row in rows:
        if row.parent_id:
            replies.setdefault(row.parent_id, []).append(row)
    return [
        Thread(
            row,
            replies.get(row.pk, []),
            None
            if row.paragraph is None
            else anchors.find_again(row.quote, row.paragraph, paragraphs),
        )
        for row in rows
        if row.parent_id is None
    ]


def context(
    article: Article, findings: Sequence[Finding], newest: Revision | None
) -> dict[str, Any]:
    """Return what the article screen shows of comments; `newest` is the revision that is read."""
    paragraphs = html.to_paragraphs(article.body)
    threads = threads_of(article, paragraphs)
    return {
        "may_comment": True,
        "threads": threads,
        "loose_threads": [thread for thread in threads if thread.paragraph is None],
        "open_comments": sum(not thread.is_settled for thread in threads),
        "noted": _noted(article, threads, findings),
        "paragraphs": [(n, excerpt(text, NAMED)) for n, text in enumerate(paragraphs)],
        "read_revision": newest.number if newest else None,
    }


def _noted(
    article: Article, threads: Sequence[Thread], findings: Sequence[Finding]
) -> list[NotedBlock]:
    """Return the text block by block, each with its comments and proofing findings."""
    return [
        NotedBlock(
            mark_safe(block.html),  # noqa: S308 - sanitised by body_html
            block.first,
            block.count,
            [t for t in threads if t.paragraph is not None and block.holds(t.paragraph)],
            [f for f in findings if block.holds(f.paragraph - rules.HEADING_LINES)],
        )
        for block in anchors.blocks(body_html(article))
    ]

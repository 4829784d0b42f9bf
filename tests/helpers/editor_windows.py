"""Windows that edit one article: each knows a version and counts its requests."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass, field, replace

from django.contrib.auth.models import User

from articles import services
from articles.content import Content
from articles.exceptions import StaleSave
from articles.models import Article, Revision


@dataclass
class Window:
    """A window in a browser: it knows a version, edits the text, and counts its requests."""

    user: User
    content: Content
    window_id: str
    version: int = 1
    sequence: int = 0
    text: str = ""
    sent: list[str] = field(default_factory=list)

    def type(self, word: str) -> None:
        self.text += word

    def send(self, article: Article, at: dt.datetime, *, auto: bool) -> str:
        """Save; return "won", or "aside" if another user was first."""
        self.sequence += 1
        self.sent.append(self.text)
        body = f"<p>{self.text}</p>"
        try:
            revision = services.save_article(
                article,
                replace(self.content, body=body),
                user=self.user,
                at=at,
                base_version=self.version,
                auto=auto,
                window_id=self.window_id,
                sequence=self.sequence,
            )
        except StaleSave:
            return "aside"
        self.version = revision.base_version
        return "won"

    def reload(self, article: Article) -> None:
        self.version = Article.objects.get(pk=article.pk).version
        self.window_id, self.sequence = f"{self.window_id[:6]}-{random.random():.9f}"[:36], 0


def assert_nothing_is_lost(article: Article, texts: set[str]) -> None:
    """Assert that some revision has every complete text, and that no revision number is missing."""
    rows = list(Revision.objects.filter(article=article).order_by("number"))
    assert [row.number for row in rows] == list(range(1, len(rows) + 1))
    kept = [row.content["body"] for row in rows]
    lost = [text for text in texts if not any(text in body for body in kept)]
    assert lost == []

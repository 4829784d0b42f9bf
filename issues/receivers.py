"""What follows for the plan of an issue when an article moves."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from articles.models import Article, LogEntry
from articles.states import State

from .services.placing import take_off_dropped


def on_article_moved(sender: Any, article: Article, entry: LogEntry, **_more: Any) -> None:
    """Take an article that is spiked off its page, once the move is sure.

    Not in the move's own transaction: that one holds the article, who places holds the issue, and
    each would wait for the other.
    """
    if entry.to_state == State.SPIKED:
        transaction.on_commit(lambda: take_off_dropped(article))

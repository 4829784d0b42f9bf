"""The tables of the desk: articles, their record, and what people put beside them."""

from .article import Article, ArticlePhoto, Byline
from .desk import Comment, Presence, ReasonPhrase, SavedFilter
from .parked import Parked
from .record import LogEntry, Reading, Revision

__all__ = [
    "Article",
    "ArticlePhoto",
    "Byline",
    "Comment",
    "LogEntry",
    "Parked",
    "Presence",
    "Reading",
    "ReasonPhrase",
    "Revision",
    "SavedFilter",
]

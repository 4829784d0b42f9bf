"""Models of articles: articles, their audit record, and comments and filters of users."""

from .article import Article, ArticlePhoto, ArticleTown, Byline
from .collaboration import Comment, Presence, ReasonPhrase, SavedFilter
from .genre import Genre
from .record import LogEntry, Review, Revision
from .unsaved_form import UnsavedForm

__all__ = [
    "Article",
    "ArticlePhoto",
    "ArticleTown",
    "Byline",
    "Comment",
    "Genre",
    "LogEntry",
    "Presence",
    "ReasonPhrase",
    "Review",
    "Revision",
    "SavedFilter",
    "UnsavedForm",
]

"""Planned issues: their pages, and the articles placed on them."""

from __future__ import annotations

import datetime as dt

from articles.models import Article
from issues import services
from issues.models import Issue
from tests.helpers import factories

HOUR = dt.timedelta(hours=1)
PAGES = [(1, "要闻"), (2, "镇街")]


def fill(issue: Issue, staff, now, state: str = "approved") -> list[Article]:
    """Place one article on each page."""
    made = []
    for page in issue.pages.all():
        article = factories.make_in(
            state, staff["correspondent"], now, headline=f"第{page.number}版头条"
        )
        services.place(article, page, user=staff["editor"], at=now)
        made.append(article)
    return made

"""The newest issue as cached on readers' devices for use without a network."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from django.templatetags.static import static
from django.urls import reverse

from press.models import Edition, EditionPage, Story

from .issue_pages import IssuePage, attach, issue_pages

#: Assets of the cached pages; their URLs contain a content hash, so a new version has a new URL.
FILES = [
    f"reader/{name}"
    for name in ("reader.css", "paper.css", "early.js", "reader.js", "read_aloud.js")
]
#: Maximum number of stories of one issue that a device caches.
MOST = 200


@dataclass(frozen=True)
class OfflineIssue:
    """An issue with its pages and its visible stories."""

    edition: Edition | None = None
    pages: list[IssuePage] = field(default_factory=list)
    stories: list[Story] = field(default_factory=list)

    @property
    def addresses(self) -> list[str]:
        """Return the URLs to cache, without duplicates, homepage first."""
        found = [reverse("reader:homepage"), reverse("reader:offline")]
        if self.edition:
            found.append(self.edition.get_absolute_url())
        found += [page.url for page in self.pages]
        return found + [story.get_absolute_url() for story in self.stories]

    @property
    def version(self) -> str:
        """Return a hash that changes when the stories of one of these pages change.

        It does not change with every content version, or each device would request the whole issue
        again.
        """
        rows = [(story.pk, str(story.corrected_at), story.page_id) for story in self.stories]
        text = repr((self.edition and self.edition.pk, self.addresses, rows, files()))
        return hashlib.sha256(text.encode()).hexdigest()[:24]


def offline_issue(edition: Edition | None) -> OfflineIssue:
    """Return what devices cache of `edition`: three queries, or none if it is None."""
    if edition is None:
        return OfflineIssue()
    pages = list(edition.pages.with_hidden())
    stories = attach(pages, _stories(pages))
    return OfflineIssue(edition, issue_pages(pages, stories), stories)


def files() -> list[str]:
    """Return the URLs of the style sheets and scripts of the cached pages."""
    return [static(name) for name in FILES]


def _stories(pages: list[EditionPage]) -> list[Story]:
    found = Story.objects.visible().filter(page__in=pages).defer("body")
    return list(found.order_by("page__number", "position", "pk")[:MOST])

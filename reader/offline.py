"""The last issue, as readers' devices keep it for when there is no network."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from django.templatetags.static import static
from django.urls import reverse

from press.models import Edition, EditionPage, Story

from .paper_pages import PageView, attach, views_of

#: What the kept pages need to look as they do; named by their content, so a new one is kept anew.
FILES = [
    f"reader/{name}" for name in ("reader.css", "paper.css", "first.js", "reader.js", "speak.js")
]
#: A device never keeps more stories of one issue.
MOST = 200


@dataclass(frozen=True)
class KeptIssue:
    """An issue with its pages and those of its stories that readers see."""

    edition: Edition | None = None
    pages: list[PageView] = field(default_factory=list)
    stories: list[Story] = field(default_factory=list)

    @property
    def addresses(self) -> list[str]:
        """Return the addresses that are kept, each once: the front page first."""
        found = [reverse("reader:front"), reverse("reader:offline")]
        if self.edition:
            found.append(self.edition.get_absolute_url())
        found += [page.url for page in self.pages]
        return found + [story.get_absolute_url() for story in self.stories]

    @property
    def version(self) -> str:
        """Return what changes when one of these pages says something else of its stories.

        Not with every change of the press: each device would ask for the whole issue again.
        """
        told = [(story.pk, str(story.corrected_at), story.page_id) for story in self.stories]
        text = repr((self.edition and self.edition.pk, self.addresses, told, files()))
        return hashlib.sha256(text.encode()).hexdigest()[:24]


def kept_issue(edition: Edition | None) -> KeptIssue:
    """Return what is kept of `edition`: three queries, or none without one."""
    if edition is None:
        return KeptIssue()
    pages = list(edition.pages.with_hidden())
    stories = attach(pages, _stories(pages))
    return KeptIssue(edition, views_of(pages, stories), stories)


def files() -> list[str]:
    """Return the addresses of the style sheets and scripts of the kept pages."""
    return [static(name) for name in FILES]


def _stories(pages: list[EditionPage]) -> list[Story]:
    found = Story.objects.visible().filter(page__in=pages).defer("body")
    return list(found.order_by("page__number", "position", "pk")[:MOST])

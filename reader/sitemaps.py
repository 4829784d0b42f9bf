"""Contents of the sitemaps and their XML."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from xml.sax.saxutils import escape

from django.db.models import Exists
from django.urls import reverse

from paper.models import Paper
from paper.querysets import sections_in_use, towns_in_order
from press.merged_contributors import public_contributors
from press.models import Edition, Story
from press.querysets import StoryQuerySet
from press.tags import public_tags
from textkit.xml import possible

from .url_helpers import tag_address

#: Story ids per sitemap, and the maximum number of URLs in a sitemap.
BLOCK, MOST = 10_000, 50_000
#: Maximum age and number of stories in the news sitemap.
NEWS_AGE, MOST_NEWS = dt.timedelta(hours=48), 1000

_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
_NEWS = "http://www.google.com/schemas/sitemap-news/0.9"

#: A path of the site and its modification time, or None if unknown.
Row = tuple[str, dt.datetime | None]


def block_numbers() -> list[int]:
    """Return the numbers of the blocks that contain a visible story, in two queries."""
    # The last id of all stories: for the last visible one, SQLite would sort all visible ones.
    last = Story.objects.order_by("-pk").values_list("pk", flat=True).first()
    if last is None:
        return []
    visible = Story.objects.visible()
    looks = [Exists(_in_block(visible, number)) for number in range(last // BLOCK + 1)]
    found = Story.objects.filter(pk=last).values_list(*looks).get()
    return [number for number, is_there in enumerate(found) if is_there]


def _in_block(stories: StoryQuerySet, number: int) -> StoryQuerySet:
    return stories.filter(pk__gte=number * BLOCK, pk__lt=(number + 1) * BLOCK)


def stories(number: int) -> list[Row]:
    """Return the visible stories of a block of ids."""
    found = _in_block(Story.objects.visible(), number).order_by("pk")
    rows = found.only("release_at", "corrected_at")
    return [(story.get_absolute_url(), story.changed_at) for story in rows]


def pages() -> list[Row]:
    """Return the homepage, the lists of sections and towns, and the calendar of issues."""
    names = ("homepage", "photo_news", "corrections", "issues")
    months = list(Edition.objects.visible().months())
    paths = [
        *(reverse(f"reader:{name}") for name in names),
        *(section.get_absolute_url() for section in sections_in_use()),
        *(town.get_absolute_url() for town in towns_in_order()),
        *(reverse("reader:issue_year", args=[y]) for y in dict.fromkeys(y for y, _m in months)),
        *(reverse("reader:issue_month", args=month) for month in months),
    ]
    return [(path, None) for path in paths]


def issues() -> list[Row]:
    """Return the issues, newest first."""
    editions = Edition.objects.visible()[:MOST]
    return [(edition.get_absolute_url(), edition.release_at) for edition in editions]


def contributors() -> list[Row]:
    """Return the contributors of visible stories."""
    people = public_contributors().select_related(None).only("pk").order_by("-pk")[:MOST]
    return [(person.get_absolute_url(), None) for person in people]


def tags() -> list[Row]:
    """Return the tags of visible stories."""
    names = public_tags().order_by("-pk").values_list("name", flat=True)[:MOST]
    return [(tag_address(name), None) for name in names]


#: The sitemaps other than those of stories, by the name in their URL.
LISTS = {"pages": pages, "issues": issues, "contributors": contributors, "tags": tags}


def index(site: str, paths: Iterable[str]) -> str:
    """Return an index of the sitemaps under `site` at `paths`."""
    rows = "".join(f"<sitemap>{_loc(site, path)}</sitemap>\n" for path in paths)
    return _document("sitemapindex", f'xmlns="{_NAMESPACE}"', rows)


def urlset(site: str, rows: Iterable[Row]) -> str:
    """Return the sitemap of `rows` under `site`."""
    shown = "".join(f"<url>{_loc(site, path)}{_lastmod(at)}</url>\n" for path, at in rows)
    return _urlset(site, f'xmlns="{_NAMESPACE}"', shown)


def news(site: str, paper: Paper, at: dt.datetime) -> str:
    """Return the news sitemap: stories released in the last two days, newest first.

    The index lists it always: a story's age is not known to the page cache.
    """
    found = Story.objects.visible(at).filter(release_at__gt=at - NEWS_AGE).newest()
    rows = found.only("headline", "summary", "release_at", "corrected_at")[:MOST_NEWS]
    shown = "".join(_news_row(site, paper, story) for story in rows)
    return _urlset(site, f'xmlns="{_NAMESPACE}" xmlns:news="{_NEWS}"', shown)


def _news_row(site: str, paper: Paper, story: Story) -> str:
    return (
        f"<url>{_loc(site, story.get_absolute_url())}{_lastmod(story.changed_at)}<news:news>"
        f"<news:publication><news:name>{_text(paper.name)}</news:name>"
        "<news:language>zh-cn</news:language></news:publication>"
        f"<news:publication_date>{_time(story.release_at)}</news:publication_date>"
        f"<news:title>{_text(story.title)}</news:title></news:news></url>\n"
    )


def _urlset(site: str, attributes: str, rows: str) -> str:
    """Return a sitemap of `rows`; of the homepage if there are none, as the schema requires one."""
    return _document("urlset", attributes, rows or f"<url>{_loc(site, '/')}</url>\n")


def _document(root: str, attributes: str, rows: str) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} {attributes}>\n{rows}</{root}>\n'


def _loc(site: str, path: str) -> str:
    return f"<loc>{escape(site + path)}</loc>"


def _lastmod(at: dt.datetime | None) -> str:
    return f"<lastmod>{_time(at)}</lastmod>" if at else ""


def _time(at: dt.datetime) -> str:
    return at.isoformat(timespec="seconds")


def _text(text: str) -> str:
    return escape(possible(text))

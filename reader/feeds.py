"""Story feeds in RSS, Atom and JSON Feed 1.1, with the same content."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from typing import IO, Any, NamedTuple
from urllib.parse import urlsplit
from xml.sax.xmlreader import AttributesImpl

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.utils import feedgenerator
from django.utils.html import escape
from django.utils.xmlutils import SimplerXMLGenerator

from paper.models import Paper
from photos.html import jpeg_of
from press.models import Story
from textkit.xml import possible

#: Language of a feed's stories.
LANGUAGE = "zh-CN"
#: Year in which the identifiers of the feeds were introduced (RFC 4151). It never changes: readers'
#: programs would show every story as new.
_SINCE = 2026
_DC = {"xmlns:dc": "http://purl.org/dc/elements/1.1/"}


def tag_uri(path: str) -> str:
    """Return the permanent identifier of the public URL `path`, such as tag:paper.cn,2026:/feed.

    It contains the paper's host by the settings, never that of the request: one paper answers under
    several names.
    """
    named = [host.lstrip("*.") for host in settings.ALLOWED_HOSTS]
    host = urlsplit(settings.DESK_ADDRESS).hostname or next(filter(None, named), "")
    return f"tag:{host.strip('[]') or 'localhost'},{_SINCE}:{path}"


class FeedAuthor(NamedTuple):
    """A contributor who signs a story, with the URL of their page."""

    name: str
    url: str


class RssFeed(feedgenerator.Rss201rev2Feed):
    """RSS 2.0 with all contributors."""

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        """Write a story with its contributors as dc:creator: RSS has no element for a bare name."""
        super().add_item_elements(handler, item)
        for person in item["people"]:
            handler.addQuickElement("dc:creator", person.name, _DC)


class AtomFeed(feedgenerator.Atom1Feed):
    """Atom with all contributors."""

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        """Write a story and its contributors."""
        super().add_item_elements(handler, item)
        for person in item["people"]:
            handler.startElement("author", AttributesImpl({}))
            handler.addQuickElement("name", person.name)
            handler.addQuickElement("uri", person.url)
            handler.endElement("author")


class JsonFeed(feedgenerator.SyndicationFeed):
    """JSON Feed (https://www.jsonfeed.org/version/1.1/)."""

    content_type = "application/feed+json; charset=utf-8"

    def write(self, outfile: IO[Any], encoding: str) -> None:
        """Write the feed as JSON to `outfile`."""
        data = {
            "version": "https://jsonfeed.org/version/1.1",
            "title": self.feed["title"],
            "description": self.feed["description"],
            "home_page_url": self.feed["link"],
            "feed_url": self.feed["feed_url"],
            "language": self.feed["language"],
            "authors": [{"name": self.feed["author_name"]}],
            "items": [_json_item(item) for item in self.items],
        }
        outfile.write(json.dumps(data, ensure_ascii=False).encode(encoding))


def _json_item(item: dict[str, Any]) -> dict[str, Any]:
    found = {
        "id": item["unique_id"],
        "url": item["link"],
        "title": item["title"],
        "content_text": item["summary"],
        "date_published": item["pubdate"].isoformat(timespec="seconds"),
        "date_modified": item["updateddate"].isoformat(timespec="seconds"),
        "tags": item["categories"],
    }
    if item["summary"]:
        found["summary"] = item["summary"]
    # A story without byline is by the author of the feed, the paper.
    if item["people"]:
        found["authors"] = [person._asdict() for person in item["people"]]
    for photo in item["enclosures"]:
        found["image"] = photo.url
        found["attachments"] = [{"url": photo.url, "mime_type": photo.mime_type}]
    return found


KINDS: dict[str, type[feedgenerator.SyndicationFeed]] = {
    "rss": RssFeed,
    "atom": AtomFeed,
    "json": JsonFeed,
}


class StoryFeed(Feed):
    """The feed of the `stories` of the list `link`; `link` and `site` are absolute URLs."""

    language = LANGUAGE
    item_guid_is_permalink = False

    def __init__(
        self, kind: str, stories: Sequence[Story], paper: Paper, *, site: str, link: str, name: str
    ) -> None:
        self.feed_type = KINDS[kind]
        self.stories, self.site, self.link = stories, site, link
        self.feed_url = f"{link}feed.{kind}"
        self.feed_guid = tag_uri(link.removeprefix(site))
        self.title = possible(f"{name} · {paper.name}" if name else paper.name)
        self.description = possible(paper.motto) or self.title
        self.author_name = possible(paper.publisher or paper.name)

    def items(self) -> Sequence[Story]:
        """Return the stories."""
        return self.stories

    def item_title(self, story: Story) -> str:
        """Return the headline; all three formats take it as plain text."""
        return possible(story.title)

    def item_description(self, story: Story) -> str:
        """Return the summary as HTML."""
        return escape(possible(story.summary))

    def item_link(self, story: Story) -> str:
        """Return the story's absolute URL."""
        return self.site + story.get_absolute_url()

    def item_guid(self, story: Story) -> str:
        """Return the story's permanent identifier, the same in all three formats."""
        return tag_uri(story.get_absolute_url())

    def item_pubdate(self, story: Story) -> dt.datetime:
        """Return the release time."""
        return story.release_at

    def item_updateddate(self, story: Story) -> dt.datetime:
        """Return when the public text last changed."""
        return story.changed_at

    def item_categories(self, story: Story) -> list[str]:
        """Return the names of section and tags."""
        return [possible(name) for name in (story.section.name, *story.tag_names)]

    def item_enclosures(self, story: Story) -> list[feedgenerator.Enclosure]:
        """Return the first photo; RSS allows one. Its size is 0, which avoids a storage request."""
        return [
            feedgenerator.Enclosure(self.site + jpeg_of(photo), "0", "image/jpeg")
            for photo in story.photo_list[:1]
        ]

    def item_extra_kwargs(self, story: Story) -> dict[str, Any]:
        """Return the summary as plain text, and all contributors without duplicates."""
        signed = {person["id"]: person["name"] for person in story.byline}
        people = [
            FeedAuthor(possible(n), f"{self.site}/contributors/{i}/") for i, n in signed.items()
        ]
        return {"summary": possible(story.summary), "people": people}

"""Feeds of stories, the same as RSS, as Atom and as JSON Feed 1.1."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from typing import IO, Any, NamedTuple
from xml.sax.xmlreader import AttributesImpl

from django.contrib.syndication.views import Feed
from django.utils import feedgenerator
from django.utils.html import escape
from django.utils.xmlutils import SimplerXMLGenerator

from paper.models import Paper
from photos.picture import jpeg_of
from press.models import Story
from textkit.xml import possible

#: What a feed's stories are written in.
LANGUAGE = "zh-CN"
_DC = {"xmlns:dc": "http://purl.org/dc/elements/1.1/"}


class Person(NamedTuple):
    """Who signs a story, with the address of his page."""

    name: str
    url: str


class RssFeed(feedgenerator.Rss201rev2Feed):
    """RSS 2.0 with everybody who signs."""

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        """Write a story, its people as creators: RSS has no other place for a bare name."""
        super().add_item_elements(handler, item)
        for person in item["people"]:
            handler.addQuickElement("dc:creator", person.name, _DC)


class AtomFeed(feedgenerator.Atom1Feed):
    """Atom with everybody who signs."""

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        """Write a story and its people."""
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
        """Write the feed."""
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
        "summary": item["summary"],
        "date_published": item["pubdate"].isoformat(timespec="seconds"),
        "date_modified": item["updateddate"].isoformat(timespec="seconds"),
        "authors": [person._asdict() for person in item["people"]],
        "tags": item["categories"],
    }
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
    """The feed of `stories` that stand in the list `link`, an absolute address as is `site`."""

    language = LANGUAGE

    def __init__(
        self, kind: str, stories: Sequence[Story], paper: Paper, *, site: str, link: str, name: str
    ) -> None:
        self.feed_type = KINDS[kind]
        self.stories, self.site, self.link = stories, site, link
        self.feed_url = f"{link}feed.{kind}"
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
        """Return the story's absolute address."""
        return self.site + story.get_absolute_url()

    def item_pubdate(self, story: Story) -> dt.datetime:
        """Return when it was released."""
        return story.release_at

    def item_updateddate(self, story: Story) -> dt.datetime:
        """Return when it changed last."""
        return story.changed_at

    def item_categories(self, story: Story) -> list[str]:
        """Return section and tags."""
        return [possible(name) for name in (story.section.name, *story.tag_names)]

    def item_enclosures(self, story: Story) -> list[feedgenerator.Enclosure]:
        """Return the first photo; RSS takes one, and its size, which nobody asks the storage."""
        return [
            feedgenerator.Enclosure(self.site + jpeg_of(photo), "0", "image/jpeg")
            for photo in story.photo_list[:1]
        ]

    def item_extra_kwargs(self, story: Story) -> dict[str, Any]:
        """Return the summary as plain text, and everybody who signs, each once."""
        signed = {person["id"]: person["name"] for person in story.byline}
        people = [Person(possible(n), f"{self.site}/contributors/{i}/") for i, n in signed.items()]
        return {"summary": possible(story.summary), "people": people}

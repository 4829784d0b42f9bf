"""Is what readers see what was signed? Compares a printed story with the revision behind it."""

from __future__ import annotations

import html as escaping
import re
from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from press.frozen import frozen_sha
from press.models import Story
from textkit import html

from ..content import Content
from ..models import Article, LogEntry, Revision
from ..states import State

_FIGURE = re.compile(r"<figure[ >].*?</figure>", re.DOTALL)
_TAG = re.compile(r"<[^>]+>")


def stories_of(articles: Sequence[Article]) -> dict[int, Story]:
    """Return the stories of `articles` by id, with what is looked at."""
    ids = [article.story_id for article in articles if article.story_id]
    if not ids:
        return {}
    rows = Story.objects.filter(pk__in=ids).prefetch_related("storycontributor_set", "photos")
    return rows.defer("search_tokens").in_bulk()


def strays() -> list[Story]:
    """Return the stories in print that no article stands behind."""
    return list(Story.objects.filter(article=None).order_by("pk").only("headline", "summary"))


def broken_print(
    article: Article, rows: Sequence[LogEntry], story: Story, signed: Revision, content: Content
) -> str:
    """Return in a sentence what of `story` is not as it was signed and printed, "" if nothing.

    `signed` is the revision of the last signature; `content` what it holds.
    """
    if (story.revision, story.sha256) != (signed.number, signed.sha256):
        return _("The story in print is not of revision %(n)d, which was signed.") % {
            "n": signed.number
        }
    other = next(_differing(story, content), "")
    if other:
        return _("The story in print is not what was signed in revision %(n)d: %(what)s.") % {
            "n": signed.number,
            "what": other,
        }
    if (article.state == State.WITHDRAWN) != (story.withdrawn_at is not None):
        return _("The story in print was withdrawn, or brought back, past the desk.")
    # Stories that were printed before there was this seal have none.
    seal = next((row.printed for row in reversed(rows) if row.printed), "")
    if seal and seal != frozen_sha(story):
        return _("The story in print is not as it was printed: names, photos or summary differ.")
    return ""


def _differing(story: Story, content: Content) -> Iterator[str]:
    """Yield the names of what differs, in the order of the form."""
    lines = {
        "kicker": _("kicker"),
        "headline": _("headline"),
        "subhead": _("subhead"),
        "dateline": _("dateline"),
        "unit": _("unit"),
        "kind": _("Kind"),
    }
    for name, label in lines.items():
        if getattr(story, name) != getattr(content, name):
            yield label
    if story.section_id != content.section:
        yield _("Section")
    if list(story.tag_names) != list(content.tags):
        yield _("Tags")
    said = [(row.contributor, row.role, row.label) for row in content.bylines]
    if [(row["id"], row["role"], row["label"]) for row in story.byline] != said:
        yield _("Byline")
    if _words(story.body) != _words(html.sanitise(content.body, [p.photo for p in content.photos])):
        yield _("Body")
    captions = [(p.caption, p.credit, p.alt or p.caption) for p in content.photos]
    if [(row["caption"], row["credit"], row.get("alt")) for row in story.photo_list] != captions:
        yield _("Photos")
    placed = html.photos_in(content.body)
    rows = {row.photo: (row.caption, row.credit) for row in content.photos}
    if [_said(figure) for figure in _FIGURE.findall(story.body)] != [
        " ".join(rows.get(pk, ("", ""))).strip() for pk in placed
    ]:
        yield _("Photos")


def _words(body: str) -> str:
    """Return a body with a mark for each photo: how one is set may change, the text may not."""
    return _FIGURE.sub("▣", body)


def _said(figure: str) -> str:
    return escaping.unescape(_TAG.sub("", figure)).strip()

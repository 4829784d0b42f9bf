"""Is what readers see what was signed? Compares a printed story with the revision behind it."""

from __future__ import annotations

import datetime as dt
import html as escaping
import re
from collections.abc import Iterator, Sequence

from django.utils import timezone
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
    rows = Story.objects.filter(pk__in=ids)
    names = ("storycontributor_set", "photos", "correction_rows")
    return rows.prefetch_related(*names).in_bulk()


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
    around = _broken_around(rows, story)
    if around:
        return around
    # Stories that were printed before there was this seal have none.
    seal = next((row.printed for row in reversed(rows) if row.printed), "")
    if seal and seal != frozen_sha(story):
        return _("The story in print is not as it was printed: names, photos or summary differ.")
    return ""


def _broken_around(rows: Sequence[LogEntry], story: Story) -> str:
    """Return in a sentence what readers see around the text that the log did not lead to."""
    notes = [row.note for row in rows if row.move == "withdraw"]
    if story.withdrawn_at is not None and [story.withdrawal_reason] != notes[-1:]:
        return _("The reason that readers find for the withdrawal is not the one in the log.")
    led = _corrections(rows)
    shown = [(row.get("note"), row.get("at")) for row in story.corrections]
    listed = [(row.note, _local(row.at)) for row in story.correction_rows.all()]
    kinds = [row.kind for row in story.correction_rows.all()]
    if not led == shown == listed or kinds != [row.get("kind") for row in story.corrections]:
        return _("The corrections that readers find are not those in the log.")
    known = _release_minutes(rows)
    if known and f"{timezone.localtime(story.release_at):%Y-%m-%d %H:%M}" not in known:
        return _("The story in print is not of the time for which it was released.")
    return ""


def _local(at: dt.datetime) -> str:
    return timezone.localtime(at).isoformat()


def _corrections(rows: Sequence[LogEntry]) -> list[tuple[str, str]]:
    """Return note and time of the corrections that went to print, as a story has them."""
    found: list[tuple[str, str]] = []
    note = None
    for row in rows:
        if row.move in {"correct", "spike"}:
            note = row.note if row.move == "correct" else None
        elif note is not None and row.move == "pass" and row.to_state == State.APPROVED:
            found.insert(0, (note, _local(row.at)))
            note = None
    return found


def _release_minutes(rows: Sequence[LogEntry]) -> set[str]:
    """Return the minute for which the log released a story; none where it does not say.

    What is out already stays where it is, whatever a later release says. In the minute in which
    it comes out, either may be.
    """
    known: set[str] = set()
    for row in rows:
        made = f"{timezone.localtime(row.at):%Y-%m-%d %H:%M}"
        if row.move == "unrelease":
            known = set()
        elif row.move == "release" and (not known or max(known) > made):
            known = {row.note}
        elif row.move == "release" and made in known:
            known |= {row.note}
    return known


def differing_heading(shown: Story | Article, content: Content) -> Iterator[str]:
    """Yield the names of what differs of all but text, photos and rows, in order of the form."""
    lines = {
        "kicker": _("kicker"),
        "headline": _("headline"),
        "subhead": _("subhead"),
        "dateline": _("dateline"),
        "unit": _("unit"),
        "kind": _("Kind"),
    }
    for name, label in lines.items():
        if getattr(shown, name) != getattr(content, name):
            yield label
    if shown.section_id != content.section:
        yield _("Section")


def _differing(story: Story, content: Content) -> Iterator[str]:
    """Yield the names of what differs, in the order of the form."""
    yield from differing_heading(story, content)
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

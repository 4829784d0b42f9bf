"""Verification of published stories: compares each with the signed revision behind it."""

from __future__ import annotations

import datetime as dt
import html as escaping
import re
from collections.abc import Iterator, Sequence

from django.utils import timezone
from django.utils.translation import gettext as _

from press.models import Story
from press.snapshot_hash import RELATIONS, snapshot_sha256
from textkit.digest import utc

from ..content import Content
from ..models import Article, LogEntry, Revision
from ..workflow.states import State

_PRINTING = frozenset({"archive", "release", "unrelease"})
_FIGURE = re.compile(r"<figure[ >].*?</figure>", re.DOTALL)
_TAG = re.compile(r"<[^>]+>")


def stories_of(articles: Sequence[Article]) -> dict[int, Story]:
    """Return the stories of `articles` by id, with the related rows to check."""
    ids = [article.story_id for article in articles if article.story_id]
    if not ids:
        return {}
    rows = Story.objects.filter(pk__in=ids)
    return rows.prefetch_related(*RELATIONS, "correction_rows").in_bulk()


def orphan_stories() -> list[Story]:
    """Return the published stories that have no article."""
    return list(Story.objects.filter(article=None).order_by("pk").only("headline", "summary"))


def is_led_to_print(rows: Sequence[LogEntry]) -> bool:
    """Return whether the log published a story and did not take it back."""
    last = next((row for row in reversed(rows) if row.transition in _PRINTING), None)
    return last is not None and last.transition != "unrelease"


def broken_print(
    article: Article, rows: Sequence[LogEntry], story: Story, signed: Revision, content: Content
) -> str:
    """Return as a sentence what of `story` differs from the signed text, "" if nothing does.

    `signed` is the revision of the last signature; `content` is its content.
    """
    if (story.revision, story.sha256) != (signed.number, signed.sha256):
        return _("The published story is not from revision %(n)d, which was signed.") % {
            "n": signed.number
        }
    other = next(_differing(story, content), "")
    if other:
        return _("The published story differs from signed revision %(n)d: %(what)s.") % {
            "n": signed.number,
            "what": other,
        }
    if (article.state == State.WITHDRAWN) != (story.withdrawn_at is not None):
        return _("The published story was withdrawn or restored outside this system.")
    around = _broken_around(rows, story)
    if around:
        return around
    seal = next((row for row in reversed(rows) if row.printed), None)
    if seal is not None and seal.printed != snapshot_sha256(story):
        return _(
            "The published story has changed since its release: names, photos, towns, tags or "
            "summary differ."
        )
    return ""


def _broken_around(rows: Sequence[LogEntry], story: Story) -> str:
    """Return as a sentence what readers see beside the text that the log does not explain."""
    withdrawn = [row for row in rows if row.transition == "withdraw"][-1:]
    if [(row.note, row.at) for row in withdrawn] != (
        [(story.withdrawal_reason, story.withdrawn_at)] if story.withdrawn_at else []
    ):
        return _("The withdrawal reason that readers see does not match the log.")
    if _are_other_corrections(rows, story):
        return _("The corrections that readers see do not match the log.")
    if not _is_released_as_logged(rows, story):
        return _("The release time of the published story does not match the log.")
    filed = [*story.storytown_set.all(), *story.storytag_set.all()]
    filed += story.storycontributor_set.all()
    if any(row.release_at != story.release_at for row in filed):
        return _("The lists for readers have a different release time than the story.")
    return ""


def _local(at: dt.datetime) -> str:
    return timezone.localtime(at).isoformat()


def _are_other_corrections(rows: Sequence[LogEntry], story: Story) -> bool:
    led = _corrections(rows)
    shown = [(row.get("note"), row.get("at"), row.get("kind")) for row in story.corrections]
    listed = [(row.note, _local(row.at), row.kind) for row in story.correction_rows.all()]
    if shown != listed or [one[:2] for one in shown] != [one[:2] for one in led]:
        return True
    if any(kind not in {None, other[2]} for (_n, _at, kind), other in zip(led, shown, strict=True)):
        return True
    corrected_at = _local(story.corrected_at) if story.corrected_at else None
    return corrected_at != (led[0][1] if led else None)


def _corrections(rows: Sequence[LogEntry]) -> list[tuple[str, str, str | None]]:
    """Return note, time and kind (None where the log has none) of the published corrections.

    They are ordered as in a story, newest first.
    """
    found: list[tuple[str, str, str | None]] = []
    asked = None
    for row in rows:
        if row.transition in {"correct", "spike"}:
            asked = row if row.transition == "correct" else None
        elif asked is not None and row.transition == "approve" and row.to_state == State.APPROVED:
            found.insert(0, (asked.note, _local(row.at), asked.details.get("kind")))
            asked = None
    return found


def _is_released_as_logged(rows: Sequence[LogEntry], story: Story) -> bool:
    printing = [row for row in rows if row.transition in {"archive", "release"}]
    if printing and all("release_at" in row.details for row in printing):
        return utc(story.release_at) == _release_time(rows)
    known = _release_minutes(rows)
    return not known or f"{timezone.localtime(story.release_at):%Y-%m-%d %H:%M}" in known


def _release_time(rows: Sequence[LogEntry]) -> str | None:
    """Return the time for which the log released a story; a released story keeps its time."""
    known: str | None = None
    for row in rows:
        if row.transition == "unrelease":
            known = None
        elif "release_at" in row.details and (known is None or known > (utc(row.at) or "")):
            known = row.details["release_at"]
    return known


def _release_minutes(rows: Sequence[LogEntry]) -> set[str]:
    """Return the minutes for which the log released a story; empty where it does not say.

    This applies to rows without details. A story that is out keeps its time, whatever a later
    release says. In the minute in which it comes out, both times are possible.
    """
    known: set[str] = set()
    for row in rows:
        made = f"{timezone.localtime(row.at):%Y-%m-%d %H:%M}"
        if row.transition == "unrelease":
            known = set()
        elif row.transition == "release" and (not known or max(known) > made):
            known = {row.note}
        elif row.transition == "release" and made in known:
            known |= {row.note}
    return known


def differing_heading(shown: Story | Article, content: Content) -> Iterator[str]:
    """Yield the labels of differing fields, except text, photos and rows, in form order."""
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
    """Yield the labels of all differing fields, in form order."""
    yield from differing_heading(story, content)
    if list(story.tag_names) != list(content.tags):
        yield _("Tags")
    said = [(row.contributor, row.role, row.label) for row in content.bylines]
    if [(row["id"], row["role"], row["label"]) for row in story.byline] != said:
        yield _("Byline")
    if _with_placeholders(story.body) != _with_placeholders(
        content.body.only_photos([p.photo for p in content.photos])
    ):
        yield _("Body")
    captions = [(p.caption, p.credit, p.alt or p.caption) for p in content.photos]
    if [(row["caption"], row["credit"], row.get("alt")) for row in story.photo_list] != captions:
        yield _("Photos")
    placed = content.body.photos
    rows = {row.photo: (row.caption, row.credit) for row in content.photos}
    if [_caption_of(figure) for figure in _FIGURE.findall(story.body)] != [
        " ".join(rows.get(pk, ("", ""))).strip() for pk in placed
    ]:
        yield _("Photos")


def _with_placeholders(body: str) -> str:
    """Return a body with a placeholder for each photo: its layout may change, the text may not."""
    return _FIGURE.sub("▣", body)


def _caption_of(figure: str) -> str:
    return escaping.unescape(_TAG.sub("", figure)).strip()

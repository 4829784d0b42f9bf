"""Verification of an article's record: checks log, signatures and revisions for consistency.

This module writes nothing; `audit_log` seals the rows.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from press.models import Story
from textkit.digest import sha256_of

from ..content import Content, from_json
from ..models import Article, LogEntry, Review, Revision
from ..selectors.recent_changes import transition_label
from ..workflow.states import State
from .audit_log import link
from .audit_verify_story import broken_print, differing_heading, is_led_to_print, stories_of

#: Articles that are checked together: bounds the memory and the number of queries.
LOT = 200
#: The columns that are checked.
_FIELDS = (
    *("kind", "kicker", "headline", "subhead", "dateline", "body", "unit", "section_id"),
    *(
        "genre_id",
        "state",
        "version",
        "chain",
        "approved_revision_id",
        "story_id",
        "correction_note",
    ),
    *("correction_kind", "created_by_id"),
)


#: Exceptions raised by reading JSON of an unexpected shape.
UNREADABLE = (AttributeError, IndexError, KeyError, TypeError, ValueError)


@dataclass(frozen=True, slots=True)
class BrokenRecord:
    """The first inconsistency of a record: the row of the log (from 1) and the reason.

    `row` is None where no single row is wrong.
    """

    row: int | None
    why: str


@dataclass(frozen=True, slots=True)
class RecordFinding:
    """The result for one article: the number of rows in its log, and its first break if any."""

    article: Article
    rows: int
    broken: BrokenRecord | None


def verify(article: Article) -> BrokenRecord | None:
    """Return the first break in the record of `article`, None if it is intact."""
    return next(verify_all(article.pk)).broken


def verify_all(article_id: int | None = None) -> Iterator[RecordFinding]:
    """Yield the result for each article in order of id, or for one; memory use is constant."""
    relations = ("bylines", "article_photos", "tags", "towns")
    rows = Article.objects.order_by("pk").only(*_FIELDS).prefetch_related(*relations)
    if article_id is not None:
        rows = rows.filter(pk=article_id)
    last = 0
    while lot := list(rows.filter(pk__gt=last)[:LOT]):
        yield from _findings(lot)
        last = lot[-1].pk


def _findings(articles: Sequence[Article]) -> Iterator[RecordFinding]:
    known = {article.pk: article for article in articles}
    log: dict[int, list[LogEntry]] = {pk: [] for pk in known}
    reviews: dict[int, list[Review]] = {article.pk: [] for article in articles}
    stories = stories_of(articles)
    # Revisions with the same valid hash have the same content.
    contents: dict[str, Content] = {story.sha256: Content() for story in stories.values()}
    wrong, copies = _wrong_revisions(articles, contents)
    entries = LogEntry.objects.filter(article__in=articles).order_by("pk")
    for entry in entries.select_related("revision").defer("revision__content"):
        entry.article = known[entry.article_id]
        log[entry.article_id].append(entry)
    for review in Review.objects.filter(article__in=articles).order_by("pk"):
        reviews[review.article_id].append(review)
    for article in articles:
        rows = log[article.pk]
        story = stories.get(article.story_id or 0)
        try:
            broken = (
                _broken_chain(article, rows)
                or _broken_text(article, rows, wrong)
                or _broken_signature(rows, reviews[article.pk])
                or _broken_article(article, rows)
                or copies.get(article.pk)
                or _broken_story(article, rows, story, contents)
            )
        except UNREADABLE:
            broken = BrokenRecord(
                None, _("The record cannot be read: a column has an unexpected value.")
            )
        yield RecordFinding(article, len(rows), broken)


def _wrong_revisions(
    articles: Sequence[Article], contents: dict[str, Content]
) -> tuple[dict[int, list[Revision]], dict[int, BrokenRecord | None]]:
    """Return, by article, the revisions whose content does not match their SHA-256.

    The second mapping has the faults of the working copies. Fills in the `contents` of the
    requested hashes.
    """
    wrong: dict[int, list[Revision]] = {}
    copies: dict[int, BrokenRecord | None] = {}
    known = {article.pk: article for article in articles}
    rows = Revision.objects.filter(article__in=articles).order_by("article_id", "number")
    fields = ("article_id", "number", "content", "sha256", "is_side")
    for revision in rows.only(*fields).iterator(100):
        if sha256_of(revision.content) != revision.sha256:
            wrong.setdefault(revision.article_id, []).append(revision)
            continue
        try:
            content = from_json(revision.content)
        except UNREADABLE:
            wrong.setdefault(revision.article_id, []).append(revision)
            continue
        if revision.sha256 in contents:
            contents[revision.sha256] = content
        if not revision.is_side:
            # Rows are in order, so the last one is the newest, which the desk shows.
            broken = _broken_copy(known[revision.article_id], revision.number, content)
            copies[revision.article_id] = broken
    return wrong, copies


def _broken_copy(article: Article, number: int, content: Content) -> BrokenRecord | None:
    """Compare the working copy with the newest revision, which a review signs."""
    differing = list(differing_heading(article, content))
    writers = [(row.contributor_id, row.role, row.label) for row in article.bylines.all()]
    if writers != [(row.contributor, row.role, row.label) for row in content.bylines]:
        differing.append(_("Byline"))
    if article.genre_id != content.genre:
        differing.append(_("Genre"))
    if article.body != content.body:
        differing.append(_("Body"))
    photos = [(row.photo_id, row.caption, row.alt) for row in article.article_photos.all()]
    if photos != [(row.photo, row.caption, row.alt) for row in content.photos]:
        differing.append(_("Photos"))
    if sorted(tag.name for tag in article.tags.all()) != list(content.tags):
        differing.append(_("Tags"))
    if sorted(town.pk for town in article.towns.all()) != list(content.towns):
        differing.append(_("Towns"))
    if not differing:
        return None
    values = {"n": number, "what": differing[0]}
    return BrokenRecord(
        None,
        _("The article at the desk differs from its newest revision, %(n)d: %(what)s.") % values,
    )


def _broken_chain(article: Article, rows: Sequence[LogEntry]) -> BrokenRecord | None:
    previous, version, seal_version = "", 0, 0
    state: str | None = None
    for number, entry in enumerate(rows, start=1):
        if not entry.chain:
            return BrokenRecord(
                number,
                _("%(row)s has no seal: it was not written by this system.")
                % _named(entry, number),
            )
        # Later rows never cover less than earlier ones.
        if entry.chain != link(entry, previous) or entry.seal_version < seal_version:
            return BrokenRecord(
                number,
                _(
                    "%(row)s does not match the row before it: it was changed, moved or "
                    "inserted, or an earlier row was changed or removed."
                )
                % _named(entry, number),
            )
        if state is not None and entry.from_state != state:
            return BrokenRecord(
                number,
                _(
                    "%(row)s starts in a different state than the one in which the row before "
                    "it ends."
                )
                % _named(entry, number),
            )
        state = entry.to_state
        # Rows of no transition have no version.
        if entry.version and not version < entry.version <= article.version:
            return BrokenRecord(number, _("%(row)s is out of order.") % _named(entry, number))
        previous, version = entry.chain, entry.version or version
        seal_version = entry.seal_version
    if article.chain == previous:
        return None
    known = [entry.chain for entry in rows]
    if article.chain in {"", *known[:-1]}:
        return BrokenRecord(len(rows), _("Rows were added at the end outside this system."))
    return BrokenRecord(len(rows) or None, _("Rows are missing at the end."))


def _broken_text(
    article: Article, rows: Sequence[LogEntry], wrong: dict[int, list[Revision]]
) -> BrokenRecord | None:
    for number, row in enumerate(rows, start=1):
        if row.revision and row.revision.is_side:
            values = {"n": row.revision.number}
            return BrokenRecord(
                number, _("Revision %(n)d is in the log but is marked as a conflict copy.") % values
            )
    bad = wrong.get(article.pk)
    if not bad:
        return None
    numbers = {row.revision_id: number for number, row in enumerate(rows, start=1)}
    return BrokenRecord(
        numbers.get(bad[0].pk),
        _("The content of revision %(n)d does not match its SHA-256.") % {"n": bad[0].number},
    )


def _broken_signature(rows: Sequence[LogEntry], reviews: Sequence[Review]) -> BrokenRecord | None:
    """Compare each signature with the log row that created it, in both directions."""
    left = {(review.round, review.stage): review for review in reviews}
    round_ = 0
    for number, entry in enumerate(rows, start=1):
        round_ += entry.transition in {"submit", "correct"}
        if entry.transition != "approve":
            continue
        review = left.pop((round_, entry.from_state), None)
        if review is None:
            return BrokenRecord(
                number, _("The signature of %(row)s is missing.") % _named(entry, number)
            )
        if not _agrees(review, entry):
            return BrokenRecord(
                number,
                _("The signature of %(row)s does not match the log.") % _named(entry, number),
            )
    if left:
        return BrokenRecord(None, _("There is a signature that is not in the log."))
    return None


def _agrees(review: Review, entry: LogEntry) -> bool:
    revision = entry.revision
    assert revision is not None, "the database refuses a pass without its revision"
    return (
        review.revision_id == revision.pk
        and review.sha256 == revision.sha256
        and review.reviewer_id == entry.by_id
        and review.note == entry.note
        and review.at == entry.at
    )


def _broken_article(article: Article, rows: Sequence[LogEntry]) -> BrokenRecord | None:
    """Compare state and signed revision of the article with the result of the log."""
    state = rows[-1].to_state if rows else State.DRAFT
    if article.state != state:
        return BrokenRecord(None, _("The article's state does not match the log."))
    signed = _signed(rows)
    if article.approved_revision_id not in {None, signed.pk if signed else None}:
        return BrokenRecord(
            None, _("The revision marked as signed is not the one that was signed.")
        )
    asked = [row for row in rows if row.transition == "correct"]
    if asked and article.correction_note != asked[-1].note:
        return BrokenRecord(None, _("The article's correction note does not match the log."))
    if asked and article.correction_kind != asked[-1].details.get("kind", article.correction_kind):
        return BrokenRecord(None, _("The article's kind of correction does not match the log."))
    return None


def _signed(rows: Sequence[LogEntry]) -> Revision | None:
    """Return the revision of the last signature that leads to print, or of the archive import."""
    for entry in reversed(rows):
        if entry.transition == "archive" or (
            entry.transition == "approve" and entry.to_state == State.APPROVED
        ):
            return entry.revision
    return None


def _broken_story(
    article: Article, rows: Sequence[LogEntry], story: Story | None, contents: dict[str, Content]
) -> BrokenRecord | None:
    is_printed = is_led_to_print(rows)
    if story is None:
        if is_printed:
            return BrokenRecord(None, _("The published story recorded in the log is missing."))
        return None
    signed = _signed(rows)
    if signed is None:
        return BrokenRecord(None, _("A story is published that nobody has signed."))
    if any(map(_is_past_the_start, rows)):
        return BrokenRecord(
            None, _("It was imported as printed for a day on which this system was already in use.")
        )
    if not is_printed:
        return BrokenRecord(None, _("A story is published, but the log has no release of it."))
    why = broken_print(article, rows, story, signed, contents[story.sha256])
    return BrokenRecord(None, why) if why else None


def _is_past_the_start(entry: LogEntry) -> bool:
    """Return whether `entry` is an archive import that its own start date did not allow."""
    if entry.transition != "archive" or "start_date" not in entry.details:
        return False
    start = dt.date.fromisoformat(entry.details["start_date"])
    released = dt.datetime.fromisoformat(entry.details["release_at"])
    day = timezone.localdate(entry.at)
    return timezone.localdate(released) >= start or start > max(day, timezone.localdate(released))


def _named(entry: LogEntry, number: int) -> dict[str, str]:
    """Return the name of a row for use in a sentence."""
    values = {
        "n": number,
        "transition": transition_label(entry.transition),
        "name": entry.by_name or _("the system"),
        "time": timezone.localtime(entry.at).strftime("%Y-%m-%d %H:%M"),
    }
    return {"row": _("Row %(n)d (%(transition)s, %(name)s, %(time)s)") % values}

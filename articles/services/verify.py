"""Is the record of an article sound? Looks at log, signatures and revisions, and says what is not.

Nothing is written here; `chain` seals the rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from press.models import Story

from ..content import Content, from_json, sha256_of
from ..models import Article, LogEntry, Reading, Revision
from ..states import State
from . import rules
from .chain import link, old_link
from .verify_print import broken_print, differing_heading, stories_of

#: Articles that are looked at together: bounds the memory, and the queries for each lot.
LOT = 200
#: What is looked at of an article.
_FIELDS = (
    *("kind", "kicker", "headline", "subhead", "dateline", "body", "unit", "section_id"),
    *("state", "version", "chain", "approved_revision_id", "story_id", "correction_note"),
)


@dataclass(frozen=True, slots=True)
class Break:
    """The first place where a record is not sound: in which row of the log (from 1), and why.

    `row` is None where no single row is wrong.
    """

    row: int | None
    why: str


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found about one article: how many rows its log has, and its first break if any."""

    article: Article
    rows: int
    broken: Break | None


def verify(article: Article) -> Break | None:
    """Return the first break in the record of `article`, or None where all is sound."""
    return next(verify_all(article.pk)).broken


def verify_all(article_id: int | None = None) -> Iterator[Finding]:
    """Return what is found about each article in order of id, or about one; memory is constant."""
    rows = Article.objects.order_by("pk").only(*_FIELDS).prefetch_related("bylines")
    if article_id is not None:
        rows = rows.filter(pk=article_id)
    last = 0
    while lot := list(rows.filter(pk__gt=last)[:LOT]):
        yield from _findings(lot)
        last = lot[-1].pk


def _findings(articles: Sequence[Article]) -> Iterator[Finding]:
    log: dict[int, list[LogEntry]] = {article.pk: [] for article in articles}
    readings: dict[int, list[Reading]] = {article.pk: [] for article in articles}
    stories = stories_of(articles)
    # The content of a hash is that of every revision that has it, while it is what its hash says.
    contents: dict[str, Content] = {story.sha256: Content() for story in stories.values()}
    wrong, copies = _wrong_revisions(articles, contents)
    entries = LogEntry.objects.filter(article__in=articles).order_by("pk")
    for entry in entries.select_related("revision").defer("revision__content"):
        log[entry.article_id].append(entry)
    for reading in Reading.objects.filter(article__in=articles).order_by("pk"):
        readings[reading.article_id].append(reading)
    for article in articles:
        rows = log[article.pk]
        broken = (
            _broken_chain(article, rows)
            or _broken_text(article, rows, wrong)
            or _broken_signature(rows, readings[article.pk])
            or _broken_article(article, rows)
            or copies.get(article.pk)
            or _broken_story(article, rows, stories.get(article.story_id or 0), contents)
        )
        yield Finding(article, len(rows), broken)


def _wrong_revisions(
    articles: Sequence[Article], contents: dict[str, Content]
) -> tuple[dict[int, list[Revision]], dict[int, Break | None]]:
    """Return by article the revisions whose content is not what their SHA-256 says.

    And what is wrong with the working copy. Fills in the `contents` whose hashes are asked for.
    """
    wrong: dict[int, list[Revision]] = {}
    copies: dict[int, Break | None] = {}
    known = {article.pk: article for article in articles}
    rows = Revision.objects.filter(article__in=articles).order_by("article_id", "number")
    fields = ("article_id", "number", "content", "sha256", "is_side")
    for revision in rows.only(*fields).iterator(100):
        if sha256_of(revision.content) != revision.sha256:
            wrong.setdefault(revision.article_id, []).append(revision)
            continue
        content = from_json(revision.content)
        if revision.sha256 in contents:
            contents[revision.sha256] = content
        if not revision.is_side:
            # The last one that comes by is the newest: it is what the desk shows.
            broken = _broken_copy(known[revision.article_id], revision.number, content)
            copies[revision.article_id] = broken
    return wrong, copies


def _broken_copy(article: Article, number: int, content: Content) -> Break | None:
    """Compare what screen and sheet show with the newest revision, which a reader signs."""
    differing = list(differing_heading(article, content))
    writers = [(row.contributor_id, row.role, row.label) for row in article.bylines.all()]
    if writers != [(row.contributor, row.role, row.label) for row in content.bylines]:
        differing.append(_("Byline"))
    if article.body != content.body:
        differing.append(_("Body"))
    if not differing:
        return None
    words = {"n": number, "what": differing[0]}
    return Break(
        None, _("What the desk shows is not revision %(n)d, the newest: %(what)s.") % words
    )


def _broken_chain(article: Article, rows: Sequence[LogEntry]) -> Break | None:
    previous, version = "", 0
    for number, entry in enumerate(rows, start=1):
        if not entry.chain:
            return Break(
                number,
                _("%(row)s carries no seal: it was written past the desk.") % _named(entry, number),
            )
        # What was printed is in the new link alone: a row that names it has no other.
        old = "" if entry.printed else old_link(entry, previous)
        if entry.chain not in {link(entry, previous), old}:
            return Break(
                number,
                _(
                    "%(row)s does not follow: it was changed, moved or put in, "
                    "or what stood before it was changed or removed."
                )
                % _named(entry, number),
            )
        # Rows from before it was noted, and those of no move, have none.
        if entry.version and not version < entry.version <= article.version:
            return Break(number, _("%(row)s is out of order.") % _named(entry, number))
        previous, version = entry.chain, entry.version or version
    if article.chain == previous:
        return None
    known = [entry.chain for entry in rows]
    if article.chain in {"", *known[:-1]}:
        return Break(len(rows), _("Rows were added at the end past the desk."))
    return Break(len(rows) or None, _("Rows are missing at the end."))


def _broken_text(
    article: Article, rows: Sequence[LogEntry], wrong: dict[int, list[Revision]]
) -> Break | None:
    for number, row in enumerate(rows, start=1):
        if row.revision and row.revision.is_side:
            words = {"n": row.revision.number}
            return Break(number, _("Revision %(n)d stands in the log and is kept aside.") % words)
    bad = wrong.get(article.pk)
    if not bad:
        return None
    numbers = {row.revision_id: number for number, row in enumerate(rows, start=1)}
    return Break(
        numbers.get(bad[0].pk),
        _("The content of revision %(n)d is not what its SHA-256 says.") % {"n": bad[0].number},
    )


def _broken_signature(rows: Sequence[LogEntry], readings: Sequence[Reading]) -> Break | None:
    """Compare each signature with the row of the log that made it, both ways."""
    left = {(reading.round, reading.reading): reading for reading in readings}
    round_ = 0
    for number, entry in enumerate(rows, start=1):
        round_ += entry.move in {"submit", "correct"}
        if entry.move != "pass":
            continue
        reading = left.pop((round_, entry.from_state), None)
        if reading is None:
            return Break(number, _("The signature of %(row)s is missing.") % _named(entry, number))
        if not _agrees(reading, entry):
            return Break(
                number,
                _("The signature of %(row)s is not what the log says.") % _named(entry, number),
            )
    if left:
        return Break(None, _("There is a signature that the log does not know."))
    return None


def _agrees(reading: Reading, entry: LogEntry) -> bool:
    revision = entry.revision
    assert revision is not None, "the database refuses a pass without its revision"
    return (
        reading.revision_id == revision.pk
        and reading.sha256 == revision.sha256
        and reading.reader_id == entry.by_id
        and reading.note == entry.note
        and reading.at == entry.at
    )


def _broken_article(article: Article, rows: Sequence[LogEntry]) -> Break | None:
    """Compare state and signed revision of the article with what the log led to."""
    state = rows[-1].to_state if rows else State.DRAFT
    if article.state != state:
        return Break(None, _("The article's state is not where the log led it."))
    signed = _signed(rows)
    if article.approved_revision_id not in {None, signed.pk if signed else None}:
        return Break(None, _("The revision that stands as signed is not the one that was signed."))
    notes = [row.note for row in rows if row.move == "correct"]
    if notes and article.correction_note != notes[-1]:
        return Break(None, _("The article's note of correction is not the one in the log."))
    return None


def _signed(rows: Sequence[LogEntry]) -> Revision | None:
    """Return the revision of the last signature that sends to print, or of the archive."""
    for entry in reversed(rows):
        if entry.move == "archive" or (entry.move == "pass" and entry.to_state == State.APPROVED):
            return entry.revision
    return None


def _broken_story(
    article: Article, rows: Sequence[LogEntry], story: Story | None, contents: dict[str, Content]
) -> Break | None:
    if story is None:
        return None
    signed = _signed(rows)
    if signed is None:
        return Break(None, _("A story is in print that nobody has signed."))
    why = broken_print(article, rows, story, signed, contents[story.sha256])
    return Break(None, why) if why else None


def _named(entry: LogEntry, number: int) -> dict[str, str]:
    """Return the name of a row for a sentence."""
    words = {
        "n": number,
        "move": rules.move_label(entry.move),
        "name": entry.by_name or _("the system"),
        "time": timezone.localtime(entry.at).strftime("%Y-%m-%d %H:%M"),
    }
    return {"row": _("Row %(n)d (%(move)s, %(name)s, %(time)s)") % words}

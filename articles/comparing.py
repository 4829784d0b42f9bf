"""Two revisions of an article side by side: what changed in each field and in the text, by whom."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from bylines.models import Contributor
from bylines.services import display_name
from paper.models import Section, Town
from photos.models import Photo
from press.models import Story
from textkit import html
from textkit.attribution import turned, who_brought, with_names
from textkit.compare import Row, compare_paragraphs
from textkit.compare_chars import Piece, compare_items, compare_texts
from textkit.count import count_chars

from .content import Content, PhotoRow, from_json
from .models import Article, Reading, Revision

#: Who brought what is worked out over so many saves, and so many characters of all together.
MOST_STEPS, MOST_TRACED = 60, 250_000
#: So many paragraphs without a change in a row are folded, all but the first and the last.
FOLD_FROM = 4


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field beside the text that changed; `is_list` where its pieces are items of a list."""

    label: str
    pieces: tuple[Piece, ...]
    is_list: bool = False


@dataclass(frozen=True, slots=True)
class PhotoChange:
    """A photo that was added or removed, or whose caption or credit changed."""

    photo: Photo | None
    kind: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of the comparison: rows to show, or rows without a change to fold away."""

    rows: Sequence[Row]
    is_folded: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One revision of those compared: how many 字 its saver put in and took out.

    None where there are too many, or too long ones, to look at each.
    """

    revision: Revision
    put_in: int | None = None
    taken_out: int | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """What lies between two revisions; its pieces carry names where more than one person wrote."""

    old: Revision
    new: Revision
    fields: Sequence[FieldChange]
    photos: Sequence[PhotoChange]
    blocks: Sequence[Block]
    steps: Sequence[Step]
    put_in: int
    taken_out: int
    moved: int

    @property
    def is_same(self) -> bool:
        """Return whether nothing at all changed."""
        rows = (row for block in self.blocks for row in block.rows)
        changed = any(row.kind != "same" or row.is_restyled for row in rows)
        return not (changed or self.fields or self.photos)


def last_signed(article: Article, user: User) -> Revision | None:
    """Return the revision of the last signature that `user` gave on `article`."""
    readings = article.readings.filter(reader=user).order_by("pk")
    reading = readings.select_related("revision").defer("revision__content").last()
    return reading.revision if reading else None


def newest_of(revisions: Iterable[Revision] | None) -> Revision | None:
    """Return the newest of `revisions` (newest first) that was not kept aside."""
    return next((revision for revision in revisions or () if not revision.is_side), None)


def has_changed_since(
    user: User, readings: Sequence[Reading], revisions: Sequence[Revision]
) -> bool:
    """Return whether `user` signed an article and it was saved since.

    `readings` are all of the article, `revisions` too, newest first.
    """
    own = [row for row in readings if row.reader_id == user.pk]
    last = max(own, key=lambda row: row.pk, default=None)
    return last is not None and last.revision != newest_of(revisions)


def compare_revisions(article: Article, old: Revision, new: Revision) -> Comparison:
    """Return what lies between two revisions of `article`; of side revisions too."""
    before, after = from_json(old.content), from_json(new.content)
    between = _between(article, old, new)
    chain = _traceable(old, new, between)
    bodies = [html.to_blocks(revision.content["body"]) for revision in chain]
    texts = [[block.text for block in body] for body in bodies]
    steps = [compare_paragraphs(a, b) for a, b in pairwise(texts)]
    first, last = ([block.tags for block in body] for body in (bodies[0], bodies[-1]))
    rows = compare_paragraphs(texts[0], texts[-1], first, last)
    names = [display_name(revision.saved_by) or _("the system") for revision in chain[1:]]
    if len(set(names)) > 1:
        brought = who_brought(texts, steps, names)
        taken = who_brought(texts[::-1], [turned(rows) for rows in steps[::-1]], names[::-1])
        rows = with_names(rows, brought, taken)
    put_in, taken_out = _sums(rows)
    return Comparison(
        old=old,
        new=new,
        fields=_fields(before, after),
        photos=_photos(before.photos, after.photos),
        blocks=_folded(rows),
        steps=_steps([*between, new], chain, steps),
        put_in=put_in,
        taken_out=taken_out,
        moved=sum(row.kind == "moved" for row in rows),
    )


def _between(article: Article, old: Revision, new: Revision) -> list[Revision]:
    """Return the saves between two revisions, where both are in the line, without their content."""
    if old.is_side or new.is_side or old.number > new.number:
        return []
    line = article.revisions.filter(
        is_side=False, number__gt=old.number, number__lt=new.number
    ).select_related("saved_by")
    return list(line.defer("content").order_by("number"))


def _traceable(old: Revision, new: Revision, between: Sequence[Revision]) -> list[Revision]:
    """Return the states from `old` to `new` with their content, or the two where it is too much."""
    if not between or len(between) > MOST_STEPS:
        return [old, new]
    full = Revision.objects.filter(pk__in=[revision.pk for revision in between])
    chain = [old, *full.select_related("saved_by").order_by("number"), new]
    size = sum(len(revision.content["body"]) for revision in chain)
    return chain if size <= MOST_TRACED else [old, new]


def _steps(
    line: Sequence[Revision], chain: Sequence[Revision], steps: Sequence[Sequence[Row]]
) -> list[Step]:
    if len(chain) <= len(line):
        return [Step(revision) for revision in line]
    return [Step(state, *_sums(step)) for state, step in zip(line, steps, strict=True)]


def _sums(rows: Iterable[Row]) -> tuple[int, int]:
    """Return how many 字 were put in and taken out."""
    pieces = [piece for row in rows for piece in row.pieces]
    put_in = sum(count_chars(piece.text) for piece in pieces if piece.op == "ins")
    return put_in, sum(count_chars(piece.text) for piece in pieces if piece.op == "del")


def _folded(rows: Iterable[Row]) -> list[Block]:
    blocks: list[Block] = []
    for is_plain, run in groupby(rows, lambda row: row.kind == "same" and not row.is_restyled):
        some = list(run)
        if is_plain and len(some) >= FOLD_FROM:
            blocks += [Block(some[:1]), Block(some[1:-1], is_folded=True), Block(some[-1:])]
        else:
            blocks.append(Block(some))
    return blocks


def _fields(before: Content, after: Content) -> list[FieldChange]:
    """Return the fields that changed, in the order of the form."""
    texts = [
        FieldChange(label, compare_texts(a, b))
        for name, label in (
            ("kicker", _("kicker")),
            ("headline", _("headline")),
            ("subhead", _("subhead")),
            ("dateline", _("dateline")),
            ("unit", _("unit")),
        )
        if (a := getattr(before, name)) != (b := getattr(after, name))
    ]
    lists = [
        FieldChange(label, compare_items(a, b), is_list=True)
        for label, a, b in _lists(before, after)
        if a != b
    ]
    return texts + lists


def _lists(before: Content, after: Content) -> list[tuple[str, list[str], list[str]]]:
    """Return label and both values of each field that is chosen from a list."""
    both = (before, after)
    people = _named(Contributor, [row.contributor for c in both for row in c.bylines])
    sections = _named(Section, [c.section for c in both if c.section])
    towns = _named(Town, [town for c in both for town in c.towns])
    values = [
        (
            _("Byline"),
            [
                [f"{row.label or row.role} {people[row.contributor]}" for row in c.bylines]
                for c in both
            ],
        ),
        (_("Section"), [[sections[c.section]] if c.section else [] for c in both]),
        (_("Towns"), [[towns[town] for town in c.towns] for c in both]),
        (_("Tags"), [list(c.tags) for c in both]),
        (_("Kind"), [[str(Story.Kind(c.kind).label)] for c in both]),
    ]
    return [(label, a, b) for label, (a, b) in values]


def _named(model: type[Model], ids: Sequence[int]) -> Mapping[int, str]:
    """Return the names of the rows with `ids`; one that is gone is told by its number."""
    rows: QuerySet[Any] = model._default_manager.filter(pk__in=ids)
    return {pk: f"#{pk}" for pk in ids} | {row.pk: str(row) for row in rows}


def _photos(before: Sequence[PhotoRow], after: Sequence[PhotoRow]) -> list[PhotoChange]:
    old, new = ({row.photo: row for row in rows} for rows in (before, after))
    photos = Photo.objects.in_bulk([*old, *new])
    changes = []
    for pk in dict.fromkeys([*new, *old]):
        kind = "changed" if pk in old and pk in new else "added" if pk in new else "removed"
        pieces = compare_texts(_photo_text(old.get(pk)), _photo_text(new.get(pk)))
        if kind != "changed" or any(piece.op != "same" for piece in pieces):
            changes.append(PhotoChange(photos.get(pk), kind, pieces))
    kept = [[pk for pk in side if pk in old and pk in new] for side in (old, new)]
    if kept[0] != kept[1]:
        changes.append(PhotoChange(None, "order", ()))
    return changes


def _photo_text(row: PhotoRow | None) -> str:
    return "\n".join(part for part in (row.caption, row.credit) if part) if row else ""

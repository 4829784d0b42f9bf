"""Comparison of two revisions of an article: changes of fields and text, and their authors."""

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
from paper.querysets import counts_marks
from photos.models import Photo
from press.models import Story
from textkit.authorship import insertion_authors, reverse_comparison, with_authors
from textkit.body import Body
from textkit.char_count import count_chars
from textkit.compare import ComparedRow, bounded, compare_paragraphs
from textkit.compare_chars import CharPiece, compare_items, compare_texts

from ..content import Content, PhotoRow, from_json
from ..models import Article, Genre, Review, Revision

#: Maximum number of saves, and of their total characters, for which authors are determined.
MOST_STEPS, MOST_TRACED = 60, 250_000
#: Runs of unchanged paragraphs are folded from this length, except the first and the last.
FOLD_FROM = 4


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A changed field; `is_list` where its pieces are items of a list."""

    label: str
    pieces: tuple[CharPiece, ...]
    is_list: bool = False


@dataclass(frozen=True, slots=True)
class PhotoChange:
    """A photo that was added or removed, or whose caption or credit changed."""

    photo: Photo | None
    kind: str
    pieces: tuple[CharPiece, ...]


@dataclass(frozen=True, slots=True)
class DiffBlock:
    """A part of the comparison: rows to show, or unchanged rows to fold."""

    rows: Sequence[ComparedRow]
    is_folded: bool = False


@dataclass(frozen=True, slots=True)
class DiffStep:
    """One compared revision, with the number of 字 that its author added and removed.

    The numbers are None where the revisions are too many or too long to compare each.
    """

    revision: Revision
    put_in: int | None = None
    taken_out: int | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """The differences of two revisions; pieces have names where several users wrote them."""

    old: Revision
    new: Revision
    fields: Sequence[FieldChange]
    photos: Sequence[PhotoChange]
    blocks: Sequence[DiffBlock]
    steps: Sequence[DiffStep]
    put_in: int
    taken_out: int
    moved: int

    @property
    def is_same(self) -> bool:
        """Return whether nothing changed."""
        rows = (row for block in self.blocks for row in block.rows)
        changed = any(row.kind != "same" or row.is_restyled for row in rows)
        return not (changed or self.fields or self.photos)


def last_signed(article: Article, user: User) -> Revision | None:
    """Return the revision of the last signature that `user` gave on `article`."""
    reviews = article.reviews.filter(reviewer=user).order_by("pk")
    review = reviews.select_related("revision").defer("revision__content").last()
    return review.revision if review else None


def newest_of(revisions: Iterable[Revision] | None) -> Revision | None:
    """Return the first of `revisions` (newest first) that is no side revision."""
    return next((revision for revision in revisions or () if not revision.is_side), None)


def has_changed_since(user: User, reviews: Sequence[Review], revisions: Sequence[Revision]) -> bool:
    """Return whether the article was saved after `user` signed it.

    `reviews` are all reviews of the article; `revisions` all its revisions, newest first.
    """
    own = [row for row in reviews if row.reviewer_id == user.pk]
    last = max(own, key=lambda row: row.pk, default=None)
    return last is not None and last.revision != newest_of(revisions)


def compare_revisions(article: Article, old: Revision, new: Revision) -> Comparison:
    """Return the differences of two revisions of `article`, side revisions included."""
    before, after = from_json(old.content), from_json(new.content)
    between = _between(article, old, new)
    chain = _traceable(old, new, between)
    bodies = [Body(revision.content["body"]).lines for revision in chain]
    texts = [[block.text for block in body] for body in bodies]
    first, last = ([block.tags for block in body] for body in (bodies[0], bodies[-1]))
    rows = compare_paragraphs(texts[0], texts[-1], first, last)
    is_one = len(texts) == 2
    steps = [rows] if is_one else [compare_paragraphs(a, b) for a, b in pairwise(texts)]
    names = [display_name(revision.saved_by) or _("the system") for revision in chain[1:]]
    if len(set(names)) > 1:
        brought = insertion_authors(texts, steps, names)
        taken = insertion_authors(
            texts[::-1], [reverse_comparison(rows) for rows in steps[::-1]], names[::-1]
        )
        rows = with_authors(rows, brought, taken)
    put_in, taken_out = _sums(rows, counts_marks())
    return Comparison(
        old=old,
        new=new,
        fields=_fields(before, after),
        photos=_photos(before.photos, after.photos),
        blocks=_folded(bounded(rows)),
        steps=_steps([*between, new], chain, steps),
        put_in=put_in,
        taken_out=taken_out,
        moved=sum(row.kind == "moved" for row in rows),
    )


def _between(article: Article, old: Revision, new: Revision) -> list[Revision]:
    """Return the revisions between two main revisions, without their content."""
    if old.is_side or new.is_side or old.number > new.number:
        return []
    line = article.revisions.filter(
        is_side=False, number__gt=old.number, number__lt=new.number
    ).select_related("saved_by")
    return list(line.defer("content").order_by("number"))


def _traceable(old: Revision, new: Revision, between: Sequence[Revision]) -> list[Revision]:
    """Return the revisions from `old` to `new` with content, or only these two if too many."""
    if not between or len(between) > MOST_STEPS:
        return [old, new]
    full = Revision.objects.filter(pk__in=[revision.pk for revision in between])
    chain = [old, *full.select_related("saved_by").order_by("number"), new]
    size = sum(len(revision.content["body"]) for revision in chain)
    return chain if size <= MOST_TRACED else [old, new]


def _steps(
    line: Sequence[Revision], chain: Sequence[Revision], steps: Sequence[Sequence[ComparedRow]]
) -> list[DiffStep]:
    if len(chain) <= len(line):
        return [DiffStep(revision) for revision in line]
    marks = counts_marks()
    return [DiffStep(state, *_sums(step, marks)) for state, step in zip(line, steps, strict=True)]


def _sums(rows: Iterable[ComparedRow], marks: bool) -> tuple[int, int]:
    """Return the number of 字 added and removed."""
    sums = {"ins": 0, "del": 0, "same": 0}
    for piece in (piece for row in rows for piece in row.pieces):
        sums[piece.op] = sums.get(piece.op, 0) + count_chars(piece.text, marks=marks)
    return sums["ins"], sums["del"]


def _folded(rows: Iterable[ComparedRow]) -> list[DiffBlock]:
    blocks: list[DiffBlock] = []
    for is_plain, run in groupby(rows, lambda row: row.kind == "same" and not row.is_restyled):
        some = list(run)
        if is_plain and len(some) >= FOLD_FROM:
            blocks += [
                DiffBlock(some[:1]),
                DiffBlock(some[1:-1], is_folded=True),
                DiffBlock(some[-1:]),
            ]
        else:
            blocks.append(DiffBlock(some))
    return blocks


def _fields(before: Content, after: Content) -> list[FieldChange]:
    """Return the changed fields in the order of the form."""
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
    """Return the label and both values of each field that is chosen from a list."""
    both = (before, after)
    people = _named(Contributor, [row.contributor for c in both for row in c.bylines])
    sections = _named(Section, [c.section for c in both if c.section])
    genres = _named(Genre, [c.genre for c in both if c.genre])
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
        (_("Genre"), [[genres[c.genre]] if c.genre else [] for c in both]),
        (_("Towns"), [[towns[town] for town in c.towns] for c in both]),
        (_("Tags"), [list(c.tags) for c in both]),
        (_("Kind"), [[str(Story.Kind(c.kind).label)] for c in both]),
    ]
    return [(label, a, b) for label, (a, b) in values]


def _named(model: type[Model], ids: Sequence[int]) -> Mapping[int, str]:
    """Return the names of the rows with `ids`; a deleted row is named by its number."""
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
    common = [[pk for pk in side if pk in old and pk in new] for side in (old, new)]
    if common[0] != common[1]:
        changes.append(PhotoChange(None, "order", ()))
    return changes


def _photo_text(row: PhotoRow | None) -> str:
    return "\n".join(part for part in (row.caption, row.credit) if part) if row else ""

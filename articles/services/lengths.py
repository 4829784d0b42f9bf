"""Lengths of articles in 字, by the paper's rule; the rule is `textkit.char_count`."""

from __future__ import annotations

from django.db import transaction

from paper.querysets import counts_marks
from textkit.body import Body
from textkit.char_count import count_chars

from ..models import Article

#: Number of articles that are counted and written at once.
_BATCH = 500


def length_of(body: Body, *, marks: bool) -> int:
    """Return the length of an article's body, as cards, budgets and the hand-off show it."""
    return count_chars(body.text, marks=marks)


def recount_articles() -> int:
    """Count all articles by the paper's present rule; return how many lengths changed.

    Published stories keep their length: it is sealed, and their page was laid out with it. A
    correction counts by the present rule.
    """
    marks, changed, last = counts_marks(), 0, 0
    while rows := list(
        Article.objects.filter(pk__gt=last).only("chars", "body").order_by("pk")[:_BATCH]
    ):
        last = rows[-1].pk
        changed += _recount(rows, marks)
    return changed


@transaction.atomic
def _recount(rows: list[Article], marks: bool) -> int:
    """Write the lengths that differ, where nobody has saved another body in the meantime."""
    changed = 0
    for row in rows:
        length = length_of(row.body, marks=marks)
        if length != row.chars:
            changed += Article.objects.filter(pk=row.pk, body=row.body).update(chars=length)
    return changed

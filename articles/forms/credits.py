"""Credit lines in form input, such as 融媒体 张三 通讯员 李四."""

from __future__ import annotations

from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext as _

from bylines.credits.field import read_field
from bylines.credits.line import Credit
from bylines.credits.settle import as_printed, known_by_name, settle
from bylines.models import Role
from bylines.services import name_key
from photos.models import Photo

from ..models import Article


def credit_text(rows: list[tuple[str, str, str]]) -> str:
    """Return (name, role, label) rows as a credit line: 融媒体 张三 通讯员 李四."""
    parts: list[str] = []
    last = None
    for name, role, label in rows:
        shown = label or role
        parts += [name] if shown == last else [shown, name]
        last = shown
    return " ".join(parts)


def text_of_credits(credits: Sequence[Credit]) -> str:
    """Return parsed credits as a credit line, with doubtful runs as they were printed."""
    return credit_text([(one.name, one.role, one.label) for one in as_printed(credits)])


def read_credits(text: str, default_role: str, known: frozenset[str] = frozenset()) -> list[Credit]:
    """Return the people of a credit line; names without a role get `default_role`.

    `known` are names that are recognised whatever their form. Raises ValidationError where the line
    cannot be parsed.
    """
    if not text.strip():
        return []
    found = list(read_field(text, default_role, known))
    if not found:
        raise forms.ValidationError(
            _("The byline cannot be read. Write it like this: 融媒体 张三 通讯员 李四"),
            code="unreadable",
        )
    return found


def credit_differs(credit: Sequence[Credit], photo: Photo) -> bool:
    """Return whether `credit` names other people than the credit of `photo`."""
    rows = photo.credits.select_related("contributor")
    return [(name_key(c.name), c.role, c.label) for c in credit] != [
        (row.contributor.name_key, row.role, row.label) for row in rows
    ]


def read_photo_credit(text: str, photo: Photo | None, known: frozenset[str]) -> list[Credit]:
    """Return the people of a photo's credit line; those of its stored credit are known.

    Raises ValidationError where the line cannot be parsed.
    """
    if text and not text.endswith(("摄", "图", "提供", "摄影")):
        text += " 摄"
    try:
        found = read_credits(text, Role.PHOTOGRAPH, known)
    except forms.ValidationError:
        if photo is None:
            raise
        known |= _credited_names(photo)
        found = read_credits(text, Role.PHOTOGRAPH, known)
    if photo is not None and any(one.run for one in found):
        known |= _credited_names(photo)
    return settle(found, known_by_name(known))


def _credited_names(photo: Photo) -> frozenset[str]:
    return frozenset(photo.credits.values_list("contributor__name", flat=True))


def has_fixed_credit(photo: Photo, article: Article | None) -> bool:
    """Return whether `article` may not change the credit of `photo`.

    The credit of a photo that is published, or that another article uses, is fixed.
    """
    others = photo.article_photos.all()
    if article is not None and article.pk:
        others = others.exclude(article=article)
    return others.exists() or photo.prints.exclude(story__article=article).exists()

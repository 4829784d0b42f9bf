"""Template tags of the desk."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.contrib.auth.models import User
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.content import Content
from articles.models import Article
from articles.pictures import body_html, desk_address
from bylines.services import display_name
from paper import times
from paper.roles import roles_of
from photos.models import Photo
from photos.picture import picture, row_of
from photos.services import credit_line
from proofing.rules import Finding

register = template.Library()

_FINDINGS = {
    "half-width": gettext_lazy("half-width mark among Chinese characters"),
    "doubled": gettext_lazy("a word twice"),
    "unpaired": gettext_lazy("a quotation mark or bracket without its other half"),
    "house-word": gettext_lazy("on the house list"),
}


@register.filter
def person(user: User | None) -> str:
    """Return the name of a login in Chinese order."""
    return display_name(user)


@register.filter
def initial(user: Any) -> str:
    """Return the first character of the name, for the round sign of a person."""
    return display_name(user)[:1]


@register.simple_tag
def icon(name: str) -> SafeString:
    """Return an icon of the sprite; it says nothing that words beside it do not."""
    return format_html(
        '<svg class="icon" aria-hidden="true" width="20" height="20"><use href="{}#{}"/></svg>',
        static("desk/icons.svg"),
        name,
    )


@register.filter
def labelled(cells: Iterable[str], headers: Iterable[Mapping[str, Any]]) -> list[SafeString]:
    """Return the cells of a list's row with their column's name, which a phone shows."""
    found = []
    for cell, header in zip(cells, headers, strict=False):
        name = format_html(' data-label="{}"', capfirst(header["text"]))
        text = f"{cell[:3]}{name}{cell[3:]}" if cell.startswith(("<td", "<th")) else cell
        for value, words in (("True", _("yes")), ("False", _("no")), ("None", _("unknown"))):
            text = text.replace(f'alt="{value}"', f'alt="{words}"')
        found.append(mark_safe(text))  # noqa: S308
    return found


@register.filter
def role_labels(user: Any) -> str:
    """Return the roles of a login in words."""
    return "、".join(str(role.label) for role in sorted(roles_of(user)))


@register.filter
def ago(at: dt.datetime | None) -> SafeString | str:
    """Return how long ago `at` was, in words, with the exact time on hover."""
    return times.time_tag(at, times.ago(at, timezone.now())) if at else ""


@register.filter
def left(at: dt.datetime | None) -> SafeString | str:
    """Return how long it is until `at`, in words, with the exact time on hover."""
    return times.time_tag(at, times.left(at, timezone.now())) if at else ""


@register.simple_tag
def desk_picture(photo: Photo, alt: str = "", of: Article | None = None, **how: Any) -> SafeString:
    """Return the <picture> of a photo for who may see it at the desk, or the record of `of`."""
    return picture(row_of(photo, desk_address(photo, of)), alt, **how)


@register.filter
def photo_credit(photo: Photo) -> str:
    """Return the credit line under a photo."""
    return credit_line(photo)


@register.filter
def working_html(text: Article | Content, of: Article | None = None) -> SafeString:
    """Return the body of an article, or a revision `of` one, sanitised anew, with its photos."""
    return mark_safe(body_html(text, of))  # noqa: S308


@register.filter
def finding_words(finding: Finding) -> str:
    """Return in words what a proofing finding means, and what to write instead."""
    words = str(_FINDINGS[finding.rule])
    if not finding.better:
        return words
    return _("%(what)s; write: %(better)s") % {"what": words, "better": finding.better}

"""Template tags and filters of the desk."""

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
from articles.selectors.body_html import body_html, desk_address
from bylines.services import display_name
from paper import humanize
from paper.permissions import roles_of
from photos.html import picture_html, row_of
from photos.models import Photo
from photos.services import credit_line
from proofing.rules import Finding
from textkit.characters import code_points, private_characters

register = template.Library()
register.filter("iso", humanize.iso)

_FINDINGS = {
    "half-width": gettext_lazy("half-width punctuation between Chinese characters"),
    "doubled": gettext_lazy("repeated word"),
    "unpaired": gettext_lazy("unpaired quotation mark or bracket"),
    "private-character": gettext_lazy("shown only by the font it was typed with: %(codes)s"),
    "house-word": gettext_lazy("on the house list"),
}


@register.filter
def person(user: User | None) -> str:
    """Return the display name of a user, in Chinese order."""
    return display_name(user)


@register.filter
def initial(user: Any) -> str:
    """Return the first character of the name, for a user's avatar."""
    return display_name(user)[:1]


@register.simple_tag
def icon(name: str) -> SafeString:
    """Return a decorative icon of the sprite, hidden from assistive technology."""
    return format_html(
        '<svg class="icon" aria-hidden="true" width="20" height="20"><use href="{}#{}"/></svg>',
        static("desk/icons.svg"),
        name,
    )


@register.filter
def labelled(cells: Iterable[str], headers: Iterable[Mapping[str, Any]]) -> list[SafeString]:
    """Return the cells of a list row with `data-label` attributes, which a phone shows."""
    found = []
    for cell, header in zip(cells, headers, strict=False):
        name = format_html(' data-label="{}"', capfirst(header["text"]))
        text = f"{cell[:3]}{name}{cell[3:]}" if cell.startswith(("<td", "<th")) else cell
        for value, label in (("True", _("yes")), ("False", _("no")), ("None", _("unknown"))):
            text = text.replace(f'alt="{value}"', f'alt="{label}"')
        found.append(mark_safe(text))  # noqa: S308
    return found


@register.filter
def role_labels(user: Any) -> str:
    """Return the labels of a user's roles."""
    return "、".join(str(role.label) for role in sorted(roles_of(user)))


@register.filter
def ago(at: dt.datetime | None) -> SafeString | str:
    """Return the time since `at`, with the exact time as its title."""
    return humanize.time_tag(at, humanize.ago(at, timezone.now())) if at else ""


@register.filter
def left(at: dt.datetime | None) -> SafeString | str:
    """Return the time until `at`, with the exact time as its title."""
    return humanize.time_tag(at, humanize.left(at, timezone.now())) if at else ""


@register.simple_tag
def desk_picture(photo: Photo, alt: str = "", of: Article | None = None, **how: Any) -> SafeString:
    """Return the <picture> of a photo, for users who may see it or the record of `of`."""
    return picture_html(row_of(photo, desk_address(photo, of)), alt, **how)


@register.filter
def photo_credit(photo: Photo) -> str:
    """Return the credit line under a photo."""
    return credit_line(photo)


@register.filter
def working_html(text: Article | Content, of: Article | None = None) -> SafeString:
    """Return the sanitised body of an article, or of a revision `of` it, with its photos."""
    return mark_safe(body_html(text, of))  # noqa: S308


@register.filter
def finding_words(finding: Finding) -> str:
    """Return the message of a proofing finding, with the replacement if there is one."""
    message = str(_FINDINGS[finding.rule])
    if finding.rule == "private-character":
        return message % {"codes": code_points(private_characters(finding.excerpt))}
    if not finding.better:
        return message
    return _("%(what)s; write: %(better)s") % {"what": message, "better": finding.better}

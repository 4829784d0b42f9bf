"""Checks of the content of an article before it is saved."""

from __future__ import annotations

from dataclasses import replace

from django.utils.translation import gettext as _

from bylines.models import Contributor
from paper.models import Section, Town
from press.tags import current_names
from textkit.characters import code_points, private_characters

from ..content import Content, tidy
from ..exceptions import Invalid
from ..models import Genre
from ..text_limits import MAX_TAG, escaped_markup_message, excess_of, is_long_tag, is_lost_tag

MAX_HEADLINE = 300
_LIMITS = {"kicker": 120, "subhead": 300, "dateline": 60, "unit": 60}


def checked_content(content: Content, *, has_code: bool) -> Content:
    """Return `content` normalised; raise Invalid with every problem that a user can fix."""
    clean, problems = checked_text(content, has_code=has_code)
    clean = with_current_names(clean)
    if clean.section is not None and not Section.objects.filter(pk=clean.section).exists():
        problems.append(_("There is no such section."))
    if clean.genre is not None and not Genre.objects.filter(pk=clean.genre).exists():
        problems.append(_("There is no such genre."))
    writers = {row.contributor for row in clean.bylines}
    if Contributor.objects.filter(pk__in=writers).count() < len(writers):
        problems.append(
            _("Somebody in the byline is no longer a contributor. Please enter the byline again.")
        )
    if problems:
        raise Invalid(problems)
    return clean


def checked_text(content: Content, *, has_code: bool = False) -> tuple[Content, list[str]]:
    """Return `content` normalised, and the problems of its text, without database queries.

    With `has_code`, HTML tags in the text are meant as code. Raises Invalid where it is too large
    to be normalised.
    """
    excess = excess_of(content.body)
    if excess:
        raise Invalid([excess])
    clean = tidy(content)
    # Check again: each typed < and & is longer now, and the stored text must be savable again.
    problems = [excess] if (excess := excess_of(clean.body)) else []
    if (code := clean.escaped_markup) and not has_code:
        problems.append(escaped_markup_message(code))
    problems += [
        _("“%(start)s…” is longer than %(limit)d characters. Please shorten it.")
        % {"start": getattr(clean, name)[:10], "limit": limit}
        for name, limit in {**_LIMITS, "headline": MAX_HEADLINE}.items()
        if len(getattr(clean, name)) > limit
    ]
    problems += [
        _("The tag “%(start)s…” is longer than %(limit)d characters. Please shorten it.")
        % {"start": tag[:10], "limit": MAX_TAG}
        for tag in clean.tags
        if is_long_tag(tag)
    ]
    problems += [
        _("The tag “%(tag)s” cannot be used in a web address. Please choose another.")
        % {"tag": tag}
        for tag in clean.tags
        if is_lost_tag(tag)
    ]
    problems += [
        _("%(codes)s in the tag “%(tag)s”: only the font it was typed with can show it.")
        % {"codes": code_points(found), "tag": tag}
        for tag in clean.tags
        if (found := private_characters(tag))
    ]
    return clean, problems


def with_current_names(content: Content) -> Content:
    """Return `content` as it can be saved now: old text may name former towns and tags.

    Deleted towns are removed; tags get their current names.
    """
    known = set(Town.objects.filter(pk__in=content.towns).values_list("pk", flat=True))
    tags = sorted(current_names(content.tags)) if content.tags else ()
    towns = tuple(pk for pk in content.towns if pk in known)
    return replace(content, towns=towns, tags=tuple(tags))

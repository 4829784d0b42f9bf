"""Template filters for the PDF of an issue."""

from __future__ import annotations

from django import template
from django.utils.safestring import SafeString, mark_safe

from ..byline import signature
from ..models import Story

register = template.Library()


@register.filter
def set_body(story: Story) -> SafeString:
    """Return the text of a story as sanitised at publication, without its photos."""
    return mark_safe(story.body.without_photos())  # noqa: S308


@register.filter
def signed(story: Story) -> str:
    """Return the signature at a story's end, or "" for a roundup, whose parts have their own."""
    return "" if story.kind == Story.Kind.ROUNDUP else signature(story.byline)

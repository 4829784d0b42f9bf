"""What the PDF of an issue is set with."""

from __future__ import annotations

from django import template
from django.utils.safestring import SafeString, mark_safe

from textkit import html

from ..byline import signature
from ..models import Story

register = template.Library()


@register.filter
def set_body(story: Story) -> SafeString:
    """Return the text of a story as it was sanitised at print, its photos apart."""
    return mark_safe(html.without_photos(story.body))  # noqa: S308


@register.filter
def signed(story: Story) -> str:
    """Return the signature at a story's end; the parts of a roundup have their own."""
    return "" if story.kind == Story.Kind.ROUNDUP else signature(story.byline)

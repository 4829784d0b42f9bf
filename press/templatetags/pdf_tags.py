"""What the PDF of an issue is set with."""

from __future__ import annotations

from django import template
from django.utils.safestring import SafeString, mark_safe

from textkit import html

from ..models import Story

register = template.Library()


@register.filter
def set_body(story: Story) -> SafeString:
    """Return the text of a story as it was sanitised at print, its photos apart."""
    return mark_safe(html.without_photos(story.body))  # noqa: S308


@register.filter
def signed(story: Story) -> str:
    """Return the byline at a story's end, with each label before the people that it names."""
    words: list[str] = []
    last = ""
    for row in story.byline:
        label = str(row["label"] or row["role"])
        words += [row["name"]] if label == last else [label, row["name"]]
        last = label
    return f"（{' '.join(words)}）" if words and story.kind != "roundup" else ""

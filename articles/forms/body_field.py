"""Form field of the body: a plain text area in light markup, which the text editor replaces."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.templatetags.static import static
from django.urls import reverse
from django_prose_editor.config import expand_extensions
from django_prose_editor.widgets import importmap
from js_asset import Media

from textkit.allowed_html import EXTENSIONS
from textkit.body import Body

from ..text_limits import excess_of

HTML, LIGHT = "html", "light"
_STYLES = ("material-icons", "editor")
#: A photo that the text editor placed before its file was uploaded, by its row in the form.
_ROW = re.compile(r'(<figure[^<>]* data-photo=")row-(\d{1,3})(")')


class BodyArea(forms.Textarea):
    """A text area with the settings that the text editor needs to replace it.

    The page itself loads no part of the editor; `static/desk/editor.js` does.
    """

    @property
    def media(self) -> Media:
        """Return the import map of the editor's modules."""
        return Media(importmap=importmap)

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """Add the editor's settings and URLs."""
        context = super().get_context(name, value, attrs)
        config = {
            "extensions": expand_extensions(EXTENSIONS),
            "js_modules": [static("desk/editor_parts.js")],
            "css": [static(f"django_prose_editor/{name}.css") for name in _STYLES],
            "words": reverse("admin:jsi18n"),
            "convert": reverse("admin:articles_body"),
        }
        context["widget"]["attrs"]["data-editor"] = json.dumps(config, separators=(",", ":"))
        return context


def body_of(text: str, how: str, photos: Mapping[int, int]) -> Body:
    """Return the input as a body; `photos` maps numbers on the screen to photo ids.

    Raises ValidationError where the text is too long.
    """
    excess = excess_of(text, is_light=how == LIGHT)
    if excess:
        raise ValidationError(excess)
    if how == LIGHT:
        return Body.from_markup(text, photos)

    def by_id(found: re.Match[str]) -> str:
        number = photos.get(int(found[2]))
        return f"{found[1]}{number}{found[3]}" if number else found[0]

    return Body.from_html(_ROW.sub(by_id, text))

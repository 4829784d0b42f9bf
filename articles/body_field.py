"""The body as it is typed: a plain text area in light markup, which becomes the text editor."""

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

from textkit import html, light
from textkit.paste import mend
from textkit.printable import EXTENSIONS

from .limits import excess_of

HTML, LIGHT = "html", "light"
_STYLES = ("material-icons", "editor")
#: A photo that the text editor placed before its file was sent: by its row in the form.
_ROW = re.compile(r'(<figure[^<>]* data-photo=")row-(\d{1,3})(")')


class BodyArea(forms.Textarea):
    """A plain text area that carries what the text editor needs to start in its place.

    The page itself loads no part of the editor; `static/desk/editor.js` does.
    """

    @property
    def media(self) -> Media:
        """Return the names under which the editor's modules know each other."""
        return Media(importmap=importmap)

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """Add the editor's settings and addresses."""
        context = super().get_context(name, value, attrs)
        config = {
            "extensions": expand_extensions(EXTENSIONS),
            "js_modules": [static("desk/editor-parts.js")],
            "css": [static(f"django_prose_editor/{name}.css") for name in _STYLES],
            "words": reverse("admin:jsi18n"),
            "convert": reverse("admin:articles_body"),
        }
        context["widget"]["attrs"]["data-editor"] = json.dumps(config, separators=(",", ":"))
        return context


def body_of(text: str, how: str, photos: Mapping[int, int]) -> str:
    """Return what was typed as HTML; `photos` leads from numbers on the screen to photo ids.

    Raises ValidationError where it is too much text.
    """
    excess = excess_of(text, is_light=how == LIGHT)
    if excess:
        raise ValidationError(excess)
    if how == LIGHT:
        return light.from_light(text, photos)

    def by_id(found: re.Match[str]) -> str:
        number = photos.get(int(found[2]))
        return f"{found[1]}{number}{found[3]}" if number else found[0]

    return _ROW.sub(by_id, text)


def shown_html(text: str, how: str, photos: Mapping[int, int]) -> str:
    """Return what stands in the text area as clean HTML for the text editor.

    Raises ValidationError where it is too much text.
    """
    return html.sanitise(mend(body_of(text, how, photos)))

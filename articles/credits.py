"""Credit lines as typed in a form: 融媒体 张三 通讯员 李四."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext as _

from bylines.credit_line import Credit, parse


def credit_text(rows: list[tuple[str, str, str]]) -> str:
    """Return (name, role, label) rows as a credit line: 融媒体 张三 通讯员 李四."""
    words: list[str] = []
    last = None
    for name, role, label in rows:
        shown = label or role
        words += [name] if shown == last else [shown, name]
        last = shown
    return " ".join(words)


def read_credits(text: str, default_role: str) -> list[Credit]:
    """Return the people of a credit line; names alone get `default_role`.

    Raises ValidationError where the line cannot be read.
    """
    if not text.strip():
        return []
    found = list(parse(text)) or [
        Credit(c.name, default_role) for c in parse(f"（{default_role} {text}）")
    ]
    if not found:
        raise forms.ValidationError(
            _("This cannot be read. Write it like: 融媒体 张三 通讯员 李四"), code="unreadable"
        )
    return found

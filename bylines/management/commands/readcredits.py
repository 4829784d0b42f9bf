"""Management command that parses credit lines from standard input."""

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand

from bylines.credits.line import read_line
from bylines.credits.settle import doubts_in
from textkit.characters import clean_text


class Command(BaseCommand):
    """Print one JSON object per line: {"text", "dateline", "credits": [{name, role, label?}]}.

    A line with names run together that can be read in several ways has "doubts" too: a list of
    {"text", "alternatives"}, each alternative a list of names, the one in "credits" first.
    """

    help = "Reads credit lines from standard input and prints a JSON object for each."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Parse until the input ends; a line that is not UTF-8 is decoded as GB 18030."""
        for raw in sys.stdin.buffer:
            text = clean_text(_decode(raw)).strip("\n")
            if text.strip():
                self.stdout.write(json.dumps(_as_dict(text), ensure_ascii=False))


def _decode(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("gb18030", errors="replace")


def _as_dict(text: str) -> dict[str, Any]:
    line = read_line(text)
    credits = [
        {"name": c.name, "role": c.role, **({"label": c.label} if c.label else {})}
        for c in line.credits
    ]
    doubts = [doubt.as_dict() for doubt in doubts_in(line.credits)]
    values = {"text": text, "dateline": line.dateline, "credits": credits}
    return {**values, "doubts": doubts} if doubts else values

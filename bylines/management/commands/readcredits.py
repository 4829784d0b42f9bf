"""Read credit lines from standard input."""

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand

from bylines.credit_line import read_line


class Command(BaseCommand):
    """Print a JSON object a line: {"text", "dateline", "credits": [{name, role, label?}]}."""

    help = "Reads credit lines from standard input and prints one JSON object a line."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Read until the input ends; a line that is not UTF-8 is read as GB 18030."""
        for raw in sys.stdin.buffer:
            text = _decode(raw).strip("\r\n\ufeff")
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
    return {"text": text, "dateline": line.dateline, "credits": credits}

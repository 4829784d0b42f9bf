"""Check that every string is translated and compiled; --compile writes the .mo file first."""

import io
import sys
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

FOLDER = Path(__file__).resolve().parent.parent / "locale" / "zh_Hans" / "LC_MESSAGES"


def main() -> int:
    """Return the number of faults, printed one a line."""
    with (FOLDER / "django.po").open("rb") as stream:
        catalog = read_po(stream, locale="zh_Hans", domain="django")
    compiled = io.BytesIO()
    write_mo(compiled, catalog)
    target = FOLDER / "django.mo"
    if "--compile" in sys.argv:
        target.write_bytes(compiled.getvalue())
    faults = [f"not translated: {m.id}" for m in catalog if m.id and not _is_done(m.string)]
    faults += [f"fuzzy: {m.id}" for m in catalog if m.id and m.fuzzy]
    if not target.exists() or target.read_bytes() != compiled.getvalue():
        faults.append("django.mo is out of date: run make messages")
    print("\n".join(faults) or f"{len(catalog)} strings, all translated")
    return len(faults)


def _is_done(string: object) -> bool:
    return all(string) if isinstance(string, tuple) else bool(string)


if __name__ == "__main__":
    sys.exit(bool(main()))

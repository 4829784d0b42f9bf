"""Check that every string is translated and compiled; --compile writes the .mo files first.

`django` are our own strings, which makemessages collects; `djangojs` are the words that the text
editor's package brings in English, kept by hand.
"""

import io
import sys
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

FOLDER = Path(__file__).resolve().parent.parent / "locale" / "zh_Hans" / "LC_MESSAGES"


def main() -> int:
    """Return the number of faults, printed one a line."""
    return sum(_check(domain) for domain in ("django", "djangojs"))


def _check(domain: str) -> int:
    with (FOLDER / f"{domain}.po").open("rb") as stream:
        catalog = read_po(stream, locale="zh_Hans", domain=domain)
    compiled = io.BytesIO()
    write_mo(compiled, catalog)
    target = FOLDER / f"{domain}.mo"
    if "--compile" in sys.argv:
        target.write_bytes(compiled.getvalue())
    faults = [f"not translated: {m.id}" for m in catalog if m.id and not _is_done(m.string)]
    faults += [f"fuzzy: {m.id}" for m in catalog if m.id and m.fuzzy]
    if not target.exists() or target.read_bytes() != compiled.getvalue():
        faults.append(f"{domain}.mo is out of date: run make messages")
    print("\n".join(faults) or f"{domain}: {len(catalog)} strings, all translated")
    return len(faults)


def _is_done(string: object) -> bool:
    return all(string) if isinstance(string, tuple) else bool(string)


if __name__ == "__main__":
    sys.exit(bool(main()))

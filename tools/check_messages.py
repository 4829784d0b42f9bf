"""Check that every string is translated with its own placeholders; --compile writes the .mo files.

Domain `django` contains our own strings, which makemessages collects. `djangojs` contains the
English strings of the text editor's package, and is edited by hand.
"""

import io
import re
import sys
from pathlib import Path

from babel.messages.catalog import Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

FOLDER = Path(__file__).resolve().parent.parent / "locale" / "zh_Hans" / "LC_MESSAGES"


def main() -> int:
    """Print the faults, one per line, and return their number."""
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
    faults += [f"placeholder that the string lacks: {m.id}" for m in catalog if _extra(m)]
    if not target.exists() or target.read_bytes() != compiled.getvalue():
        faults.append(f"{domain}.mo is out of date: run make messages")
    print("\n".join(faults) or f"{domain}: {len(catalog)} strings, all translated")
    return len(faults)


def _extra(message: Message) -> set[str]:
    """Return the placeholders, such as %(name)s, of the translation that the string lacks."""
    have, wanted = (
        set(re.findall(r"%\((\w+)\)", " ".join([text] if isinstance(text, str) else text)))
        for text in (message.string, message.id)
    )
    return have - wanted


def _is_done(string: object) -> bool:
    return all(string) if isinstance(string, tuple) else bool(string)


if __name__ == "__main__":
    sys.exit(bool(main()))

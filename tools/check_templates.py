"""Check that no line of a template is longer than 120 characters."""

import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "templates"
WIDTH = 120


def main() -> int:
    """Print the lines that are too long, one per line, and return their number."""
    files = [path for path in sorted(FOLDER.rglob("*")) if path.is_file()]
    faults = [
        f"{path.relative_to(FOLDER.parent)}:{number}: {len(line)} characters"
        for path in files
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if len(line) > WIDTH
    ]
    print("\n".join(faults) or f"{len(files)} templates, no line over {WIDTH} characters")
    return len(faults)


if __name__ == "__main__":
    sys.exit(bool(main()))

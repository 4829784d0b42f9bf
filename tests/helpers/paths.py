"""Paths of the files that tests read."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "tests" / "data"
#: Examples and reference data beside the project; tests that need them skip where it is missing.
SHARED = ROOT.parent / "shared"


def left_in(folder: Path) -> list[str]:
    """Return the names in a folder, sorted; an empty list if it does not exist."""
    return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []

"""Rule: imports point down only, also inside functions; the reader never imports the desk."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.helpers.layers import LEVEL
from tests.helpers.paths import ROOT

DESK_ONLY = {"desk", "ingest", "issues", "articles", "accounts", "notifications", "outbox"}


def _imports(path: Path) -> Iterator[str]:
    """Yield every absolute import of a file, also inside functions."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module


def _is_allowed(app: str, other: str) -> bool:
    if app == other or other not in LEVEL:
        return True
    if app == "reader" and other in DESK_ONLY:
        return False
    return LEVEL[app] < LEVEL[other]


@pytest.mark.parametrize("app", sorted(LEVEL))
def test_imports_point_down(app):
    wrong = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in sorted((ROOT / app).rglob("*.py"))
        if "migrations" not in path.parts
        for name in _imports(path)
        if not _is_allowed(app, name.split(".")[0])
    ]
    assert wrong == []


def test_relative_imports_stay_in_their_app():
    wrong = []
    for app in LEVEL:
        for path in (ROOT / app).rglob("*.py"):
            depth = len(path.relative_to(ROOT).parts) - 1
            nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if any(isinstance(n, ast.ImportFrom) and n.level > depth for n in nodes):
                wrong.append(str(path))
    assert wrong == []


def test_the_pure_parts_know_no_database():
    """`textkit` and the page parser are functions of their arguments."""
    files = [*(ROOT / "textkit").glob("*.py"), *(ROOT / "ingest").glob("page_*.py")]
    wrong = [f for f in files for name in _imports(f) if name.split(".")[0] == "django"]
    assert wrong == []

"""Rules for the project's own files: sizes, no broad except, no host or machine path."""

from __future__ import annotations

import ast
import re
import statistics
import subprocess
from pathlib import Path

from tests.helpers.paths import ROOT

APPS = [path.parent for path in ROOT.glob("*/apps.py")] + [ROOT / "textkit"]


def _sources() -> list[Path]:
    files = [path for app in APPS for path in app.rglob("*.py")]
    return [path for path in files if "migrations" not in path.parts]


def test_files_and_functions_are_short():
    lengths = []
    for path in _sources():
        text = path.read_text(encoding="utf-8")
        assert len(text.splitlines()) < 400, path
        functions = [n for n in ast.walk(ast.parse(text)) if isinstance(n, ast.FunctionDef)]
        lengths += [(node.end_lineno or 0) - node.lineno + 1 for node in functions]
    lengths.sort()
    assert statistics.median(lengths) <= 8
    assert lengths[int(len(lengths) * 0.9)] <= 25
    assert lengths[-1] <= 50


def test_test_modules_are_short_and_import_helpers_alone():
    for path in [*(ROOT / "tests").rglob("*.py"), *(ROOT / "tests_e2e").rglob("*.py")]:
        text = path.read_text(encoding="utf-8")
        assert len(text.splitlines()) < 400, path
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.ImportFrom):
                assert node.level == 0, path
                parts = (node.module or "").split(".")
                is_ours = parts[0] in {"tests", "tests_e2e"}
                assert not is_ours or parts[1:2] == ["helpers"], path


def test_no_broad_except():
    for path in _sources():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ExceptHandler):
                name = getattr(node.type, "id", "")
                assert node.type is not None, path
                assert name not in {"Exception", "BaseException"}, path


def test_no_registry_and_no_machine_path():
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    ).stdout.decode()
    host = re.compile(
        r"files\.pythonhosted|pypi\.(org|python)|registry\.(npmjs|yarnpkg)|--(extra-)?index-url"
        r"|/home/[a-z]|/root/|/Users/"
    )
    wrong = []
    for name in filter(None, listed.split("\0")):
        path = ROOT / name
        binary = {".mo", ".png", ".heic", ".jpg", ".woff2", ".ttf", ".gz"}
        if path == Path(__file__) or path.suffix in binary:
            continue
        if path.is_file() and host.search(path.read_text(encoding="utf-8")):
            wrong.append(name)
    assert wrong == []


def test_templates_are_narrow():
    from tools import check_templates

    assert check_templates.main() == 0


def test_every_string_is_translated():
    from tools import check_messages

    assert check_messages.main() == 0


_CODE = re.compile(r"`([^`]+)`")
#: Symbols of another file than those that their row names: commands and registries.
_ELSEWHERE = {"make messages", "run", "register_kind(JobKind(…))", "enqueue", "Actor.may"}


def _text_of(path: Path) -> str:
    files = path.rglob("*.py") if path.is_dir() else [path]
    return "".join(file.read_text(encoding="utf-8") for file in files)


def test_the_table_of_changes_names_files_and_symbols_that_exist():
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    table = text.partition("## Where to change what")[2].partition("\n## ")[0]
    rows = [line.split("|") for line in table.splitlines() if line.startswith("| ")]
    assert len(rows) > 50
    missing = []
    for _start, change, where, *_end in rows:
        named = _CODE.findall(where)
        named = [name for name in named if not name.startswith("./run ")]
        paths = [name for name in named if "/" in name]
        source = ""
        for name in paths:
            # "management/commands/" is a folder of several apps.
            found = [ROOT / name] if (ROOT / name).exists() else list(ROOT.glob(f"*/{name}"))
            missing += [] if found else [(change, name)]
            source += "".join(map(_text_of, found))
        symbols = [name for name in named if name not in paths and name not in _ELSEWHERE]
        for symbol in symbols:
            words = re.findall(r"[A-Za-z_]{3,}", symbol) if not symbol.endswith(".py") else []
            missing += [(change, word) for word in words if not re.search(rf"\b{word}", source)]
    assert missing == []

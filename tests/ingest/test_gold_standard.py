"""The parser agrees with the manual results for real pages and credit lines.

The pages are not part of the repository: the tests skip if they are missing.
"""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import pytest

from bylines.credits.line import read_line
from ingest.page_parser.text import read
from tests.helpers.paths import SHARED

SEED = SHARED / "seed"
pytestmark = pytest.mark.skipif(not SEED.exists(), reason=f"no gold readings at {SEED.name}/")


def score(page: Path, gold: Path) -> float:
    """Return the mean score of the parsed page."""
    spec = importlib.util.spec_from_file_location("score", SEED / "score.py")
    scorer = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(scorer)
    reading = read(page.read_text(encoding="utf-8")).as_dict()
    figures, _misses = scorer.score(json.loads(gold.read_text(encoding="utf-8")), reading)
    return sum(figures.values()) / len(figures)


def test_the_seed_page():
    assert score(SEED / "page.txt", SEED / "gold.json") >= 0.97


def pages() -> list[Path]:
    return sorted((SEED / "pages").glob("*.txt"))


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.stem)
def test_the_other_pages(page):
    gold = next(
        p for p in (page.with_suffix(".json"), page.with_suffix(".gold.json")) if p.exists()
    )
    assert score(page, gold) >= 0.80


def lines() -> list[dict]:
    return [json.loads(line) for line in (SEED / "credits.jsonl").open(encoding="utf-8")]


def exact(row: dict) -> bool:
    line = read_line(row["text"])
    credits = [
        {"name": c.name, "role": c.role, **({"label": c.label} if c.label else {})}
        for c in line.credits
    ]
    return (line.dateline, credits) == (row["dateline"], row["credits"])


def test_nine_in_ten_credit_lines_are_read_exactly():
    plain = [row for row in lines() if not row.get("hard")]
    assert sum(map(exact, plain)) >= 0.9 * len(plain)


def test_what_is_no_credit_gives_none():
    assert [row["text"] for row in lines() if row.get("negative") and not exact(row)] == []

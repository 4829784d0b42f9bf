"""Fixtures of the commands for operators."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture
def target(tmp_path) -> Path:
    """Return the path of a backup."""
    (tmp_path / "backups").mkdir()
    return tmp_path / "backups" / "paper.tar.gz"

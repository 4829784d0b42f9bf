"""Fixtures of the outbox: a registry of its own for each test."""

from __future__ import annotations

import pytest

from outbox import registry
from outbox.registry import JobKind


@pytest.fixture(autouse=True)
def own_registry(monkeypatch) -> None:
    """What a test registers is gone after it, and the paper's own tasks do not run."""
    monkeypatch.setattr(registry, "_kinds", dict(registry._kinds))
    monkeypatch.setattr(registry, "_tasks", {})


@pytest.fixture
def ran(own_registry) -> list[str]:
    """The keys of the jobs of the kind `note` that ran, in order."""
    keys: list[str] = []
    registry.register_kind(JobKind("note", lambda job, at: keys.append(job.key)))
    return keys

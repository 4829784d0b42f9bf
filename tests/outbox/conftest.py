"""Fixtures of the outbox: a separate registry for each test."""

from __future__ import annotations

import pytest

from outbox import registry
from outbox.registry import JobKind


@pytest.fixture(autouse=True)
def own_registry(monkeypatch) -> None:
    """Remove the registrations of a test after it; the project's own tasks do not run."""
    monkeypatch.setattr(registry, "_kinds", dict(registry._kinds))
    monkeypatch.setattr(registry, "_tasks", {})


@pytest.fixture
def ran(own_registry) -> list[str]:
    """Return the keys of the jobs of the kind `note` that ran, in order."""
    keys: list[str] = []
    registry.register_kind(JobKind("note", lambda job, at: keys.append(job.key)))
    return keys

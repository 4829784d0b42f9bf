"""The order of the apps: imports point down only."""

from __future__ import annotations

#: From the top down; apps on one level do not import each other.
LEVELS = [
    {"newsroom"},
    {"reader", "desk"},
    {"ingest"},
    {"issues"},
    {"articles"},
    {"press"},
    {"photos"},
    {"accounts"},
    {"bylines"},
    {"notifications"},
    {"outbox"},
    {"paper"},
    {"proofing"},
    {"search"},
    {"textkit"},
]
LEVEL = {app: level for level, apps in enumerate(LEVELS) for app in apps}

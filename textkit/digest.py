"""SHA-256 digests of plain data, identical on every machine and in every version of Python."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from typing import Any


def canonical_json(data: Mapping[str, Any]) -> str:
    """Return `data` as canonical JSON: sorted keys, no white space, characters unescaped."""
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def sha256_of(data: Mapping[str, Any]) -> str:
    """Return the SHA-256 (64 hex digits) of `data` as canonical JSON in UTF-8."""
    return hashlib.sha256(canonical_json(data).encode()).hexdigest()


def utc(at: dt.datetime | None) -> str | None:
    """Return an aware time in UTC to the microsecond, as used in digests; None for None."""
    return at.astimezone(dt.UTC).isoformat(timespec="microseconds") if at else None

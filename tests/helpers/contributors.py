"""Count of contributors."""

from __future__ import annotations

from bylines.models import Contributor


def everybody() -> int:
    return Contributor.objects.count()

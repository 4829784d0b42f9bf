"""System check of the outbox."""

from typing import Any

from django.core.checks import CheckMessage, Warning, register
from django.db import DatabaseError


@register(deploy=True)
def given_up(**kwargs: Any) -> list[CheckMessage]:
    """Warn of jobs that were given up (outbox.W001)."""
    from .models import Job

    try:
        n = Job.objects.given_up().count()
        last = Job.objects.given_up().order_by("given_up_at").last()
    except DatabaseError:
        return []  # before the first migration
    if last is None:
        return []
    return [
        Warning(
            f"{n} jobs of the outbox were given up, the last one ({last.kind}) with: {last.error}",
            hint="Remove the cause, then try them again: ./run run_outbox --retry",
            id="outbox.W001",
        )
    ]

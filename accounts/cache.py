"""Shared database cache for counters, which reports a write that fails.

Private API of Django (used with 5.2): `DatabaseCache._base_set`, through which `set`, `add` and
`touch` write; it hides every DatabaseError.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.db import DatabaseCache
from django.db import DatabaseError, connections, router, transaction

from paper.outages import outage_of


class CountsCache(DatabaseCache):
    """Django's database cache, except that it raises the error of a full or read-only disk.

    In Django's cache a failed write looks like an existing key. The login library would take that
    for too many attempts.
    """

    def _base_set(
        self, mode: str, key: str, value: Any, timeout: float | None = DEFAULT_TIMEOUT
    ) -> bool:
        """Write a key; return whether it was written. Raises the DatabaseError of an outage."""
        connection = connections[router.db_for_write(self.cache_model_class)]
        failed: list[DatabaseError] = []

        def note(execute: Callable[..., Any], *how: Any) -> Any:
            try:
                return execute(*how)
            except DatabaseError as error:
                failed.append(error)
                raise

        # The outer transaction is here, so that a failing commit raises here.
        with transaction.atomic(using=connection.alias), connection.execute_wrapper(note):
            is_done: bool = super()._base_set(mode, key, value, timeout)  # type: ignore[misc]
            for error in failed:
                if outage_of(error):
                    raise error
        return is_done

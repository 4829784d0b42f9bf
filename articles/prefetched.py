"""Test whether related rows were prefetched with an object.

Private API of Django (since 1.4, used with 5.2): `Model._prefetched_objects_cache`, where
`prefetch_related` stores its results. Django has no public API for this test.
"""

from __future__ import annotations

from django.db.models import Model


def is_prefetched(row: Model, relation: str) -> bool:
    """Return whether `prefetch_related` has loaded the rows of `relation` for `row`."""
    return relation in getattr(row, "_prefetched_objects_cache", {})

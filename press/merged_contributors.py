"""Resolve merged contributors in published bylines to the contributor that they point at."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import Exists, OuterRef

from bylines.models import Contributor
from bylines.querysets import ContributorQuerySet

from .models import StoryContributor

#: The id of each merged contributor, mapped to the id of the one it was merged into.
Merged = Mapping[int, int]


def merged_contributors() -> dict[int, int]:
    """Return the merged contributors by id: few rows, read once per content version."""
    rows = Contributor.objects.exclude(merged_into=None).values_list("pk", "merged_into")
    return {pk: target for pk, target in rows if target is not None}


def family(pk: int, merged: Merged) -> list[int]:
    """Return the ids of all contributor rows of the person `pk`, the current one first."""
    root = merged.get(pk, pk)
    return [root, *sorted(one for one, target in merged.items() if target == root)]


def public_contributors() -> ContributorQuerySet:
    """Return the contributors in the byline of a visible story; the others are not public."""
    rows = StoryContributor.objects.visible()
    own = rows.filter(contributor=OuterRef("pk"))
    by_pointer = rows.filter(contributor__merged_into=OuterRef("pk"))
    return Contributor.objects.public().unmerged().filter(Exists(own) | Exists(by_pointer))

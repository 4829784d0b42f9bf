"""What may be read of contributors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

if TYPE_CHECKING:
    from .models import Contributor  # noqa: F401 - named in a string below


class ContributorQuerySet(models.QuerySet["Contributor"]):
    """Contributors, found by their printed name."""

    def public(self) -> ContributorQuerySet:
        """Return contributors with what the public may know alone: no login, no phone."""
        shown = ("name", "kind", "unit", "town__name")
        return self.select_related("town").only(*shown)

    def named(self, name: str) -> ContributorQuerySet:
        """Return the contributors whose printed name is `name`, blanks inside a name ignored."""
        return self.filter(name="".join(name.split()))

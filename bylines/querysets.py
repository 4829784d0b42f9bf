"""Queryset of contributors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.models import User
from django.db import models
from django.db.models import Exists, OuterRef, Q

from .names import name_key

if TYPE_CHECKING:
    from .models import Contributor  # noqa: F401 - named in a string below


class ContributorQuerySet(models.QuerySet["Contributor"]):
    """Queryset of contributors, with searches by printed name."""

    def public(self) -> ContributorQuerySet:
        """Return contributors with public fields only: no login, no phone."""
        shown = ("name", "kind", "unit", "town__name", "merged_into")
        return self.select_related("town").only(*shown)

    def named(self, name: str) -> ContributorQuerySet:
        """Return the contributors whose normalised name is that of `name`."""
        return self.filter(name_key=name_key(name))

    def known_as(self, name: str) -> ContributorQuerySet:
        """Return the contributors with this current or former name."""
        from .models import OtherName

        key = name_key(name)
        before = OtherName.objects.filter(name_key=key).order_by().values("contributor")
        return self.filter(Q(name_key=key) | Q(pk__in=before))

    def unmerged(self) -> ContributorQuerySet:
        """Return the contributors that are not merged into others."""
        return self.filter(merged_into=None)

    def of_login(self, user: User) -> ContributorQuerySet:
        """Return the contributor of a login, and those merged into it."""
        # A subquery, not a join, so that each condition uses an index.
        own = self.model.objects.filter(user=user).order_by().values("pk")
        return self.filter(Q(user=user) | Q(merged_into__in=own))

    def counting_for(self, pk: int) -> ContributorQuerySet:
        """Return the contributor `pk` and those merged into it."""
        return self.filter(Q(pk=pk) | Q(merged_into=pk))

    def with_same_name(self) -> ContributorQuerySet:
        """Annotate `has_namesake`: whether another contributor has the same name."""
        others = self.model.objects.filter(name_key=OuterRef("name_key"), merged_into=None)
        return self.annotate(has_namesake=Exists(others.exclude(pk=OuterRef("pk"))))

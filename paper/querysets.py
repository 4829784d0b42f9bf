"""Queries of the paper, its sections, towns and old addresses."""

from typing import Any

from django.db.models import Q, QuerySet

from .models import OldAddress, Paper, Section, Town


def get_paper() -> Paper:
    """Return the paper, or an unsaved instance with default rules before it is set up."""
    return Paper.objects.filter(pk=1).first() or Paper(pk=1, name="Newsroom")


def counts_marks() -> bool:
    """Return whether punctuation counts in lengths: a setting of the paper, in one query."""
    setting = Paper.objects.filter(pk=1).values_list("counts_marks", flat=True).first()
    return True if setting is None else bool(setting)


def sections_in_use(beside: int | None = None) -> QuerySet[Section]:
    """Return the sections in use in their order, each with its paper, in one query.

    `beside` is the id of a section to include even if it is out of use, because it is selected.
    """
    in_use = Q(is_active=True) | Q(pk=beside) if beside else Q(is_active=True)
    return Section.objects.filter(in_use).select_related("paper")


def towns_in_order() -> QuerySet[Town]:
    """Return all towns in their order, including those out of use."""
    return Town.objects.all()


def towns_in_use(beside: QuerySet[Any] | None = None) -> QuerySet[Town]:
    """Return the towns in use in their order.

    `beside` selects ids to include even if they are out of use, because they are selected.
    """
    in_use = Q(is_active=True) if beside is None else Q(is_active=True) | Q(pk__in=beside)
    return Town.objects.filter(in_use)


def new_address(path: str) -> str:
    """Return the current address of an old one, or ""; a feed follows the list it belongs to."""
    folder, slash, file = path.rpartition("/")
    of_list = [folder + slash] if file.startswith("feed.") else []
    known = dict(OldAddress.objects.filter(old__in=[path, *of_list]).values_list("old", "new"))
    if path in known:
        return known[path]
    new = known.get(folder + slash, "")
    return new + file if new.endswith("/") else ""

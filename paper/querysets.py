"""What may be read of the paper itself."""

from django.db.models import QuerySet

from .models import Paper, Section, Town


def the_paper() -> Paper:
    """Return the paper, or an unsaved one with the default house rules before it is set up."""
    return Paper.objects.filter(pk=1).first() or Paper(pk=1, name="Newsroom")


def sections_in_use() -> QuerySet[Section]:
    """Return the sections in use in their order, each with its paper (one query for a masthead)."""
    return Section.objects.filter(is_active=True).select_related("paper")


def towns_in_order() -> QuerySet[Town]:
    """Return all towns in their order."""
    return Town.objects.all()

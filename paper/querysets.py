"""What may be read of the paper itself."""

from django.db.models import QuerySet

from .models import OldAddress, Paper, Section, Town


def the_paper() -> Paper:
    """Return the paper, or an unsaved one with the default house rules before it is set up."""
    return Paper.objects.filter(pk=1).first() or Paper(pk=1, name="Newsroom")


def sections_in_use() -> QuerySet[Section]:
    """Return the sections in use in their order, each with its paper (one query for a masthead)."""
    return Section.objects.filter(is_active=True).select_related("paper")


def towns_in_order() -> QuerySet[Town]:
    """Return all towns in their order."""
    return Town.objects.all()


def new_address(path: str) -> str:
    """Return where an old address leads now, or ""; the feeds of a list go where it went."""
    folder, slash, file = path.rpartition("/")
    of_list = [folder + slash] if file.startswith("feed.") else []
    known = dict(OldAddress.objects.filter(old__in=[path, *of_list]).values_list("old", "new"))
    if path in known:
        return known[path]
    new = known.get(folder + slash, "")
    return new + file if new.endswith("/") else ""

"""Filters of public lists: section, town, dates."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _

from paper.humanize import day_start
from press.models import Story
from press.querysets import StoryQuerySet

#: Earliest year of a filter: earlier dates overflow in some time zones, and nothing is older.
FIRST_YEAR = 1800


class StoryFilter(django_filters.FilterSet):
    """Filters stories by section, town and release date (both dates included, local time)."""

    section = django_filters.ChoiceFilter(
        field_name="section__slug", label=_("Section"), empty_label=_("All sections")
    )
    town = django_filters.ChoiceFilter(
        field_name="towns__slug", label=_("Town"), empty_label=_("All towns")
    )
    since = django_filters.DateFilter(
        method="filter_since", label=_("From"), widget=forms.DateInput(attrs={"type": "date"})
    )
    until = django_filters.DateFilter(
        method="filter_until", label=_("To"), widget=forms.DateInput(attrs={"type": "date"})
    )

    class Meta:
        model = Story
        fields: list[str] = []

    def __init__(
        self,
        *args: object,
        sections: list[tuple[str, str]],
        towns: list[tuple[str, str]],
        of: str = "",
        without: Collection[str] = (),
        **kwargs: object,
    ) -> None:
        """Build the form fields.

        `of` is the lookup prefix from the rows to their stories: "" or "story__". `without` names
        filters to leave out.
        """
        super().__init__(*args, **kwargs)
        for name in ("section", "town"):
            self.filters[name].field_name = of + self.filters[name].field_name
        self.filters["section"].extra["choices"] = sections
        self.filters["town"].extra["choices"] = towns
        empty = {n for n, choices in (("section", sections), ("town", towns)) if not choices}
        for name in empty | set(without):
            del self.filters[name]

    def filter_since(self, stories: StoryQuerySet, name: str, day: dt.date) -> StoryQuerySet:
        """Return the stories released on `day` or later."""
        if day.year < FIRST_YEAR:
            return stories
        return stories.filter(release_at__gte=day_start(day))

    def filter_until(self, stories: StoryQuerySet, name: str, day: dt.date) -> StoryQuerySet:
        """Return the stories released on `day` or earlier."""
        if day == dt.date.max:
            return stories
        return stories.filter(release_at__lt=day_start(day + dt.timedelta(days=1)))

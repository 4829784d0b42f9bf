"""Forms that plan an issue, change its deadlines, or edit a series."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from paper.form_fields import MomentField

from ..models import Issue, Series
from ..services import DEFAULT_PAGES, PagePlan, last_like, pages_of, series_of, weekday_name

LAST, SERIES, TYPED = "last", "series", "typed"


class PlanForm(forms.Form):
    """A new issue: its day, its numbers, and the source of its pages."""

    date = forms.DateField(
        label=gettext_lazy("Date"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    special = forms.CharField(
        label=gettext_lazy("Special issue"),
        required=False,
        max_length=20,
        help_text=gettext_lazy("The name of a special issue. Leave empty for a regular issue."),
    )
    number = forms.IntegerField(
        label=gettext_lazy("Issue number"),
        required=False,
        min_value=1,
        max_value=1_000_000,
        help_text=gettext_lazy("Leave empty for the next number."),
    )
    year_number = forms.IntegerField(
        label=gettext_lazy("Number within the year"),
        required=False,
        min_value=1,
        max_value=9_999,
        help_text=gettext_lazy("Leave empty for the next number."),
    )
    like = forms.ChoiceField(
        label=gettext_lazy("Pages"),
        choices=[
            (LAST, gettext_lazy("as in the previous issue")),
            (SERIES, gettext_lazy("as in the series")),
            (TYPED, gettext_lazy("as named below")),
        ],
        widget=forms.RadioSelect,
        help_text=gettext_lazy("With their names, capacity, standing columns and editors."),
    )
    pages = forms.CharField(
        label=gettext_lazy("Names of the pages"),
        required=False,
        max_length=1_200,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("One page name per line, page 1 first."),
    )

    def __init__(self, *args: Any, day: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        series = series_of(day)
        last = last_like(series, day) or last_like(None, day)
        offered = {
            LAST: _("as in the previous issue, No. %(number)d") % {"number": last.number}
            if last
            else "",
            SERIES: _("as in the series “%(name)s”") % {"name": series.name} if series else "",
            TYPED: _("as named below"),
        }
        if not self.is_bound:
            like: Any = self.fields["like"]
            like.choices = [(name, label) for name, label in offered.items() if label]
        self.initial = {
            "date": day,
            "like": LAST if last else SERIES if series else TYPED,
            "pages": "\n".join(name for _number, name in DEFAULT_PAGES),
            **self.initial,
        }

    def clean_pages(self) -> list[tuple[int, str]]:
        """Return (number, name) of each page."""
        names = [" ".join(line.split()) for line in self.cleaned_data["pages"].splitlines()]
        names = [name for name in names if name]
        if any(len(name) > 20 for name in names) or len(names) > 48:
            raise forms.ValidationError(
                _("At most 48 pages, each with a name of at most 20 characters.")
            )
        return list(enumerate(names, start=1))

    def clean(self) -> dict[str, Any]:
        """Find the series and the pages of the day. Raises ValidationError where there are none."""
        data: dict[str, Any] = super().clean() or {}
        day = data.get("date")
        if day is None or "like" not in data or "pages" not in data:
            return data
        data["series"] = None if data.get("special") else series_of(day)
        data["pages"] = self._pages(data.pop("like"), day, data["series"], data["pages"])
        return data

    def _pages(
        self, like: str, day: dt.date, series: Series | None, typed: list[tuple[int, str]]
    ) -> list[PagePlan]:
        source: Issue | Series | None = None
        if like == LAST:
            source = last_like(series, day) or last_like(None, day)
        elif like == SERIES:
            source = series or series_of(day)
        found = pages_of(source) if source is not None else [PagePlan(*row) for row in typed]
        if not found:
            self.add_error("like", _("There are no pages to copy. Name them below."))
        return found


class DeadlinesForm(forms.Form):
    """Cut-off and release of an issue that is not signed."""

    cutoff_at = MomentField(
        label=gettext_lazy("Cut-off time"),
        help_text=gettext_lazy(
            "Beijing time. After the cut-off, only the chief editor can add articles."
        ),
    )
    release_at = MomentField(label=gettext_lazy("Release"), help_text=gettext_lazy("Beijing time."))
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, issue: Issue, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = ("cutoff_at", "release_at", "version")
        self.initial = {name: getattr(issue, name) for name in names}


class RescheduleForm(forms.Form):
    """A new release time of a signed issue: a given time, or now."""

    when = forms.ChoiceField(
        label=gettext_lazy("When"),
        choices=[
            ("later", gettext_lazy("at the time below")),
            ("now", gettext_lazy("immediately")),
        ],
        widget=forms.RadioSelect,
        initial="later",
        help_text=gettext_lazy("A release cannot be undone."),
    )
    release_at = MomentField(
        label=gettext_lazy("Release"), required=False, help_text=gettext_lazy("Beijing time.")
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, issue: Issue, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {"release_at": issue.release_at, "version": issue.version}

    def clean(self) -> dict[str, Any]:
        """Return `release_at` (None means now) and `version`; otherwise a time is required."""
        data: dict[str, Any] = super().clean() or {}
        if data.pop("when", "") == "now":
            data["release_at"] = None
        elif data.get("release_at") is None and "release_at" not in self.errors:
            self.add_error("release_at", _("Enter a time, or choose “immediately”."))
        return data


class SeriesForm(forms.Form):
    """The weekdays on which the paper comes out, and its deadlines."""

    name = forms.CharField(
        label=gettext_lazy("Name"), max_length=20, help_text=gettext_lazy("For example: 平日版")
    )
    weekdays = forms.MultipleChoiceField(
        label=gettext_lazy("Days"), widget=forms.CheckboxSelectMultiple, choices=[]
    )
    cutoff_days = forms.TypedChoiceField(
        label=gettext_lazy("Cut-off"),
        coerce=int,
        initial=1,
        choices=[
            (0, gettext_lazy("the same day")),
            (1, gettext_lazy("the day before")),
            (2, gettext_lazy("two days before")),
            (3, gettext_lazy("three days before")),
        ],
    )
    cutoff_time = forms.TimeField(
        label=gettext_lazy("Cut-off time"),
        initial=dt.time(22, 0),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    release_time = forms.TimeField(
        label=gettext_lazy("Release time"),
        initial=dt.time(6, 0),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    is_active = forms.BooleanField(label=gettext_lazy("in use"), required=False, initial=True)

    def __init__(self, *args: Any, series: Series | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        days: Any = self.fields["weekdays"]
        days.choices = [(day, weekday_name(day)) for day in "1234567"]
        if series is not None:
            names = ("name", "cutoff_days", "cutoff_time", "release_time", "is_active")
            self.initial = {name: getattr(series, name) for name in names}
            self.initial["weekdays"] = list(series.weekdays)

    def clean_weekdays(self) -> str:
        """Return the weekdays as a series stores them, such as "246"."""
        return "".join(sorted(self.cleaned_data["weekdays"]))

"""Form set of the pages of an issue or a series."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from paper.form_fields import PersonField
from paper.permissions import Capability, people_who_may
from textkit.numbers import parse_number

from ..services import PagePlan

PREFIX = "pages"
MAX_PAGES = 48
MAX_COLUMN = 20
_SEPARATORS = "，,；;\n"


class PageRow(forms.Form):
    """One page: number, name, capacity, standing columns and responsible editor."""

    pk = forms.IntegerField(
        required=False, widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1
    )
    number = forms.IntegerField(
        label=gettext_lazy("Page"), required=False, min_value=1, max_value=99
    )
    name = forms.CharField(label=gettext_lazy("Name"), required=False, max_length=20)
    chars = forms.IntegerField(
        label=gettext_lazy("Capacity in characters"), required=False, min_value=0, max_value=100_000
    )
    photos = forms.IntegerField(
        label=gettext_lazy("Photos"), required=False, min_value=0, max_value=200
    )
    columns = forms.CharField(
        label=gettext_lazy("Standing columns"), required=False, max_length=200
    )
    editor = PersonField(
        User.objects.none(), label=gettext_lazy("Responsible editor"), required=False
    )
    remove = forms.BooleanField(label=gettext_lazy("Remove"), required=False)

    def __init__(self, *args: Any, has_editor: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # A new row that is sent unchanged is still a page.
        self.empty_permitted = False
        if not has_editor:
            del self.fields["editor"]
            return
        people = people_who_may(Capability.EDIT_A_PAGE)
        self.fields["editor"].queryset = people  # type: ignore[attr-defined]

    def clean_columns(self) -> tuple[str, ...]:
        """Split the names of the columns at commas."""
        text: str = self.cleaned_data["columns"]
        for separator in _SEPARATORS:
            text = text.replace(separator, "、")
        names = [" ".join(name.split()) for name in text.split("、")]
        if any(len(name) > MAX_COLUMN for name in names):
            raise forms.ValidationError(_("A column name can have at most 20 characters."))
        return tuple(dict.fromkeys(name for name in names if name))

    @property
    def is_left_out(self) -> bool:
        """Return whether the row is no page: removed, or a new one without a name."""
        data = self.cleaned_data
        is_new = not data.get("pk")
        return bool(data.get("remove")) or (is_new and not data.get("name"))


class BasePageFormSet(forms.BaseFormSet):
    """The page rows; each page has a name and a unique number."""

    def clean(self) -> None:
        """Reject a page without a name, and duplicate numbers."""
        if any(self.errors):
            return
        seen: set[int] = set()
        for row in self.forms:
            if row.is_left_out:
                continue
            if not row.cleaned_data["name"]:
                row.add_error("name", _("Give the page a name."))
            number = row.cleaned_data["number"]
            if number is None or number in seen:
                row.add_error(
                    "number",
                    _("Another page already has this number.")
                    if number
                    else _("Give the page a number."),
                )
            seen.add(number)
        if not seen:
            raise forms.ValidationError(_("An issue needs at least one page."))

    @property
    def plans(self) -> list[PagePlan]:
        """Return the pages in order; valid only after `is_valid`."""
        rows = [row.cleaned_data for row in self.forms if not row.is_left_out]
        return [
            PagePlan(
                row["number"],
                " ".join(row["name"].split()),
                row["chars"] or 0,
                row["photos"] or 0,
                row["columns"],
                row["editor"].pk if row.get("editor") else None,
                row["pk"],
            )
            for row in sorted(rows, key=lambda row: int(row["number"]))
        ]


PageFormSet = forms.formset_factory(
    PageRow,
    formset=BasePageFormSet,
    extra=0,
    max_num=MAX_PAGES,
    absolute_max=MAX_PAGES + 1,
    validate_max=True,
)


def page_rows(data: Any, plans: Sequence[PagePlan], *, has_editor: bool = True) -> Any:
    """Return the rows of `plans`, or of the form data; the button "more-pages" adds a row."""
    make: Any = PageFormSet
    initial = [_initial(plan) for plan in plans]
    known = {"form_kwargs": {"has_editor": has_editor}, "prefix": PREFIX}
    if data is None:
        return make(initial=initial, **known)
    if data.get("then") == "more-pages":
        data = _with_one_more(data)
    return make(data, initial=initial, **known)


def _initial(plan: PagePlan) -> dict[str, Any]:
    return {
        "pk": plan.pk,
        "number": plan.number,
        "name": plan.name,
        "chars": plan.chars or None,
        "photos": plan.photos or None,
        "columns": "、".join(plan.columns),
        "editor": plan.editor,
    }


def _with_one_more(data: Any) -> Any:
    data = data.copy()
    total = parse_number(data.get(f"{PREFIX}-TOTAL_FORMS", ""), 0)
    if total < MAX_PAGES:
        data[f"{PREFIX}-TOTAL_FORMS"] = str(total + 1)
        data.setdefault(f"{PREFIX}-{total}-number", str(total + 1))
    return data

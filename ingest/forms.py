"""Forms of the paste screen: a page's text in, its stories to mend and tick."""

from __future__ import annotations

import dataclasses
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.forms import credit_text, read_credits
from bylines.models import Role
from issues.models import Page
from paper.models import Section, Town
from paper.querysets import sections_in_use, towns_in_order
from press.models import Story
from textkit.decode import MAX_BYTES

from .page_reading import PageReading, StoryReading
from .services import Candidate, flat_paragraphs, import_key, is_again

#: More than any page holds.
MAX_STORIES = 60
FLAG_LABELS = {
    "continued": gettext_lazy("continued: joined across columns"),
    "duplicate_of": gettext_lazy("printed twice"),
    "stray_credit_line": gettext_lazy("stray credit line"),
    "repeated_run": gettext_lazy("repeated run of text"),
    "no_credit": gettext_lazy("no credit"),
    "unknown_town": gettext_lazy("no such town here: %(name)s"),
    "unknown_section": gettext_lazy("no such section here: %(name)s"),
}
#: Flags of the preview alone: they say what the editor can mend in it.
_PREVIEW_FLAGS = ("no_credit", "unknown_town", "unknown_section")


class PageField(forms.ModelChoiceField):
    """A page of an issue that is still open, named with its day."""

    def label_from_instance(self, obj: Any) -> str:
        """Return such as 2026-11-24 第2版 镇街."""
        page = _("Page %(number)d") % {"number": obj.number}
        return f"{obj.issue.date.isoformat()} {page} {obj.name}"


class TextForm(forms.Form):
    """The text of one page, pasted or as a file."""

    text = forms.CharField(
        label=gettext_lazy("Text of the page"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 18}),
    )
    file = forms.FileField(
        label=gettext_lazy("Or a text file"),
        required=False,
        help_text=gettext_lazy("UTF-8 or GBK."),
        widget=forms.FileInput(attrs={"accept": ".txt,text/plain"}),
    )

    def data_bytes(self) -> bytes:
        """Return what was given, the file before the text; at most a byte more than is read."""
        upload = self.cleaned_data.get("file")
        if upload:
            return bytes(upload.read(MAX_BYTES + 1))
        return str(self.cleaned_data.get("text", "")).encode()


class TargetForm(forms.Form):
    """Where the stories go: drafts, on a page of an open issue, or an old issue in print."""

    target = forms.ChoiceField(
        label=gettext_lazy("Bring in as"),
        initial="drafts",
        widget=forms.RadioSelect,
        choices=[
            ("drafts", gettext_lazy("drafts")),
            ("printed", gettext_lazy("an old issue that is printed already")),
        ],
    )
    page = PageField(
        Page.objects.none(),
        label=gettext_lazy("Place on"),
        required=False,
        empty_label=gettext_lazy("no page yet"),
    )
    date = forms.DateField(
        label=gettext_lazy("Date of the old issue"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    page_number = forms.IntegerField(
        label=gettext_lazy("Page number"), required=False, min_value=1, max_value=200
    )
    page_name = forms.CharField(label=gettext_lazy("Page name"), required=False, max_length=20)
    issue_number = forms.IntegerField(
        label=gettext_lazy("Issue number"), required=False, min_value=1, max_value=1_000_000
    )

    def __init__(self, *args: Any, may_print: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        open_pages = Page.objects.exclude(issue__state="signed").select_related("issue")
        self.fields["page"].queryset = open_pages.order_by("issue__date", "number")  # type: ignore[attr-defined]
        if not may_print:
            for name in ("target", "date", "page_number", "page_name", "issue_number"):
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        """Ask for day and page of an old issue."""
        data = super().clean() or {}
        if data.get("target") == "printed":
            for name in ("date", "page_number"):
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, _("An old issue needs its date and the page's number."))
        return data


class StoryForm(forms.Form):
    """One story of the page: mend it, and tick whether it comes in."""

    take = forms.BooleanField(label=gettext_lazy("Bring in"), required=False)
    key = forms.RegexField(r"^[0-9a-f]{64}$", widget=forms.HiddenInput)
    flags = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=Story.Kind.choices)
    kicker = forms.CharField(label=gettext_lazy("Kicker"), required=False, max_length=120)
    headline = forms.CharField(
        label=gettext_lazy("Headline"),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    dateline = forms.CharField(label=gettext_lazy("Dateline"), required=False, max_length=60)
    byline = forms.CharField(label=gettext_lazy("Byline"), required=False, max_length=400)
    section = forms.ModelChoiceField(
        Section.objects.none(),
        label=gettext_lazy("Section"),
        required=False,
        to_field_name="name",
        empty_label=gettext_lazy("as the page"),
    )
    town = forms.ModelChoiceField(
        Town.objects.none(),
        label=gettext_lazy("Town"),
        required=False,
        to_field_name="name",
        empty_label="—",
    )
    body = forms.CharField(
        label=gettext_lazy("Body"),
        max_length=200_000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=gettext_lazy("A line for each paragraph."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["section"].queryset = sections_in_use()  # type: ignore[attr-defined]
        self.fields["town"].queryset = towns_in_order()  # type: ignore[attr-defined]

    def clean_byline(self) -> Any:
        """Read the byline as a credit line."""
        return read_credits(self.cleaned_data["byline"], Role.CORRESPONDENT)

    def flag_labels(self) -> list[str]:
        """Return in words where an editor must look."""
        found = []
        for flag in str(self["flags"].value() or "").split(","):
            code, _colon, value = flag.partition(":")
            if code in FLAG_LABELS:
                found.append(str(FLAG_LABELS[code]) % {"name": value})
        return found

    def candidate(self) -> Candidate:
        """Return the story as mended, under the key of what stood in the text."""
        data = self.cleaned_data
        flags = [f for f in data["flags"].split(",") if f and not f.startswith(_PREVIEW_FLAGS)]
        story = StoryReading(
            section=data["section"].name if data["section"] else None,
            kicker=data["kicker"] or None,
            town=data["town"].name if data["town"] else None,
            headline=tuple(line for line in data["headline"].splitlines() if line.strip()),
            dateline=data["dateline"] or None,
            paragraphs=tuple(line.strip() for line in data["body"].splitlines() if line.strip()),
            credits=tuple(data["byline"]),
            kind=data["kind"],
            flags=tuple(flags),
        )
        return Candidate(story, data["key"])


StoryFormSet = forms.formset_factory(
    StoryForm, extra=0, max_num=MAX_STORIES, absolute_max=MAX_STORIES + 1, validate_max=True
)


def story_initial(reading: PageReading) -> list[dict[str, Any]]:
    """Return the stories of a page as initial rows of the form set."""
    known = {
        "town": {town.name for town in towns_in_order()},
        "section": {section.name for section in sections_in_use()},
    }
    return [_row(story, known) for story in reading.stories if story.all_paragraphs]


def _row(story: StoryReading, known: dict[str, set[str]]) -> dict[str, Any]:
    """Return a story's row; a town or section that the paper has not becomes a flag."""
    flags = [*story.flags, *([] if story.credits else ["no_credit"])]
    filed = {"town": story.town, "section": story.section}
    for name, value in filed.items():
        if value and value not in known[name]:
            flags.append(f"unknown_{name}:{value.replace(',', '')}")
            filed[name] = None
    values = dataclasses.asdict(story)
    return {
        **{name: values[name] for name in ("kind", "kicker", "dateline")},
        **filed,
        "take": not is_again(story),
        "key": import_key(story),
        "flags": ",".join(flags),
        "headline": "\n".join(story.headline),
        "byline": credit_text([(c.name, c.role, c.label or "") for c in story.credits]),
        "body": "\n".join(flat_paragraphs(story)),
    }

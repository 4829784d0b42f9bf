"""Forms of the page import: the text of a page, its target, and its parsed stories."""

from __future__ import annotations

import dataclasses
from typing import Any

from django import forms
from django.core import signing
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.forms.credits import read_credits, text_of_credits
from bylines.credits.settle import doubts_in
from bylines.models import Role
from issues.models import Page
from paper.models import Section, Town
from paper.querysets import sections_in_use, towns_in_order
from press.models import Story
from textkit.decode import MAX_BYTES

from .import_keys import import_key
from .page_parser.parsed_page import ParsedPage, ParsedStory
from .services import Candidate, flat_paragraphs, is_again

#: More stories than any page has.
MAX_STORIES = 60
FLAG_LABELS = {
    "continued": gettext_lazy("continued: joined across columns"),
    "duplicate_of": gettext_lazy("printed twice"),
    "stray_credit_line": gettext_lazy("stray credit line"),
    "repeated_run": gettext_lazy("repeated run of text"),
    "private_character": gettext_lazy("shown only by the font it was typed with: %(name)s"),
    "no_credit": gettext_lazy("no credit"),
    "doubtful_names": gettext_lazy("names run together: it is asked how many people they are"),
    "unknown_town": gettext_lazy("town not found: %(name)s"),
    "unknown_section": gettext_lazy("section not found: %(name)s"),
}
#: Flags of the preview only, for faults that the editor can correct there.
_PREVIEW_FLAGS = ("no_credit", "doubtful_names", "unknown_town", "unknown_section")


_OF_OLD_ISSUES = ("date", "page_number", "page_name", "issue_number")
_FILE_NAMES = signing.Signer(salt="ingest.file")


def signed_file_name(name: str) -> str:
    """Return the signed name of an uploaded file, so that the preview cannot change it."""
    return _FILE_NAMES.sign(name) if name else ""


class PageField(forms.ModelChoiceField):
    """Choice of a page of an open issue, labelled with its date."""

    def label_from_instance(self, obj: Any) -> str:
        """Return a label such as 2026-11-24 第2版 镇街."""
        page = _("Page %(number)d") % {"number": obj.number}
        return f"{obj.issue.date.isoformat()} {page} {obj.name}"


class TextForm(forms.Form):
    """Form of the text of one page, pasted or as a file."""

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
        """Return the file, or else the text, with at most one byte more than the limit."""
        upload = self.cleaned_data.get("file")
        if upload:
            return bytes(upload.read(MAX_BYTES + 1))
        return str(self.cleaned_data.get("text", "")).encode()


class TargetForm(forms.Form):
    """Form of the target: drafts, optionally on a page of an open issue, or an old issue."""

    target = forms.ChoiceField(
        label=gettext_lazy("Import as"),
        initial="drafts",
        widget=forms.RadioSelect,
        choices=[
            ("drafts", gettext_lazy("drafts")),
            ("printed", gettext_lazy("an old issue that is already printed")),
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
    #: Signed name of the text's file, for the archive mark.
    file_name = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, may_print: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        open_pages = Page.objects.exclude(issue__state="signed").select_related("issue")
        self.fields["page"].queryset = open_pages.order_by("issue__date", "number")  # type: ignore[attr-defined]
        if not may_print:
            for name in (*_OF_OLD_ISSUES, "target", "file_name"):
                del self.fields[name]

    def clean_file_name(self) -> str:
        """Return the name of the text's file, or "" for pasted text."""
        try:
            return str(_FILE_NAMES.unsign(self.cleaned_data["file_name"]))[:120]
        except signing.BadSignature:
            return ""

    def clean(self) -> dict[str, Any]:
        """Require date and page number of an old issue."""
        data = super().clean() or {}
        if data.get("target") == "printed":
            for name in ("date", "page_number"):
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, _("An old issue needs its date and page number."))
        return data


class StoryForm(forms.Form):
    """Form to correct and select one story of the page."""

    take = forms.BooleanField(label=gettext_lazy("Import"), required=False)
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
        empty_label=gettext_lazy("same as the page"),
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
        help_text=gettext_lazy("One line per paragraph."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["section"].queryset = sections_in_use()  # type: ignore[attr-defined]
        self.fields["town"].queryset = towns_in_order()  # type: ignore[attr-defined]

    def clean_byline(self) -> Any:
        """Parse the byline as a credit line."""
        return read_credits(self.cleaned_data["byline"], Role.CORRESPONDENT)

    def flag_labels(self) -> list[str]:
        """Return the labels of the story's flags."""
        found = []
        for flag in str(self["flags"].value() or "").split(","):
            code, _colon, value = flag.partition(":")
            if code in FLAG_LABELS:
                found.append(str(FLAG_LABELS[code]) % {"name": value})
        return found

    def candidate(self) -> Candidate:
        """Return the corrected story, with the key of the original text."""
        data = self.cleaned_data
        flags = [f for f in data["flags"].split(",") if f and not f.startswith(_PREVIEW_FLAGS)]
        story = ParsedStory(
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


def story_initial(page: ParsedPage) -> list[dict[str, Any]]:
    """Return the stories of a page as initial data of the formset."""
    known = {
        "town": {town.name for town in towns_in_order()},
        "section": {section.name for section in sections_in_use()},
    }
    return [_row(story, known) for story in page.stories if story.all_paragraphs]


def _row(story: ParsedStory, known: dict[str, set[str]]) -> dict[str, Any]:
    """Return a story's initial data; an unknown town or section becomes a flag."""
    flags = [*story.flags, *([] if story.credits else ["no_credit"])]
    flags += ["doubtful_names"] if doubts_in(story.credits) else []
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
        "byline": text_of_credits(story.credits),
        "body": "\n".join(flat_paragraphs(story)),
    }

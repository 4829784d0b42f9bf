"""Forms of the article screen: what a person types, to the content that the services save."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from taggit.utils import parse_tags

from bylines.credit_line import Credit
from bylines.models import Role
from bylines.services import match_or_create
from paper.fields import MomentField, RowsField
from paper.models import Town
from paper.querysets import sections_in_use
from press.models import Correction
from textkit import html, light

from .body_field import HTML, LIGHT, BodyArea, body_of, shown_html
from .content import BylineRow, Content, PhotoRow
from .credits import credit_text, read_credits
from .lead import with_lead
from .models import Article
from .parts import bylines_of
from .photo_forms import PhotoFormSet, photo_initial, photo_numbers, save_photos

__all__ = [
    "ArticleForm",
    "CorrectionForm",
    "NoteForm",
    "PhotoFormSet",
    "ReasonForm",
    "ReleaseForm",
    "WithdrawalForm",
    "credit_text",
    "photo_initial",
    "save_photos",
]

_NO_REASON = {"required": gettext_lazy("Please give a reason.")}
_BODY_HINT = gettext_lazy("Who, what, why, how. A line is one paragraph.")


class ArticleForm(forms.ModelForm):
    """The text of an article. `version` is the one that the person saw."""

    version = forms.IntegerField(
        widget=forms.HiddenInput, initial=0, min_value=0, max_value=2**31 - 1
    )
    headline = forms.CharField(
        label=gettext_lazy("Headline"),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("A line for each line as set."),
    )
    #: How `body` is typed: light markup in a plain text area, or the HTML of the text editor.
    body_format = forms.ChoiceField(
        choices=[(HTML, HTML), (LIGHT, LIGHT)],
        required=False,
        initial=LIGHT,
        widget=forms.HiddenInput,
    )
    body = forms.CharField(
        label=gettext_lazy("Body"),
        required=False,
        strip=False,
        widget=BodyArea(attrs={"rows": 12, "placeholder": _BODY_HINT}),
    )
    lead_when = forms.CharField(label=gettext_lazy("When"), required=False, max_length=20)
    lead_where = forms.CharField(label=gettext_lazy("Where"), required=False, max_length=40)
    lead_what = forms.CharField(
        label=gettext_lazy("What happened"),
        required=False,
        max_length=200,
        widget=forms.Textarea(
            attrs={"rows": 2, "placeholder": gettext_lazy("Who did what, and what came of it")}
        ),
    )
    byline = forms.CharField(
        label=gettext_lazy("Byline"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("As printed, such as: 融媒体 张三 通讯员 李四"),
    )
    towns = RowsField(label=gettext_lazy("Towns"), queryset=Town.objects.all(), required=False)
    tag_line = forms.CharField(
        label=gettext_lazy("Tags"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("Separated by commas."),
    )

    class Meta:
        model = Article
        fields = ["kind", "kicker", "subhead", "dateline", "unit", "section"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        section: Any = self.fields["section"]
        section.queryset, section.empty_label = sections_in_use(), _("Choose a section")
        article = self.instance
        self.photo_numbers: dict[int, int] = {}
        if article.pk:
            photos = article.article_photos.all()
            self.photo_numbers = {n: row.photo_id for n, row in enumerate(photos, start=1)}
            self.initial = {**self.initial, **_initial(article, self.photo_numbers)}
        self.byline_credits: list[Credit] = []
        #: What the saved article lacks before it can go on, see `tell`.
        self.missing: list[tuple[str, str]] = []

    def tell(self, missing: Sequence[tuple[str, str]]) -> None:
        """Say at the fields of a form that is not bound what `rules.missing_in` found."""
        self.missing = list(missing)
        for name, sentence in missing:
            if name in self.fields:
                self.errors.setdefault(name, self.error_class()).append(sentence)

    @property
    def is_blank(self) -> bool:
        """Return whether nothing that is the writer's own was typed or chosen."""
        lines = ("headline", "kicker", "subhead", "lead_what", "tag_line")
        data = self.cleaned_data
        has_text = any(str(self[name].value() or "").strip() for name in lines)
        has_body = html.to_text(data.get("body", "")) or html.photos_in(data.get("body", ""))
        return not (has_text or has_body or photo_numbers(self.data))

    def clean_body(self) -> str:
        """Return the body as HTML, whichever way it was typed."""
        text, how = self.cleaned_data["body"], self.cleaned_data.get("body_format")
        return body_of(text, how or HTML, photo_numbers(self.data))

    @property
    def body_html(self) -> str | None:
        """Return what stands in the text area as HTML, for the text editor; None if too much."""
        how = self["body_format"].value() or HTML
        photos = photo_numbers(self.data) if self.is_bound else self.photo_numbers
        try:
            return shown_html(str(self["body"].value() or ""), how, photos)
        except forms.ValidationError:
            return None

    def clean_byline(self) -> str:
        """Read the byline as a credit line."""
        text: str = self.cleaned_data["byline"]
        self.byline_credits = read_credits(text, Role.CORRESPONDENT)
        return text

    def clean_tag_line(self) -> list[str]:
        """Part the tags at commas, the Chinese ones too."""
        text = self.cleaned_data["tag_line"]
        for mark in "，、；;":
            text = text.replace(mark, ",")
        return list(parse_tags(text + ("," if text and "," not in text else "")))

    def content(self, photos: tuple[PhotoRow, ...]) -> Content:
        """Return what was typed as content; contributors are matched or made."""
        data = self.cleaned_data
        towns = list(data["towns"])
        return Content(
            kind=data["kind"],
            kicker=data["kicker"],
            headline=data["headline"],
            subhead=data["subhead"],
            dateline=data["dateline"],
            body=with_lead(data["body"], data["lead_when"], data["lead_where"], data["lead_what"]),
            unit=data["unit"],
            section=data["section"].pk if data["section"] else None,
            towns=tuple(town.pk for town in towns),
            tags=tuple(data["tag_line"]),
            bylines=tuple(self._bylines(towns[0] if towns else None)),
            photos=photos,
        )

    def _bylines(self, town: Town | None) -> list[BylineRow]:
        # A name that stands in the byline already means the same person as before.
        known = (
            {row.contributor.name: row.contributor_id for row in self.instance.bylines.all()}
            if self.instance.pk
            else {}
        )
        rows = []
        for credit in self.byline_credits:
            role = credit.role if credit.role in Role.values else Role.EDITOR.value
            pk = known.get(credit.name) or match_or_create(credit.name, role, town)[0].pk
            rows.append(BylineRow(pk, role, credit.label[:20]))
        return rows


def problems(form: ArticleForm) -> list[tuple[str, str]]:
    """Return (id of the field, sentence) for each error of the form, to be summed on top."""
    if form.missing:
        return [(f"id_{name}", sentence) for name, sentence in form.missing]
    found = [("", str(error)) for error in form.non_field_errors()]
    for field in form:
        found += [(field.id_for_label, f"{field.label}: {error}") for error in field.errors]
    return found


def _initial(article: Article, photo_numbers: dict[int, int]) -> dict[str, Any]:
    text = light.to_light(article.body, {pk: number for number, pk in photo_numbers.items()})
    return {
        "version": article.version,
        "headline": article.headline,
        # What the light markup has no words for is shown as its HTML, and nothing is lost.
        "body": article.body if text is None else text,
        "body_format": HTML if text is None else LIGHT,
        "byline": credit_text([(b.contributor.name, b.role, b.label) for b in bylines_of(article)]),
        "towns": list(article.towns.all()),
        "tag_line": "，".join(tag.name for tag in article.tags.all()),
    }


class ReasonForm(forms.Form):
    """Why: for a restore, or for dropping a correction."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages=_NO_REASON,
    )


class WithdrawalForm(ReasonForm):
    """Why a story is taken from the public."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages=_NO_REASON,
        help_text=gettext_lazy("Readers see it where the story stood."),
    )


class CorrectionForm(forms.Form):
    """What kind of correction, and the public note."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=Correction.Kind.choices)
    reason = forms.CharField(
        label=gettext_lazy("Public note"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages=_NO_REASON,
        help_text=gettext_lazy(
            "Readers see it at the top of the story and in the list of corrections, once the "
            "corrected story is signed."
        ),
    )


class NoteForm(forms.Form):
    """A note with a pass; it may be empty."""

    note = forms.CharField(
        label=gettext_lazy("Note with the signature"), required=False, max_length=500
    )


class ReleaseForm(forms.Form):
    """When a story comes out; empty: now."""

    release_at = MomentField(
        label=gettext_lazy("Release at"),
        required=False,
        help_text=gettext_lazy("Beijing time. Empty: now."),
    )

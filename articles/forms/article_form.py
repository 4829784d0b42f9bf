"""Forms of the article screen: convert form input to the content that the services save."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bylines.credits.line import Credit
from bylines.models import Role
from paper.form_fields import MomentField, RowsField, refuse_private_characters
from paper.models import Town
from paper.querysets import sections_in_use, towns_in_use
from press.models import Correction
from press.tags import known_tags
from textkit.body import EMPTY, Body, escaped_markup
from textkit.tag_names import parts_of_tag, split_tags

from ..content import Content, PhotoRow
from ..models import Article
from ..querysets import genres_in_use
from ..text_limits import escaped_markup_message, excess_of
from .body_field import HTML, LIGHT, BodyArea, body_of
from .credits import credit_text, read_credits
from .lead_sentence import with_lead
from .namesakes import PREFIX, NameQuestion, Names, doubt_message, question
from .photo_rows import PhotoFormSet, photo_initial, photo_numbers, save_photos

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
_BODY_HINT = gettext_lazy("Who, what, why, how. Each line is a paragraph.")


#: Fields that readers see.
_LINES = ("kicker", "headline", "subhead", "dateline", "unit")
_PRINTED = (*_LINES, "body")


def _plain_text(value: str | None) -> str:
    return value.text if isinstance(value, Body) else value or ""


class ArticleForm(forms.ModelForm):
    """The text of an article; `version` is the version that the user saw."""

    version = forms.IntegerField(
        widget=forms.HiddenInput, initial=0, min_value=0, max_value=2**31 - 1
    )
    headline = forms.CharField(
        label=gettext_lazy("Headline"),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("One line for each printed line."),
    )
    #: The format of `body`: light markup from a plain text area, or HTML from the text editor.
    body_format = forms.ChoiceField(
        choices=[(HTML, HTML), (LIGHT, LIGHT)],
        required=False,
        initial=LIGHT,
        widget=forms.HiddenInput(attrs={"autocomplete": "off"}),
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
            attrs={"rows": 2, "placeholder": gettext_lazy("Who did what, and with what result")}
        ),
    )
    byline = forms.CharField(
        label=gettext_lazy("Byline"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("As printed, for example: 融媒体 张三 通讯员 李四"),
    )
    towns = RowsField(label=gettext_lazy("Towns"), queryset=Town.objects.none(), required=False)
    tag_line = forms.CharField(
        label=gettext_lazy("Tags"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("Separated by commas."),
    )

    class Meta:
        model = Article
        fields = ["kind", "kicker", "subhead", "dateline", "unit", "section", "genre", "has_code"]

    def __init__(self, *args: Any, user: User | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        article = self.instance
        section: Any = self.fields["section"]
        section.queryset = sections_in_use(article.section_id)
        section.empty_label = _("Choose a section")
        genre: Any = self.fields["genre"]
        genre.queryset = genres_in_use(article.genre_id)
        genre.empty_label = _("No genre")
        towns: Any = self.fields["towns"]
        towns.queryset = towns_in_use(article.towns.order_by().values("pk") if article.pk else None)
        for name in ("dateline", "unit"):
            self.fields[name].validators.append(refuse_private_characters)
        self.photo_numbers: dict[int, int] = {}
        if article.pk:
            photos = article.article_photos.all()
            self.photo_numbers = {n: row.photo_id for n, row in enumerate(photos, start=1)}
            self.initial = {**self.initial, **_initial(article, self.photo_numbers)}
        self.byline_credits: list[Credit] = []
        if self["body_format"].value() == HTML:
            # A browser that refills the area would put light markup where HTML is expected.
            self.fields["body"].widget.attrs["autocomplete"] = "off"
        #: The names of the byline matched to contributors, with the questions about them.
        self.names = Names.of(article, user, self.data)
        self.questions: list[NameQuestion] = []
        #: What the saved article lacks before it can be submitted; see `add_missing`.
        self.missing: list[tuple[str, str]] = []

    def add_missing(self, missing: Sequence[tuple[str, str]]) -> None:
        """Add the results of `validation.missing_in` to the fields of an unbound form."""
        self.missing = list(missing)
        for name, sentence in missing:
            if name in self.fields:
                self.errors.setdefault(name, self.error_class()).append(sentence)

    @property
    def town(self) -> Town | None:
        """Return the first of the chosen towns."""
        return next(iter(self.cleaned_data.get("towns") or []), None)

    def ask_names(self) -> None:
        """Reject a byline with a name that could be another user's login, and ask about it."""
        doubts = self.names.doubts(self.byline_credits, self.town)
        if doubts:
            self.questions = [question(doubt) for doubt in doubts]
            self.add_error("byline", doubt_message(doubts))

    @property
    def answers(self) -> list[tuple[str, str]]:
        """Return the fields of the questions that were answered before, with the answers."""
        asked = {one.field for one in self.questions}
        given = ((PREFIX + key, answer) for key, answer in self.names.answers.items() if answer)
        return [(name, answer) for name, answer in given if name not in asked]

    @property
    def is_blank(self) -> bool:
        """Return whether the user has typed or chosen nothing."""
        lines = ("headline", "kicker", "subhead", "lead_what", "tag_line")
        data = self.cleaned_data
        has_text = any(str(self[name].value() or "").strip() for name in lines)
        body = data.get("body") or EMPTY
        has_body = body.text or body.photos
        return not (has_text or has_body or photo_numbers(self.data))

    def clean_body(self) -> Body:
        """Return the body, whatever its input format."""
        text, how = self.cleaned_data["body"], self.cleaned_data.get("body_format")
        return body_of(text, how or HTML, photo_numbers(self.data))

    @property
    def body_html(self) -> Body | None:
        """Return the text area's body as HTML for the text editor; None if it is too long."""
        if not self.is_bound:
            return self.instance.body or EMPTY
        if isinstance(clean := getattr(self, "cleaned_data", {}).get("body"), Body):
            return clean
        how = self["body_format"].value() or HTML
        try:
            return body_of(str(self["body"].value() or ""), how, photo_numbers(self.data))
        except forms.ValidationError:
            return None

    def clean(self) -> dict[str, Any] | None:
        """Refuse a body in which readers would see HTML tags, unless they are meant as code."""
        data = super().clean()
        for name in () if self.cleaned_data.get("has_code") else _PRINTED:
            if code := escaped_markup(_plain_text(self.cleaned_data.get(name))):
                self.add_error(name, escaped_markup_message(code))
        return data

    @property
    def asks_for_code(self) -> bool:
        """Return whether the form shows the choice that tags in the text are meant as code."""
        texts = [_plain_text(self.body_html), *(str(self[name].value() or "") for name in _LINES)]
        return bool(self["has_code"].value() or any(map(escaped_markup, texts)))

    def clean_byline(self) -> str:
        """Parse the byline as a credit line."""
        text: str = self.cleaned_data["byline"]
        self.byline_credits = self.names.settle(self._read_byline(text))
        return text

    def _read_byline(self, text: str) -> list[Credit]:
        try:
            return read_credits(text, Role.CORRESPONDENT, self.names.spellings)
        except forms.ValidationError:
            self.names.add_pen_name()
            return read_credits(text, Role.CORRESPONDENT, self.names.spellings)

    def clean_tag_line(self) -> list[str]:
        """Split the tags at commas and the like; a known one may have a blank inside."""
        names = split_tags(self.cleaned_data["tag_line"])
        blank = [name for name in names if len(parts_of_tag(name)) > 1]
        known = set(known_tags(blank)) if blank else set()
        parts = (parts_of_tag(name) if name not in known else [name] for name in names)
        return list(dict.fromkeys(part for some in parts for part in some))

    def content(self, photos: tuple[PhotoRow, ...]) -> Content:
        """Return the form's input as content; contributors are matched or created."""
        data = self.cleaned_data
        return Content(
            kind=data["kind"],
            kicker=data["kicker"],
            headline=data["headline"],
            subhead=data["subhead"],
            dateline=data["dateline"],
            body=with_lead(data["body"], data["lead_when"], data["lead_where"], data["lead_what"]),
            unit=data["unit"],
            section=data["section"].pk if data["section"] else None,
            genre=data["genre"].pk if data["genre"] else None,
            towns=tuple(town.pk for town in data["towns"]),
            tags=tuple(data["tag_line"]),
            bylines=tuple(self.names.rows(self.byline_credits, self.town)),
            photos=photos,
        )


def problems(form: ArticleForm) -> list[tuple[str, str]]:
    """Return (field id, message) for each error of the form, for the summary at the top."""
    if form.missing:
        return [(f"id_{name}", sentence) for name, sentence in form.missing]
    found = [("", str(error)) for error in form.non_field_errors()]
    for field in form:
        found += [(field.id_for_label, f"{field.label}: {error}") for error in field.errors]
    return found


def _initial(article: Article, photo_numbers: dict[int, int]) -> dict[str, Any]:
    text = article.body.as_markup({pk: number for number, pk in photo_numbers.items()})
    if text is not None and excess_of(text, is_light=True):
        # Escaped characters (\\|) count at the limit: the text could not be sent back otherwise.
        text = None
    return {
        "version": article.version,
        "headline": article.headline,
        # What light markup cannot express is shown as HTML, so that nothing is lost.
        "body": article.body if text is None else text,
        "body_format": HTML if text is None else LIGHT,
        "byline": credit_text(
            [(b.contributor.name, b.role, b.label) for b in article.ordered_bylines()]
        ),
        "towns": list(article.towns.all()),
        "tag_line": "，".join(tag.name for tag in article.tags.all()),
    }


class ReasonForm(forms.Form):
    """The reason to restore an article or to drop a correction."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages=_NO_REASON,
    )


class WithdrawalForm(ReasonForm):
    """The reason to withdraw a story."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages=_NO_REASON,
        help_text=gettext_lazy("Readers see it in place of the story."),
    )


class CorrectionForm(forms.Form):
    """The kind of a correction, and its public note."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=Correction.Kind.choices)
    reason = forms.CharField(
        label=gettext_lazy("Public note"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages=_NO_REASON,
        help_text=gettext_lazy(
            "Readers see it at the top of the story and in the list of corrections after the "
            "corrected story is approved."
        ),
    )


class NoteForm(forms.Form):
    """An optional note on an approval."""

    note = forms.CharField(
        label=gettext_lazy("Note with the signature"), required=False, max_length=500
    )


class ReleaseForm(forms.Form):
    """The release time of a story; empty means now."""

    release_at = MomentField(
        label=gettext_lazy("Release at"),
        required=False,
        help_text=gettext_lazy("Beijing time. Leave empty to release now."),
    )

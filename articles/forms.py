"""Forms of the article screen: what a person types, to the content that the services save."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_prose_editor.fields import ProseEditorFormField
from taggit.utils import parse_tags

from bylines.credit_line import Credit, parse
from bylines.models import Role
from bylines.services import match_or_create
from paper.models import Town
from paper.querysets import sections_in_use
from photos.models import Photo
from photos.services import add_photo, credit_line, set_credits
from press.models import Correction

from .content import BylineRow, Content, PhotoRow
from .models import Article

#: What the editor can make is what `textkit.html` keeps.
EXTENSIONS = {
    "Bold": True,
    "Italic": True,
    "Heading": {"levels": [2, 3]},
    "BulletList": True,
    "OrderedList": True,
    "ListItem": True,
    "Blockquote": True,
    "Link": {"enableTarget": False},
    "Table": True,
    "TableRow": True,
    "TableHeader": True,
    "TableCell": True,
    "HardBreak": True,
    "History": True,
}

#: A key of the database has 19 digits at most.
MAX_KEY_DIGITS = 18


def credit_text(rows: list[tuple[str, str, str]]) -> str:
    """Return (name, role, label) rows as a credit line: 融媒体 张三 通讯员 李四."""
    words: list[str] = []
    last = None
    for name, role, label in rows:
        shown = label or role
        words += [name] if shown == last else [shown, name]
        last = shown
    return " ".join(words)


def read_credits(text: str, default_role: str) -> list[Credit]:
    """Return the people of a credit line; names alone get `default_role`.

    Raises ValidationError where the line cannot be read.
    """
    if not text.strip():
        return []
    found = list(parse(text)) or [
        Credit(c.name, default_role) for c in parse(f"（{default_role} {text}）")
    ]
    if not found:
        raise forms.ValidationError(
            _("This cannot be read. Write it like: 融媒体 张三 通讯员 李四"), code="unreadable"
        )
    return found


class TownsField(forms.ModelMultipleChoiceField):
    """Towns to tick; a number that no database holds is an unknown town, not a fault of ours."""

    def clean(self, value: Any) -> Any:
        """Return the towns. Raises ValidationError for one that there is not."""
        for key in value or []:
            if len(str(key)) > MAX_KEY_DIGITS:
                raise forms.ValidationError(
                    self.error_messages["invalid_choice"], "invalid_choice", {"value": key}
                )
        return super().clean(value)


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
    body = ProseEditorFormField(
        label=gettext_lazy("Body"),
        required=False,
        config={"extensions": EXTENSIONS},
        sanitize=False,
    )
    byline = forms.CharField(
        label=gettext_lazy("Byline"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("As printed, such as: 融媒体 张三 通讯员 李四"),
    )
    towns = TownsField(
        label=gettext_lazy("Towns"),
        queryset=Town.objects.all(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
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
        if article.pk:
            self.initial = {**self.initial, **_initial(article)}
        self.byline_credits: list[Credit] = []

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
            body=data["body"],
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


def _initial(article: Article) -> dict[str, Any]:
    bylines = article.bylines.select_related("contributor")
    return {
        "version": article.version,
        "headline": article.headline,
        "body": article.body,
        "byline": credit_text([(b.contributor.name, b.role, b.label) for b in bylines]),
        "towns": list(article.towns.all()),
        "tag_line": "，".join(article.tags.names()),
    }


class PhotoForm(forms.Form):
    """One photo: a new file, or one that the article has (`photo` names it)."""

    photo = forms.ModelChoiceField(Photo.objects.all(), required=False, widget=forms.HiddenInput)
    file = forms.FileField(
        label=gettext_lazy("New photo"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )
    caption = forms.CharField(label=gettext_lazy("Caption"), required=False, max_length=300)
    credit = forms.CharField(label=gettext_lazy("Photographer"), required=False, max_length=120)
    remove = forms.BooleanField(label=gettext_lazy("Take out"), required=False)

    def clean_credit(self) -> list[Credit]:
        """Read who took the photo."""
        self.cleaned_data["credit_text"] = self.cleaned_data["credit"]
        text = self.cleaned_data["credit"].removesuffix("摄").strip()
        return read_credits(text, Role.PHOTOGRAPH)


PhotoFormSet = forms.formset_factory(PhotoForm, extra=1, max_num=20, validate_max=True)


def photo_initial(article: Article) -> list[dict[str, Any]]:
    """Return the article's photos as initial rows of the form set."""
    rows = article.article_photos.select_related("photo").prefetch_related(
        "photo__credits__contributor"
    )
    return [
        {"photo": row.photo, "caption": row.caption, "credit": credit_line(row.photo)}
        for row in rows
    ]


def save_photos(
    formset: Any, *, user: Any, at: Any, allowed: set[int], is_fresh: bool
) -> tuple[PhotoRow, ...]:
    """Store new photos and changed credits; return the rows of the article's content.

    `allowed` are the ids of the photos that the article has: no other can be named. A save that
    is not `is_fresh` is kept aside: it changes no photo that the article has. Raises
    ValidationError for a file that is no photo.
    """
    rows = []
    for form in formset:
        data = form.cleaned_data
        if not data or data.get("remove"):
            continue
        photo = data.get("photo")
        people = [(match_or_create(c.name, c.role)[0], Role.PHOTOGRAPH) for c in data["credit"]]
        if photo is None and data.get("file"):
            photo = add_photo(
                data=data["file"].read(), caption=data["caption"], user=user, at=at, credits=people
            )
        elif photo is None or photo.pk not in allowed:
            continue
        elif "credit" in form.changed_data and is_fresh:
            set_credits(photo, people)
        credit = credit_line(photo) if is_fresh else data["credit_text"]
        rows.append(PhotoRow(photo.pk, data["caption"], credit))
    return tuple(rows)


class ReasonForm(forms.Form):
    """Why: for a return, a spike, a restore, a withdrawal."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )


class CorrectionForm(ReasonForm):
    """What kind of correction, and the public note."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=Correction.Kind.choices)
    reason = forms.CharField(
        label=gettext_lazy("Public note"), max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )


class NoteForm(forms.Form):
    """A note with a pass; it may be empty."""

    note = forms.CharField(required=False, max_length=500)


class ReleaseForm(forms.Form):
    """When a story comes out; empty: now."""

    release_at = forms.DateTimeField(
        label=gettext_lazy("Release at"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=gettext_lazy("Beijing time. Empty: now."),
    )

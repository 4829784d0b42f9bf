"""The photos of an article as rows of a form.

A file is stored as soon as it arrives, as an upload of the person that stands in no article yet,
and its row names it from then on: a form that is refused for another field has not lost it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bylines.credit_line import Credit
from bylines.models import Role as BylineRole
from bylines.services import display_name, match_or_create
from photos.models import Photo
from photos.services import add_photo, credit_line, sent_bytes, set_credits, set_facts
from textkit import light

from .body_field import LIGHT
from .content import PhotoRow
from .credits import read_credits
from .models import Article
from .parts import photos_of
from .workflow import Role, actor_of

PREFIX = "photos"
MAX_PHOTOS = 20
_NOT_PLACEABLE = gettext_lazy(
    "The photo of this row cannot be placed from here: it stands in another article, or is not"
    " yours. Please choose it anew, or use it from the photo library."
)


class PhotoForm(forms.Form):
    """One photo: a new file, or one that the article has (`photo` names it)."""

    photo = forms.ModelChoiceField(Photo.objects.all(), required=False, widget=forms.HiddenInput)
    file = forms.FileField(
        label=gettext_lazy("New photo"),
        required=False,
        widget=forms.FileInput(
            attrs={"accept": "image/jpeg,image/png,image/webp,image/heic,image/heif,.heic,.heif"}
        ),
    )
    caption = forms.CharField(label=gettext_lazy("Caption"), required=False, max_length=300)
    credit = forms.CharField(label=gettext_lazy("Photographer"), required=False, max_length=120)
    alt = forms.CharField(
        label=gettext_lazy("Description"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("What is to be seen, for who does not see it. Empty: the caption."),
    )
    source = forms.CharField(label=gettext_lazy("Source"), required=False, max_length=60)
    rights = forms.CharField(label=gettext_lazy("Rights"), required=False, max_length=120)
    remove = forms.BooleanField(label=gettext_lazy("Take out"), required=False)

    #: The photo that the row shows, if the person may see it.
    picture: Photo | None = None

    def clean_credit(self) -> list[Credit]:
        """Read who took the photo."""
        self.cleaned_data["credit_text"] = self.cleaned_data["credit"]
        text = self.cleaned_data["credit"].strip()
        if text and not text.endswith(("摄", "图", "提供", "摄影")):
            text += " 摄"
        return read_credits(text, BylineRole.PHOTOGRAPH)

    def facts(self) -> tuple[str, str]:
        """Return source and rights as they are to stand with the photo.

        What a new photo brought stays where nothing is typed, and where a field did not come.
        """
        photo = self.cleaned_data["photo"]
        is_new = photo != self.initial.get("photo")

        def told(name: str, known: str) -> str:
            text: str = self.cleaned_data.get(name) or ""
            return text or (known if is_new or self.add_prefix(name) not in self.data else "")

        return told("source", photo.source), told("rights", photo.rights)


class BasePhotoFormSet(forms.BaseFormSet):
    """The rows of photos; a row shows its photo where that is one of the `shown` ones."""

    _offered = ""
    #: The article that the rows belong to, None for a new one.
    article: Article | None = None

    def __init__(self, *args: Any, shown: Mapping[int, Photo] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        #: The photos that a save may place, by their ids.
        self.shown = shown or {}
        for row in self.forms:
            photo = row.initial.get("photo")
            value = str(row["photo"].value() or "") if row.is_bound else ""
            if shown and value.isascii() and value.isdigit():
                photo = shown.get(int(value), photo)
            row.picture = photo

    def clean(self) -> None:
        """Refuse another credit for a photo that others show too; tell which one stays."""
        for row in self.forms:
            data = getattr(row, "cleaned_data", {})
            photo = data.get("photo")
            if photo is None or "credit" not in data or data.get("remove"):
                continue
            if says_other(data["credit"], photo) and has_fixed_credit(photo, self.article):
                said = _("The photo stands in another story too. Its credit stays: %(credit)s")
                row.add_error("credit", said % {"credit": credit_line(photo)})
            if row.facts() != (photo.source, photo.rights) and has_fixed_credit(
                photo, self.article
            ):
                said = _("The photo stands in another story too. Its source and rights stay.")
                row.add_error("source", said)

    def ask_for_files(self) -> None:
        """Refuse a row with a caption or a description but no photo: its words would be lost."""
        for row in self.forms:
            if row.errors:
                continue
            data = row.cleaned_data
            words = data.get("caption") or data.get("alt")
            if words and not data.get("photo") and not data.get("remove"):
                row.add_error("file", _("Choose the photo that these words belong to."))

    def tell(self, missing: Sequence[tuple[str, str]]) -> None:
        """Say at the rows of a form that is not bound what `rules.missing_in` found."""
        for row in self.forms:
            for name, sentence in missing:
                field = name.removeprefix(f"{row.prefix}-")
                if field != name:
                    row.errors.setdefault(field, row.error_class()).append(sentence)

    def offer_credit(self, name: str) -> None:
        """Fill in who took the new photos, as long as nothing is typed."""
        self._offered = name
        for row in [] if self.is_bound else self.extra_forms:
            row.initial["credit"] = name

    @property
    def empty_form(self) -> PhotoForm:
        """Return the row that the browser adds more of."""
        row: PhotoForm = super().empty_form
        row.initial["credit"] = self._offered
        return row


PhotoFormSet = forms.formset_factory(
    PhotoForm,
    formset=BasePhotoFormSet,
    extra=1,
    max_num=MAX_PHOTOS,
    # Else a made-up number of rows would have a thousand of them shown.
    absolute_max=MAX_PHOTOS + 1,
    validate_max=True,
)


def photo_initial(article: Article) -> list[dict[str, Any]]:
    """Return the article's photos as initial rows of the form set."""
    return [
        {
            "photo": row.photo,
            "caption": row.caption,
            "credit": credit_line(row.photo),
            "alt": row.alt,
            "source": row.photo.source,
            "rights": row.photo.rights,
        }
        for row in photos_of(article)
    ]


def placeable(article: Article | None, user: User, named: Collection[int]) -> dict[int, Photo]:
    """Return those of the `named` photos that a save may place.

    The article's, now or in an earlier revision, and the person's own that stand nowhere.
    """
    has = Q(uploaded_by=user, article_photos=None, prints=None)
    if article is not None:
        has |= Q(article_photos__article=article)
    found = {photo.pk: photo for photo in Photo.objects.filter(has, pk__in=named).distinct()}
    missing = set(named) - set(found)
    if article is not None and missing:
        found |= Photo.objects.in_bulk(missing & named_in_record(article))
    return found


def named_in_record(article: Article) -> set[int]:
    """Return the ids of the photos that any revision of the article names."""
    contents = article.revisions.values_list("content", flat=True)
    return {row["photo"] for content in contents for row in content["photos"]}


def number_of(data: Mapping[str, Any], row: int) -> int | None:
    """Return the id of the photo that row `row` of a sent form names, None without one."""
    text = str(data.get(f"{PREFIX}-{row}-photo") or "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else None


def photo_numbers(data: Mapping[str, Any]) -> dict[int, int]:
    """Return the ids of the photos that a sent form names, by their numbers on the screen."""
    rows = ((row + 1, number_of(data, row)) for row in range(MAX_PHOTOS))
    return {number: pk for number, pk in rows if pk is not None}


@dataclass(slots=True)
class Sent:
    """A form as sent, its files stored: `data` names them, `errors` says which were no photos."""

    data: QueryDict
    errors: dict[int, ValidationError] = field(default_factory=dict)

    def rows(self, article: Article | None, user: User) -> Any:
        """Return the photo rows; those whose file was refused say so."""
        named = photo_numbers(self.data)
        shown = placeable(article, user, named.values())
        for number, pk in named.items():
            # Nothing is said of a photo that is not for this person: not even whether it is there.
            if pk not in shown:
                self.data[f"{PREFIX}-{number - 1}-photo"] = ""
                self.errors.setdefault(number - 1, ValidationError(_NOT_PLACEABLE))
        make: Any = PhotoFormSet
        formset = make(
            self.data,
            prefix=PREFIX,
            initial=photo_initial(article) if article else [],
            shown=shown,
        )
        formset.article = article
        for row, error in self.errors.items():
            if row < len(formset.forms):
                formset.forms[row].add_error("file", error)
        return formset

    def rearrange(self, button: str) -> bool:
        """Do what a button of the rows asks for that sends the form; return whether one did."""
        name, _dash, row = button.rpartition("-")
        if button == "more-photos":
            self._add_row()
        elif name == "photo-up" and row.isascii() and row.isdigit() and len(row) < 3:
            self._move_up(int(row))
        else:
            return False
        return True

    def _move_up(self, row: int) -> None:
        """Let the photo of `row` change places with the one before it."""
        if not 0 < row < MAX_PHOTOS:
            return
        for name in PhotoForm.base_fields:
            here, before = (f"{PREFIX}-{n}-{name}" for n in (row, row - 1))
            swapped = self.data.pop(before, []), self.data.pop(here, [])
            for key, values in zip((here, before), swapped, strict=True):
                if values:
                    self.data.setlist(key, values)
        if self.data.get("body_format") == LIGHT:
            body = self.data.get("body", "")
            self.data["body"] = light.renumbered(body, {row: row + 1, row + 1: row})

    def _add_row(self) -> None:
        """Have one more row than was sent."""
        name = f"{PREFIX}-TOTAL_FORMS"
        total = self.data.get(name, "")
        if total.isascii() and total.isdigit() and len(total) < 4:
            self.data[name] = str(min(int(total) + 1, MAX_PHOTOS))


def store_files(data: QueryDict, files: Mapping[str, Any], *, user: User, at: dt.datetime) -> Sent:
    """Store the photos that came with a form as uploads of `user`, and return the form with them.

    A file that is no photo becomes an error of its row.
    """
    sent = Sent(data.copy())
    for row in range(MAX_PHOTOS):
        file = files.get(f"{PREFIX}-{row}-file")
        if not file or number_of(data, row) is not None:
            continue
        try:
            photo = add_photo(data=sent_bytes(file), caption="", user=user, at=at)
        except ValidationError as error:
            sent.errors[row] = error
        else:
            sent.data[f"{PREFIX}-{row}-photo"] = str(photo.pk)
            _take_byline(sent.data, f"{PREFIX}-{row}-credit", photo, user)
    return sent


def _take_byline(data: QueryDict, name: str, photo: Photo, user: User) -> None:
    """Let who the file says took it stand where nobody is named, or the form itself named him."""
    typed = data.get(name, "").strip()
    if photo.found_byline and (not typed or typed == offered_credit(user)):
        data[name] = photo.found_byline[:120]


def offered_credit(user: User) -> str:
    """Return whom the form names as photographer of the person's new photos, or ""."""
    is_plain = actor_of(user).roles <= {Role.CORRESPONDENT}
    return display_name(user) if is_plain else ""


def save_photos(formset: Any, *, is_fresh: bool) -> tuple[PhotoRow, ...]:
    """Save changed credits; return the rows of the article's content.

    A save that is not `is_fresh` is kept aside: it changes no photo that the article has.
    """
    rows: dict[int, PhotoRow] = {}
    for form in formset:
        data = form.cleaned_data
        photo = data.get("photo") if data else None
        if photo is None or photo.pk not in formset.shown or data.get("remove"):
            continue
        is_new = photo.pk != getattr(form.initial.get("photo"), "pk", None)
        if is_fresh and says_other(data["credit"], photo):
            set_credits(
                photo,
                [(match_or_create(c.name, c.role)[0], c.role, c.label) for c in data["credit"]],
            )
        if is_fresh:
            caption = photo.caption or (data["caption"] if is_new else "")
            set_facts(photo, caption, *form.facts())
        credit = credit_line(photo) if is_fresh else data["credit_text"]
        rows.setdefault(photo.pk, PhotoRow(photo.pk, data["caption"], credit, data["alt"]))
    return tuple(rows.values())


def says_other(credit: Sequence[Credit], photo: Photo) -> bool:
    """Return whether `credit` names others than `photo` has."""
    rows = photo.credits.select_related("contributor")
    return [(c.name, c.role, c.label) for c in credit] != [
        (row.contributor.name, row.role, row.label) for row in rows
    ]


def has_fixed_credit(photo: Photo, article: Article | None) -> bool:
    """Return whether the credit of `photo` is not for `article` to change.

    Where it is printed, or stands in another article too, its credit goes with it.
    """
    others = photo.article_photos.all()
    if article is not None and article.pk:
        others = others.exclude(article=article)
    return others.exists() or photo.prints.exclude(story__article=article).exists()


def problems(formset: Any) -> list[tuple[str, str]]:
    """Return (id of the field, sentence) for each error of the rows, and of the set."""
    found = [("", str(error)) for error in formset.non_form_errors()]
    for number, row in enumerate(formset, start=1):
        for name, errors in row.errors.items():
            label = _("Photo %(n)d, %(field)s") % {"n": number, "field": row.fields[name].label}
            found += [(row[name].id_for_label, f"{label}: {error}") for error in errors]
    return found

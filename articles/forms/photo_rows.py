"""Form set of an article's photos.

A file is stored as soon as it arrives, as an upload of the user that no article uses yet. The row
then refers to it, so that an error in another field does not lose the file.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bylines.credits.line import Credit
from bylines.services import display_name, name_key
from paper.form_fields import refuse_private_characters
from paper.permissions import Capability, may
from photos.models import Photo
from photos.services import (
    credit_line,
    set_credits,
    set_facts,
)
from textkit.numbers import MAX_ID, parse_number

from ..content import PhotoRow
from ..models import Article
from .credits import credit_differs, has_fixed_credit, read_photo_credit
from .namesakes import NameQuestion, Names, doubt_message, question

PREFIX = "photos"
MAX_PHOTOS = 20
_USUAL = (refuse_private_characters,)


class PhotoForm(forms.Form):
    """One photo: a new file, or a stored photo that `photo` identifies."""

    photo = forms.ModelChoiceField(Photo.objects.all(), required=False, widget=forms.HiddenInput)
    file = forms.FileField(
        label=gettext_lazy("New photo"),
        required=False,
        widget=forms.FileInput(
            attrs={"accept": "image/jpeg,image/png,image/webp,image/heic,image/heif,.heic,.heif"}
        ),
    )
    caption = forms.CharField(
        label=gettext_lazy("Caption"), required=False, max_length=300, validators=_USUAL
    )
    credit = forms.CharField(label=gettext_lazy("Photographer"), required=False, max_length=120)
    alt = forms.CharField(
        label=gettext_lazy("Description"),
        required=False,
        max_length=300,
        validators=_USUAL,
        help_text=gettext_lazy(
            "What the photo shows, for people who cannot see it. Leave empty to use the caption."
        ),
    )
    source = forms.CharField(
        label=gettext_lazy("Source"), required=False, max_length=60, validators=_USUAL
    )
    rights = forms.CharField(
        label=gettext_lazy("Rights"), required=False, max_length=120, validators=_USUAL
    )
    remove = forms.BooleanField(label=gettext_lazy("Remove"), required=False)

    #: The photo that the row shows, if the user may see it.
    picture: Photo | None = None
    #: The questions about the names of the credit.
    questions: Sequence[NameQuestion] = ()

    def __init__(self, *args: Any, known: frozenset[str] = frozenset(), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        #: Names that are read whatever their form: the login's own.
        self.known = known

    def clean_credit(self) -> list[Credit]:
        """Parse the credit."""
        self.cleaned_data["credit_text"] = self.cleaned_data["credit"]
        text, photo = self.cleaned_data["credit"].strip(), self.cleaned_data.get("photo")
        return read_photo_credit(text, photo, self.known)

    def facts(self) -> tuple[str, str]:
        """Return the source and rights to store with the photo.

        Metadata of a new photo is used where the field is empty or missing.
        """
        photo = self.cleaned_data["photo"]
        is_new = photo != self.initial.get("photo")

        def chosen(name: str, known: str) -> str:
            text: str = self.cleaned_data.get(name) or ""
            return text or (known if is_new or self.add_prefix(name) not in self.data else "")

        return chosen("source", photo.source), chosen("rights", photo.rights)


class BasePhotoFormSet(forms.BaseFormSet):
    """The photo rows; a row shows its photo if it is one of `shown`."""

    _offered = ""
    #: The article of the rows, None for a new one.
    article: Article | None = None

    def __init__(
        self,
        *args: Any,
        shown: Mapping[int, Photo] | None = None,
        known: frozenset[str] = frozenset(),
        **kwargs: Any,
    ) -> None:
        kwargs["form_kwargs"] = {"known": known}
        super().__init__(*args, **kwargs)
        #: The photos that a save may place, by id.
        self.shown = shown or {}
        self.names = Names(None)
        for row in self.forms:
            photo = row.initial.get("photo")
            value = str(row["photo"].value() or "") if row.is_bound else ""
            if shown:
                photo = shown.get(parse_number(value, 0, most=MAX_ID), photo)
            row.picture = photo

    def clean(self) -> None:
        """Reject a changed credit of a photo that other articles use; say which credit applies."""
        for row in self.forms:
            data = getattr(row, "cleaned_data", {})
            photo = data.get("photo")
            if photo is None or "credit" not in data or data.get("remove"):
                continue
            if credit_differs(data["credit"], photo) and has_fixed_credit(photo, self.article):
                said = _(
                    "This photo is also used in another story, so its credit does not change: "
                    "%(credit)s"
                )
                row.add_error("credit", said % {"credit": credit_line(photo)})
            if row.facts() != (photo.source, photo.rights) and has_fixed_credit(
                photo, self.article
            ):
                said = _(
                    "This photo is also used in another story, so its source and rights do "
                    "not change."
                )
                row.add_error("source", said)

    def ask_names(self, names: Names, asked: Collection[str]) -> None:
        """Reject a changed credit with a name that could be another user's login, and ask about it.

        `names` are those of the form, `asked` the normal forms of names that it asks about already.
        """
        self.names = names
        seen = set(asked)
        for row in self.forms:
            if not row.errors and row.cleaned_data.get("credit"):
                row.cleaned_data["credit"] = names.settle(row.cleaned_data["credit"])
            new = self._new_credit(row)
            doubts = [doubt for doubt in names.doubts(new) if doubt.key not in seen]
            if doubts:
                row.questions = [question(doubt) for doubt in doubts]
                row.add_error("credit", doubt_message(doubts))
                seen |= {doubt.key for doubt in doubts}

    def _new_credit(self, row: PhotoForm) -> list[Credit]:
        """Return the new credit of a row without the people that the photo already credits."""
        data = getattr(row, "cleaned_data", {})
        photo = data.get("photo")
        if photo is None or photo.pk not in self.shown or data.get("remove"):
            return []
        if not data.get("credit") or not credit_differs(data["credit"], photo):
            return []
        known = {one.contributor.name_key for one in photo.credits.select_related("contributor")}
        return [one for one in data["credit"] if name_key(one.name) not in known]

    def ask_for_files(self) -> None:
        """Reject a row with a caption or description but no photo: the text would be lost."""
        for row in self.forms:
            if row.errors:
                continue
            data = row.cleaned_data
            text = data.get("caption") or data.get("alt")
            if text and not data.get("photo") and not data.get("remove"):
                row.add_error("file", _("Choose the photo that this text describes."))

    def add_missing(self, missing: Sequence[tuple[str, str]]) -> None:
        """Add the results of `validation.missing_in` to the rows of an unbound form set."""
        for row in self.forms:
            for name, sentence in missing:
                field = name.removeprefix(f"{row.prefix}-")
                if field != name:
                    row.errors.setdefault(field, row.error_class()).append(sentence)

    def offer_credit(self, name: str) -> None:
        """Prefill the credit of new photos where it is empty."""
        self._offered = name
        for row in [] if self.is_bound else self.extra_forms:
            row.initial["credit"] = name

    @property
    def empty_form(self) -> PhotoForm:
        """Return the empty row that the browser clones."""
        row: PhotoForm = super().empty_form
        row.initial["credit"] = self._offered
        return row


PhotoFormSet = forms.formset_factory(
    PhotoForm,
    formset=BasePhotoFormSet,
    extra=1,
    max_num=MAX_PHOTOS,
    # An invalid number of rows would display a thousand of them.
    absolute_max=MAX_PHOTOS + 1,
    validate_max=True,
)


def photo_initial(article: Article) -> list[dict[str, Any]]:
    """Return the article's photos as initial data of the form set."""
    return [
        {
            "photo": row.photo,
            "caption": row.caption,
            "credit": credit_line(row.photo),
            "alt": row.alt,
            "source": row.photo.source,
            "rights": row.photo.rights,
        }
        for row in article.ordered_photos()
    ]


def placeable(article: Article | None, user: User, named: Collection[int]) -> dict[int, Photo]:
    """Return those of the `named` photos that a save may place.

    These are the photos of the article, in its current or an earlier revision, and the user's own
    uploads that no article uses.
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
    """Return the ids of the photos in any revision of the article."""
    contents = article.revisions.values_list("content", flat=True)
    return {row["photo"] for content in contents for row in content["photos"]}


def number_of(data: Mapping[str, Any], row: int) -> int | None:
    """Return the id of the photo that row `row` refers to, None without one."""
    text = str(data.get(f"{PREFIX}-{row}-photo") or "")
    return parse_number(text, None, most=MAX_ID)


def photo_numbers(data: Mapping[str, Any]) -> dict[int, int]:
    """Return the ids of the photos in the form data, by their numbers on the screen."""
    rows = ((row + 1, number_of(data, row)) for row in range(MAX_PHOTOS))
    return {number: pk for number, pk in rows if pk is not None}


def offered_credit(user: User) -> str:
    """Return the photographer that the form prefills for the user's new photos, or ""."""
    is_plain = not may(user, Capability.USE_FULL_FORM)
    return display_name(user) if is_plain else ""


def save_photos(formset: Any, *, is_fresh: bool) -> tuple[PhotoRow, ...]:
    """Save changed credits; return the photo rows of the article's content.

    A save that is not `is_fresh` becomes a conflict copy and changes no photo of the article.
    """
    rows: dict[int, PhotoRow] = {}
    for form in formset:
        data = form.cleaned_data
        photo = data.get("photo") if data else None
        if photo is None or photo.pk not in formset.shown or data.get("remove"):
            continue
        is_new = photo.pk != getattr(form.initial.get("photo"), "pk", None)
        if is_fresh and credit_differs(data["credit"], photo):
            set_credits(photo, formset.names.credits(photo, data["credit"]))
        if is_fresh:
            caption = photo.caption or (data["caption"] if is_new else "")
            set_facts(photo, caption, *form.facts())
        credit = credit_line(photo) if is_fresh else data["credit_text"]
        rows.setdefault(photo.pk, PhotoRow(photo.pk, data["caption"], credit, data["alt"]))
    return tuple(rows.values())


def problems(formset: Any) -> list[tuple[str, str]]:
    """Return (field id, message) for each error of the rows and of the form set."""
    found = [("", str(error)) for error in formset.non_form_errors()]
    for number, row in enumerate(formset, start=1):
        for name, errors in row.errors.items():
            label = _("Photo %(n)d, %(field)s") % {"n": number, "field": row.fields[name].label}
            found += [(row[name].id_for_label, f"{label}: {error}") for error in errors]
    return found

"""The photo rows of a submitted form: files stored as they arrive, rows added and moved."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy

from bylines.services import display_name
from photos.models import Photo
from photos.services import UploadInterrupted, add_photo, sent_bytes
from textkit import markup
from textkit.numbers import parse_number

from ..models import Article
from .body_field import LIGHT
from .photo_rows import (
    MAX_PHOTOS,
    PREFIX,
    PhotoForm,
    PhotoFormSet,
    number_of,
    offered_credit,
    photo_initial,
    photo_numbers,
    placeable,
)

_NOT_PLACEABLE = gettext_lazy(
    "The photo in this row cannot be added here: it belongs to another article or was "
    "uploaded by somebody else. Choose it again, or use it from the photo library."
)


@dataclass(slots=True)
class SubmittedPhotoRows:
    """A submitted form with its files stored; `data` refers to them, `errors` is by row."""

    data: QueryDict
    errors: dict[int, ValidationError] = field(default_factory=dict)

    @property
    def status(self) -> int:
        """Return the HTTP status of a form that cannot be saved: 503 if a photo was interrupted."""
        is_interrupted = any(isinstance(one, UploadInterrupted) for one in self.errors.values())
        return 503 if is_interrupted else 400

    def rows(self, article: Article | None, user: User) -> Any:
        """Return the photo rows, with an error in each row whose file was rejected."""
        named = photo_numbers(self.data)
        shown = placeable(article, user, named.values())
        for number, pk in named.items():
            # A photo that the user may not see is not mentioned, so its existence is not revealed.
            if pk not in shown:
                self.data[f"{PREFIX}-{number - 1}-photo"] = ""
                self.errors.setdefault(number - 1, ValidationError(_NOT_PLACEABLE))
        make: Any = PhotoFormSet
        formset = make(
            self.data,
            prefix=PREFIX,
            initial=photo_initial(article) if article else [],
            shown=shown,
            known=frozenset({display_name(user)}),
        )
        formset.article = article
        for row, error in self.errors.items():
            if row < len(formset.forms):
                formset.forms[row].add_error("file", error)
        return formset

    def rearrange(self, button: str) -> bool:
        """Handle a button of the rows that submits the form; return whether there was one."""
        name, _dash, row = button.rpartition("-")
        number = parse_number(row, None)
        if button == "more-photos":
            self._add_row()
        elif name == "photo-up" and number is not None:
            self._move_up(number)
        else:
            return False
        return True

    def _move_up(self, row: int) -> None:
        """Swap the photo of `row` with the one before it."""
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
            self.data["body"] = markup.renumbered(body, {row: row + 1, row + 1: row})

    def _add_row(self) -> None:
        """Add an empty row."""
        name = f"{PREFIX}-TOTAL_FORMS"
        total = parse_number(self.data.get(name, ""), None)
        if total is not None:
            self.data[name] = str(min(total + 1, MAX_PHOTOS))


def store_files(
    data: QueryDict, files: Mapping[str, Any], *, user: User, at: dt.datetime
) -> SubmittedPhotoRows:
    """Store the submitted files as uploads of `user`, and return the form with references to them.

    A file that is not an image becomes an error of its row.
    """
    sent = SubmittedPhotoRows(data.copy())
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
    """Use the photographer of the file's metadata where the credit is empty or was prefilled."""
    typed = data.get(name, "").strip()
    if photo.found_byline and (not typed or typed == offered_credit(user)):
        data[name] = photo.found_byline[:120]

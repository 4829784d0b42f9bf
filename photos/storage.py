"""Helpers for folders in the storage, on disk or in a bucket."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.files import File
from django.core.files.storage import default_storage
from django.utils.translation import gettext_lazy

SOMEBODY_ELSE = gettext_lazy("Somebody else has just changed this photo. Please check again.")


def upload(folder: Path, target: str, written: list[str]) -> None:
    """Store the files of `folder` under `target`.

    Each name is added to `written` before its file is stored. Raises ValidationError if another
    request is writing to `target`.
    """
    for path in sorted(folder.iterdir()):
        written.append(f"{target}/{path.name}")
        with path.open("rb") as stream:
            stored = default_storage.save(written[-1], File(stream))
        if stored != written[-1]:
            written[-1] = stored
            raise ValidationError(SOMEBODY_ELSE)


def files_in(folder: str) -> list[str]:
    """Return the names of the files in a folder, or [] if there is no such folder."""
    try:
        return [f"{folder}/{name}" for name in default_storage.listdir(folder)[1]]
    except FileNotFoundError:
        return []


def delete(folder: str) -> None:
    """Delete the files of a folder."""
    delete_files(files_in(folder))


def delete_files(names: Sequence[str]) -> None:
    """Delete files by name."""
    for name in names:
        default_storage.delete(name)

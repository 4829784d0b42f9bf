"""Photo services: upload, credits, focal point, deletion."""

from __future__ import annotations

import datetime as dt
import secrets
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from itertools import zip_longest
from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.files import File
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone

from bylines.models import Contributor, Role
from textkit.characters import clean_line, clean_text

from . import storage
from .error_messages import REFUSALS
from .exceptions import PhotoRefused
from .models import Photo, PhotoCredit, original_path
from .sandbox import client
from .sandbox.limits import WorkerStopped
from .validation import MAX_BYTES

#: (contributor, role, label), one for each person in printed order; the label may be "".
Credits = Sequence[tuple[Contributor, str, str]]
#: Bytes at the beginning of a file that contain its metadata.
MAX_HEAD = 262_144
#: Maximum number of photos per user and hour: six stories with the maximum number of photos.
MAX_AN_HOUR = 120
#: The word printed after the names, by role.
_ACTIONS = {Role.PICTURE: "图", Role.PICTURE_SUPPLIED: "供图", Role.GRAPHICS: "制图"}
_SOMEBODY_ELSE = storage.SOMEBODY_ELSE


class UploadLimit(ValidationError):
    """The server cannot process a photo now: no slot is free. The same upload succeeds later."""


class UploadInterrupted(UploadLimit):
    """The photo's worker was stopped, as by a restart: the photo must be sent again."""


def sent_bytes(file: UploadedFile[bytes]) -> bytes:
    """Return the uploaded bytes; raise ValidationError before reading a file that is too large."""
    if (file.size or 0) > MAX_BYTES:
        raise ValidationError(REFUSALS["too-many-bytes"])
    data: bytes = file.read()
    return data


def add_photo(
    *,
    data: bytes,
    caption: str,
    user: User | None,
    at: dt.datetime,
    credits: Credits = (),
    key: str = "",
    head: bytes = b"",
) -> Photo:
    """Check, re-encode and store a photo with its caption, credits and renditions.

    The stored photo is decoded and re-encoded, upright, without metadata. The file's metadata fills
    caption, rights, source and date if they are not given. `key` identifies the upload: repeating
    it returns the same photo. `head` is the beginning of the file before the browser reduced it;
    only its metadata is used. Raises ValidationError with a message for the user: UploadLimit if
    the upload may be repeated in a few seconds, UploadInterrupted if its processing was stopped.
    """
    known = Photo.objects.filter(uploaded_by=user, upload_key=key).first() if key and user else None
    if known is not None:
        return known
    if len(data) > MAX_BYTES:
        raise ValidationError(REFUSALS["too-many-bytes"])
    if user is not None:
        _check_upload_limit(user, at)
    with tempfile.TemporaryDirectory(prefix="photo-") as name:
        source, made_in = Path(name) / "sent", Path(name) / "made"
        made_in.mkdir()
        source.write_bytes(data)
        before = Path(name) / "head"
        if head:
            before.write_bytes(head[:MAX_HEAD])
        made = _process(source, made_in, head=before if head else None)
        photo = Photo(token=secrets.token_hex(16), uploaded_by=user, uploaded_at=at, upload_key=key)
        _set_properties(photo, made, caption)
        return _store(photo, made_in, credits)


def _check_upload_limit(user: User, at: dt.datetime) -> None:
    """Raise ValidationError if `user` has reached the upload limit of the last hour."""
    hour_ago = at - dt.timedelta(hours=1)
    if Photo.objects.filter(uploaded_by=user, uploaded_at__gt=hour_ago).count() >= MAX_AN_HOUR:
        raise ValidationError(REFUSALS["too-many"] % {"n": MAX_AN_HOUR})


def _process(source: Path, folder: Path, **how: Any) -> client.RenditionResult:
    try:
        return client.make_renditions(source, folder, **how)
    except client.SandboxBusy as full:
        raise UploadLimit(REFUSALS["busy-crop" if how.get("is_ours") else "busy"]) from full
    except WorkerStopped as stopped:
        raise UploadInterrupted(REFUSALS["stopped"]) from stopped
    except PhotoRefused as refused:
        raise ValidationError(REFUSALS[refused.code]) from refused


def _set_properties(photo: Photo, made: client.RenditionResult, caption: str) -> None:
    photo.extension, (photo.width, photo.height) = made.extension, made.size
    photo.widths, photo.crops, photo.fingerprint = made.widths, made.crops, made.fingerprint
    photo.caption = clean_text(caption.strip() or made.found["caption"]).strip()[:300]
    photo.rights = clean_line(made.found["rights"])[:120]
    photo.source = clean_line(made.found["source"])[:60]
    if made.found["taken_at"]:
        taken = dt.datetime.fromisoformat(made.found["taken_at"])
        photo.taken_at = timezone.make_aware(taken)
    # Shown in the upload form; saving the form turns the by-line into credits.
    photo.found_byline = clean_line(made.found["byline"])


def _store(photo: Photo, folder: Path, credits: Credits) -> Photo:
    """Write the files and the rows; on any failure, delete what was written."""
    written: list[str] = []
    with ExitStack() as undo:
        undo.callback(storage.delete_files, written)
        original = folder / f"original.{photo.extension}"
        # A failed write may leave part of a file in the storage.
        written.append(original_path(photo, original.name))
        with original.open("rb") as stream:
            photo.file.save(original.name, File(stream), save=False)
        original.unlink()
        storage.upload(folder, photo.folder, written)
        try:
            with transaction.atomic():
                # The database enforces the unique key, which is how a repeated upload is detected.
                photo.full_clean(validate_constraints=False)
                photo.save()
                set_credits(photo, credits)
        except IntegrityError:
            # A concurrent repetition of the same upload has created the photo.
            if not photo.upload_key:
                raise
            return Photo.objects.get(uploaded_by=photo.uploaded_by, upload_key=photo.upload_key)
        undo.pop_all()
    return photo


def set_focus(photo: Photo, x: int, y: int) -> None:
    """Recreate the crops of `photo` around (x, y), in percent of its width and height.

    Writes to a new folder. The old renditions are deleted unless a published story shows them.
    Raises ValidationError if the point lies outside of the picture.
    """
    if not (0 <= x <= 100 and 0 <= y <= 100):
        raise ValidationError(REFUSALS["damaged"])
    old, version = photo.folder, _free_version(photo)
    written: list[str] = []
    with tempfile.TemporaryDirectory(prefix="photo-") as name, ExitStack() as undo:
        undo.callback(storage.delete_files, written)
        source, folder = Path(name) / "sent", Path(name) / "made"
        folder.mkdir()
        with default_storage.open(str(photo.file.name), "rb") as stream:
            source.write_bytes(stream.read())
        _process(source, folder, focus=(x, y), is_ours=True)
        # Files are stored before the row refers to them: pages show them from that moment.
        storage.upload(folder, photo.folder_of(version), written)
        _switch_version(photo, version, x, y)
        undo.pop_all()
    if not photo.prints.filter(folder=old).exists():
        transaction.on_commit(lambda: storage.delete(old))


def _free_version(photo: Photo) -> int:
    """Return the next version whose folder has no files from a concurrent or failed request."""
    version = photo.version + 1
    while storage.files_in(photo.folder_of(version)):
        version += 1
    return version


def _switch_version(photo: Photo, version: int, x: int, y: int) -> None:
    """Set the version of the new focal point, unless another request has changed it first."""
    mine = Photo.objects.filter(pk=photo.pk, version=photo.version)
    if not mine.update(version=version, focus_x=x, focus_y=y):
        raise ValidationError(_SOMEBODY_ELSE)
    photo.version, photo.focus_x, photo.focus_y = version, x, y


def delete_photo(photo: Photo) -> None:
    """Delete `photo` with its files. Raises ProtectedError if an article or a story uses it."""
    name, last = str(photo.file.name), photo.folder
    parent = last.rpartition("/")[0]
    versions = [f"{parent}/{version}" for version in range(1, photo.version + 1)]
    with transaction.atomic():
        photo.delete()
        transaction.on_commit(lambda: _delete_files(name, versions))


def _delete_files(name: str, versions: Sequence[str]) -> None:
    for folder in versions:
        storage.delete(folder)
    storage.delete_files([name])


def set_facts(photo: Photo, caption: str, source: str, rights: str) -> None:
    """Store caption, source and rights of `photo`."""
    facts = {
        "caption": clean_text(caption).strip(),
        "source": clean_line(source),
        "rights": clean_line(rights),
    }
    if facts == {name: getattr(photo, name) for name in facts}:
        return
    for name, text in facts.items():
        setattr(photo, name, text)
    photo.full_clean(exclude=["file"])
    photo.save(update_fields=list(facts))


def set_credits(photo: Photo, credits: Credits) -> None:
    """Replace the credits of `photo` by (contributor, role, label) in printed order."""
    rows: dict[tuple[int, Role], str] = {}
    for person, role, label in credits:
        rows.setdefault((person.pk, Role(role)), label)
    with transaction.atomic():
        photo.credits.all().delete()
        PhotoCredit.objects.bulk_create(
            PhotoCredit(photo=photo, contributor_id=pk, role=role, label=label[:20], order=order)
            for order, ((pk, role), label) in enumerate(rows.items())
        )


def credit_line(photo: Photo) -> str:
    """Return the credit of `photo` as printed under it: 融媒体 张三 通讯员 李四 摄.

    Reads `photo.credits` with their contributors: prefetch them for a list.
    """
    rows: list[Any] = list(photo.credits.all())
    words: list[str] = []
    for row, after in zip_longest(rows, rows[1:]):
        words += [row.label, row.contributor.name]
        action = _action_word(row)
        if after is None or _action_word(after) != action:
            words.append(action)
    return " ".join(word for word in words if word)


def _action_word(credit: PhotoCredit) -> str:
    return _ACTIONS.get(Role(credit.role), "摄")

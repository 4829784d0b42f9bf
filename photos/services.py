"""Everything that writes photos: take in, credit, focal point."""

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

from . import folders, process
from .checking import MAX_BYTES, Refused
from .models import Photo, PhotoCredit, original_path
from .words import REFUSALS

#: (contributor, role, what is printed where that says more), one for each person in printed order.
Credits = Sequence[tuple[Contributor, str, str]]
#: So much of a file's beginning holds what it says of itself, in bytes.
MAX_HEAD = 262_144
#: So many photos one person may send within an hour: six stories with all that they have room for.
MAX_AN_HOUR = 120
#: What is printed behind the names, by what they did.
_DID = {Role.PICTURE: "图", Role.PICTURE_SUPPLIED: "供图", Role.GRAPHICS: "制图"}
_SOMEBODY_ELSE = folders.SOMEBODY_ELSE


class Busy(ValidationError):
    """There is no room to work on one more photo now; the same photo again is taken later."""


def sent_bytes(file: UploadedFile[bytes]) -> bytes:
    """Return what was sent; raise ValidationError before anything too large is read."""
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

    What is stored is decoded and encoded anew, turned upright, without metadata; what the file says
    of itself becomes caption, rights, source and date where nothing is given. `key` names this
    sending: the same one again returns the photo that it made. `head` is the beginning of the file
    before a browser made it smaller; it is read for its words and not kept. Raises ValidationError
    with a sentence for the person, and Busy where it may be sent again in a few seconds.
    """
    known = Photo.objects.filter(uploaded_by=user, upload_key=key).first() if key and user else None
    if known is not None:
        return known
    if len(data) > MAX_BYTES:
        raise ValidationError(REFUSALS["too-many-bytes"])
    if user is not None:
        _require_moderation(user, at)
    with tempfile.TemporaryDirectory(prefix="photo-") as name:
        source, made_in = Path(name) / "sent", Path(name) / "made"
        made_in.mkdir()
        source.write_bytes(data)
        before = Path(name) / "head"
        if head:
            before.write_bytes(head[:MAX_HEAD])
        made = _made(source, made_in, head=before if head else None)
        photo = Photo(token=secrets.token_hex(16), uploaded_by=user, uploaded_at=at, upload_key=key)
        _note(photo, made, caption)
        return _stored(photo, made_in, credits)


def _require_moderation(user: User, at: dt.datetime) -> None:
    """Raise ValidationError for who has sent as many photos within the hour as one person may."""
    hour_ago = at - dt.timedelta(hours=1)
    if Photo.objects.filter(uploaded_by=user, uploaded_at__gt=hour_ago).count() >= MAX_AN_HOUR:
        raise ValidationError(REFUSALS["too-many"] % {"n": MAX_AN_HOUR})


def _made(source: Path, folder: Path, **how: Any) -> process.Made:
    try:
        return process.make(source, folder, **how)
    except process.Full as full:
        raise Busy(REFUSALS["busy-crop" if how.get("is_ours") else "busy"]) from full
    except Refused as refused:
        raise ValidationError(REFUSALS[refused.code]) from refused


def _note(photo: Photo, made: process.Made, caption: str) -> None:
    photo.extension, (photo.width, photo.height) = made.extension, made.size
    photo.widths, photo.crops, photo.fingerprint = made.widths, made.crops, made.fingerprint
    photo.caption = (caption.strip() or made.found["caption"])[:300]
    photo.rights, photo.source = made.found["rights"][:120], made.found["source"][:60]
    if made.found["taken_at"]:
        taken = dt.datetime.fromisoformat(made.found["taken_at"])
        photo.taken_at = timezone.make_aware(taken)
    # For the form that the photo came with; a by-line becomes credits when the form is saved.
    photo.found_byline = made.found["byline"]


def _stored(photo: Photo, folder: Path, credits: Credits) -> Photo:
    """Write the files and the rows; nothing stays where one of them fails, whatever it is."""
    written: list[str] = []
    with ExitStack() as undo:
        undo.callback(folders.delete_files, written)
        original = folder / f"original.{photo.extension}"
        # A file that the disk or the store gave up on may lie there in part.
        written.append(original_path(photo, original.name))
        with original.open("rb") as stream:
            photo.file.save(original.name, File(stream), save=False)
        original.unlink()
        folders.upload(folder, photo.folder, written)
        try:
            with transaction.atomic():
                # The constraint on the key is the database's to hold: it is how twins are found.
                photo.full_clean(validate_constraints=False)
                photo.save()
                set_credits(photo, credits)
        except IntegrityError:
            # The same sending twice at once: the other one has made it.
            if not photo.upload_key:
                raise
            return Photo.objects.get(uploaded_by=photo.uploaded_by, upload_key=photo.upload_key)
        undo.pop_all()
    return photo


def set_focus(photo: Photo, x: int, y: int) -> None:
    """Cut the crops of `photo` anew around (x, y), in percent of its width and height.

    Goes to a folder of its own; the old renditions are deleted unless a printed story shows them.
    Raises ValidationError for what is no point of the picture.
    """
    if not (0 <= x <= 100 and 0 <= y <= 100):
        raise ValidationError(REFUSALS["damaged"])
    old, version = photo.folder, _free_version(photo)
    written: list[str] = []
    with tempfile.TemporaryDirectory(prefix="photo-") as name, ExitStack() as undo:
        undo.callback(folders.delete_files, written)
        source, folder = Path(name) / "sent", Path(name) / "made"
        folder.mkdir()
        with default_storage.open(str(photo.file.name), "rb") as stream:
            source.write_bytes(stream.read())
        _made(source, folder, focus=(x, y), is_ours=True)
        # What the row names is there: pages show it from that moment on.
        folders.upload(folder, photo.folder_of(version), written)
        _turn_to(photo, version, x, y)
        undo.pop_all()
    if not photo.prints.filter(folder=old).exists():
        transaction.on_commit(lambda: folders.delete(old))


def _free_version(photo: Photo) -> int:
    """Return the next version with an empty folder: somebody may be filling one, or broke off."""
    version = photo.version + 1
    while folders.files_in(photo.folder_of(version)):
        version += 1
    return version


def _turn_to(photo: Photo, version: int, x: int, y: int) -> None:
    """Take the new version for the new focal point, unless somebody else has just turned it."""
    mine = Photo.objects.filter(pk=photo.pk, version=photo.version)
    if not mine.update(version=version, focus_x=x, focus_y=y):
        raise ValidationError(_SOMEBODY_ELSE)
    photo.version, photo.focus_x, photo.focus_y = version, x, y


def delete_photo(photo: Photo) -> None:
    """Delete `photo` with its files. Raises ProtectedError where an article or a story has it."""
    name, last = str(photo.file.name), photo.folder
    parent = last.rpartition("/")[0]
    versions = [f"{parent}/{version}" for version in range(1, photo.version + 1)]
    with transaction.atomic():
        photo.delete()
        transaction.on_commit(lambda: _delete_files(name, versions))


def _delete_files(name: str, versions: Sequence[str]) -> None:
    for folder in versions:
        folders.delete(folder)
    folders.delete_files([name])


def set_facts(photo: Photo, caption: str, source: str, rights: str) -> None:
    """Note what `photo` shows, where it comes from and whose it is."""
    facts = {"caption": caption.strip(), "source": source.strip(), "rights": rights.strip()}
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
        did = _did(row)
        if after is None or _did(after) != did:
            words.append(did)
    return " ".join(word for word in words if word)


def _did(credit: PhotoCredit) -> str:
    return _DID.get(Role(credit.role), "摄")

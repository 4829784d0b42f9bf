"""Backup of the whole paper, database and photos, to one file.

The file gets its name only when it is complete and synced to the disk. Until then everything lies
in a work folder beside it. If this process is killed, the next backup removes that folder.
"""

from __future__ import annotations

import fcntl
import io
import os
import shutil
import signal
import tarfile
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import current_thread, main_thread
from typing import Any, NoReturn

from django.conf import settings
from django.db import OperationalError, ProgrammingError
from django.utils.translation import gettext as _

from paper.outages import outage_of

from .backup_database import BackupFailed, copy_database
from .durable_storage import sync
from .media_files import MediaFiles
from .stored_files import StoredFile, named_files

#: Names inside the archive; a restore puts them back in place.
MEDIA_NAME, MISSING_NAME = "media", "MISSING.txt"
_WORK = ".newsroom-backup-"
#: Number of missing files that a message names.
_FIRST = 5
#: Attempts of a backup that starts again because a photo was deleted while it ran.
_ATTEMPTS = 3
_STOPPED_BY = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


class FilesMissing(BackupFailed):
    """Rows of the database name files that the storage does not have."""


class _FilesChanged(Exception):
    """A file was deleted together with its row after the database was copied."""


@dataclass(frozen=True, slots=True)
class Backup:
    """Result of a backup: path, size in bytes, number of photo files, files that are missing."""

    path: Path
    size: int
    files: int
    missing: Sequence[StoredFile]


def write(target: Path, *, allow_missing: bool = False, overwrite: bool = False) -> Backup:
    """Write the backup to `target` (.tar.gz) and return its description.

    The paper may be in use: the database is copied as of one moment. Without `allow_missing`
    the backup is refused if rows name files that do not exist; with it, the archive lists them in
    MISSING.txt. An existing file is replaced only with `overwrite`, and only when the new one is
    complete. Raises BackupFailed, `media_files.FILES_FAIL`
    and the errors of a database.
    """
    if not settings.HAS_DESK:
        raise BackupFailed(_("This process serves readers only. Use the desk settings."))
    media = MediaFiles()
    _check_target(target, media, overwrite=overwrite)
    target.parent.mkdir(parents=True, exist_ok=True)
    with _stoppable(), _work_folder(target.parent) as work:
        for _attempt in range(_ATTEMPTS):
            with suppress(_FilesChanged):
                return _write_once(target, work, media, allow_missing=allow_missing)
    raise BackupFailed(_("Photos are being deleted continuously. Try again later."))


def _check_target(target: Path, media: MediaFiles, *, overwrite: bool) -> None:
    if target.exists() and not overwrite:
        message = _("%(file)s already exists. Choose another name, or add --overwrite.")
        raise BackupFailed(message % {"file": target})
    if media.folder and target.resolve().is_relative_to(media.folder.resolve()):
        message = _("%(file)s is inside the photo folder. Choose another folder.")
        raise BackupFailed(message % {"file": target})


def _write_once(target: Path, work: Path, media: MediaFiles, *, allow_missing: bool) -> Backup:
    copy = copy_database(work, settings.DATABASES["default"])
    named = _named()
    sizes = media.sizes()
    missing = _missing(named, sizes)
    if missing and not allow_missing:
        raise FilesMissing(_missing_message(missing, len({file.name for file in named}), media))
    part = work / "archive"
    with tarfile.open(part, "w:gz") as archive:
        archive.add(copy, copy.name)
        # Empty files are not photos, but the backup copies them: it does not validate files.
        vanished = {name for name in sizes if not media.add_to(archive, name, MEDIA_NAME)}
        lost = _missing(named, {name: n for name, n in sizes.items() if name not in vanished})
        if lost and not allow_missing:
            raise FilesMissing(_missing_message(lost, len(named), media))
        if lost:
            _add_list(archive, lost)
    copy.unlink()
    part.chmod(0o600)
    sync(part)
    part.replace(target)
    sync(target.parent)
    return Backup(target, target.stat().st_size, len(sizes) - len(vanished), lost)


def _named() -> list[StoredFile]:
    """Return the files that rows name now. Raises BackupFailed if the tables do not fit."""
    try:
        return list(named_files())
    except (OperationalError, ProgrammingError) as error:
        if outage_of(error):
            raise
        message = _(
            "The tables do not match this version: %(error)s. Back up with the version that "
            "wrote them, or run migrate first."
        )
        raise BackupFailed(message % {"error": error}) from error


def _missing(named: Sequence[StoredFile], sizes: Mapping[str, int]) -> list[StoredFile]:
    """Return the named files that are missing or empty, each once.

    Raises _FilesChanged if some of them are no longer named: then the copy of the database is
    older than the storage.
    """
    missing = {file.name: file for file in named if not sizes.get(file.name)}
    if missing:
        still = {file.name for file in _named()}
        if not missing.keys() <= still:
            raise _FilesChanged
    return list(missing.values())


def _missing_message(missing: Sequence[StoredFile], total: int, media: MediaFiles) -> str:
    """Return a message that names the missing files and says what to do."""
    first = "\n".join(f"  {file.name}  ({file.owner})" for file in missing[:_FIRST])
    more = "\n  …" if len(missing) > _FIRST else ""
    where = media.place
    values = {"n": len(missing), "total": total, "where": where, "first": first + more}
    if media.folder and not media.folder.is_dir():
        return (
            _(
                "The photo folder, %(where)s, does not exist, but the database refers to "
                "%(total)d files in it. Is its disk mounted, and is NEWSROOM_MEDIA_DIR "
                "correct? To back up without them, add --allow-missing."
            )
            % values
        )
    return (
        _(
            "%(n)d of %(total)d files that the database refers to are missing or empty in "
            "%(where)s:\n"
            "%(first)s\n"
            "Mount the disk, or restore the files from an older backup. To back up without "
            "them, add --allow-missing."
        )
        % values
    )


def _add_list(archive: tarfile.TarFile, missing: Sequence[StoredFile]) -> None:
    text = "".join(f"{file.name}\t{file.owner}\n" for file in missing).encode()
    entry = tarfile.TarInfo(MISSING_NAME)
    entry.size = len(text)
    archive.addfile(entry, io.BytesIO(text))


@contextmanager
def _work_folder(parent: Path) -> Iterator[Path]:
    """Yield a private folder in `parent`; remove those that killed backups have left.

    A folder in use is locked. The lock ends with its process.
    """
    for left in parent.glob(f"{_WORK}*"):
        with ExitStack() as stack, suppress(OSError):
            _lock(left, stack)
            shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=_WORK, dir=parent) as name, ExitStack() as stack:
        with suppress(OSError):
            # A network share may not support locks; then nothing removes the folder either.
            _lock(Path(name), stack)
        yield Path(name)


def _lock(folder: Path, stack: ExitStack) -> None:
    """Lock a folder until `stack` closes. Raises OSError if another process holds the lock."""
    handle = os.open(folder, os.O_RDONLY)
    stack.callback(os.close, handle)
    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


@contextmanager
def _stoppable() -> Iterator[None]:
    """Turn a signal that ends the process into BackupFailed, so that the work folder is removed."""
    if current_thread() is not main_thread():
        yield
        return

    def stop(number: int, _frame: Any) -> NoReturn:
        raise BackupFailed(_("stopped by %(signal)s.") % {"signal": signal.Signals(number).name})

    before = {number: signal.signal(number, stop) for number in _STOPPED_BY}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)

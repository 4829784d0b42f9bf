"""Photo files of the paper, in a folder or in a bucket, for the backup."""

from __future__ import annotations

import os
import tarfile
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from django.conf import settings
from django.core.files.storage import FileSystemStorage, default_storage
from django.utils.functional import cached_property


def _failures() -> tuple[type[Exception], ...]:
    """Return the exceptions that a storage raises when it does not answer."""
    try:
        exceptions = import_module("botocore.exceptions")
    except ImportError:
        return (OSError,)
    return (OSError, exceptions.BotoCoreError, exceptions.ClientError)


FILES_FAIL = _failures()


class MediaFiles:
    """Access to all files of the default storage."""

    @cached_property
    def folder(self) -> Path | None:
        """Return the folder, or None for a bucket."""
        if isinstance(default_storage, FileSystemStorage):
            return Path(default_storage.location)
        return None

    @property
    def place(self) -> str:
        """Return the location of the files, for a message."""
        return str(self.folder or settings.S3["bucket_name"])

    def sizes(self) -> dict[str, int]:
        """Return the size in bytes of each file by its name in the storage."""
        return dict(self._in_folder(self.folder) if self.folder else self._in_bucket())

    @staticmethod
    def _in_folder(root: Path) -> Iterator[tuple[str, int]]:
        """Yield (name, size) of each file in the folder; follow links to other disks."""
        if not root.is_dir():
            return
        seen: set[str] = set()
        for place, folders, names in os.walk(root, followlinks=True, onerror=_raise):
            real = os.path.realpath(place)
            if real in seen:
                folders.clear()
                continue
            seen.add(real)
            folders.sort()
            for name in sorted(names):
                path = Path(place, name)
                try:
                    size = path.stat().st_size
                except FileNotFoundError:
                    continue  # Deleted since, or a broken link.
                yield path.relative_to(root).as_posix(), size

    @staticmethod
    def _in_bucket() -> Iterator[tuple[str, int]]:
        """Yield (name, size) of each object; folders are objects whose key ends with /."""
        for entry in default_storage.bucket.objects.all():  # type: ignore[attr-defined]
            if not entry.key.endswith("/"):
                yield entry.key, entry.size

    def add_to(self, archive: tarfile.TarFile, name: str, under: str) -> bool:
        """Add a file to `archive` as `under`/`name`; return False if it no longer exists."""
        try:
            with default_storage.open(name, "rb") as stream:
                entry = tarfile.TarInfo(f"{under}/{name}")
                entry.size = stream.size
                entry.mtime = int(default_storage.get_modified_time(name).timestamp())
                archive.addfile(entry, stream)
        except FileNotFoundError:
            return False
        return True


def _raise(error: OSError) -> None:
    raise error

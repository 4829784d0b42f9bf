"""File storage that syncs a file to the disk before a database row names it."""

from __future__ import annotations

import errno
import os
from pathlib import Path

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage


class DurableStorage(FileSystemStorage):
    """File system storage whose files survive a power cut, like the rows that name them."""

    def _save(self, name: str, content: File) -> str:
        """Save the file, then sync it and its new folders to the disk."""
        folder = Path(self.path(name)).parent
        new = [place for place in (folder, *folder.parents) if not place.exists()]
        stored: str = super()._save(name, content)  # type: ignore[misc]
        sync(Path(self.path(stored)))
        for place in dict.fromkeys([folder, *(made.parent for made in new)]):
            sync(place)
        return stored


def sync(path: Path) -> None:
    """Sync a file, or the entries of a folder, to the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:
        # Some network shares cannot sync a folder.
        if not path.is_dir() or error.errno not in {errno.EINVAL, errno.ENOTSUP, errno.EBADF}:
            raise
    finally:
        os.close(handle)

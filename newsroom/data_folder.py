"""Data folder and demo secret, which must exist before the first table.

Importing the settings creates nothing; `migrate` and `serve` call `prepare`.
"""

from __future__ import annotations

import datetime as dt
import secrets
from pathlib import Path

from django.conf import settings
from django.db import connection


def prepare() -> None:
    """Create the data folder and the secret key of the demo if they are missing.

    The settings of this process use the new key at once. Raises OSError if a write fails.
    """
    if connection.vendor == "sqlite" or settings.DEMO_SECRET_FILE:
        Path(settings.DATA_DIR).mkdir(parents=True, exist_ok=True)
    if settings.DEMO_SECRET_FILE:
        settings.SECRET_KEY = _demo_secret(settings.DEMO_SECRET_FILE)


def _demo_secret(path: Path) -> str:
    """Return the secret key in the file at `path`; write a new one if there is none."""
    secret = path.read_text(encoding="ascii") if path.exists() else ""
    if not secret:
        secret = secrets.token_urlsafe(48)
        path.touch(mode=0o600)
        path.write_text(secret, encoding="ascii")
    return secret


def can_be_put_aside() -> bool:
    """Return whether the whole paper is a demo in the data folder, so that it can be renamed."""
    folder = Path(settings.DATA_DIR)
    database = Path(str(settings.DATABASES["default"]["NAME"]))
    return bool(settings.DEMO) and connection.vendor == "sqlite" and database.parent == folder


def name_aside(day: dt.date) -> Path:
    """Return an unused path beside the data folder for an old demo of version 0.1."""
    folder = Path(settings.DATA_DIR)
    name = f"{folder.name}-0.1-{day:%Y%m%d}"
    aside, number = folder.with_name(name), 1
    while aside.exists():
        number += 1
        aside = folder.with_name(f"{name}-{number}")
    return aside


def put_aside(target: Path) -> None:
    """Rename the data folder to `target`; nothing is deleted. Raises OSError."""
    connection.close()
    Path(settings.DATA_DIR).rename(target)

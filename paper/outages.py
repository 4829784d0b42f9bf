"""Classification of faults outside the program: a full disk, a database that does not answer.

It covers both databases and files, for error responses, commands and the page cache. A fault of the
program, such as a table that does not exist, is not an outage.
"""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from enum import Enum

from django.db import InterfaceError, OperationalError
from django.utils.translation import gettext_lazy as _


class Outage(Enum):
    """Kind of outage; the value is (code, seconds after which a client retries)."""

    FULL = ("full", 60)
    UNWRITABLE = ("unwritable", 60)
    BUSY = ("busy", 10)
    DOWN = ("down", 30)
    #: The database server is not running, so its data cannot change either.
    STOPPED = ("stopped", 30)

    def __init__(self, code: str, retry_after: int) -> None:
        self.code = code
        self.retry_after = retry_after

    @property
    def message(self) -> str:
        """Return a sentence for the user: what has failed, and what to do."""
        return str(_WORDS.get(self, _NO_ANSWER))

    @property
    def can_read(self) -> bool:
        """Return whether reads may still work."""
        return self not in {Outage.DOWN, Outage.STOPPED}


_WORDS = {
    Outage.FULL: _("The system cannot write: the server's disk is full. Tell your administrator."),
    Outage.UNWRITABLE: _(
        "The system cannot write: the server's disk or database is read-only or faulty. Tell your "
        "administrator."
    ),
    Outage.BUSY: _("The database is too busy. Try again in a moment."),
}
_NO_ANSWER = _(
    "The database does not answer. Try again in a moment; if the problem persists, tell your "
    "administrator."
)
#: Outage by SQLite's primary result code; other codes are faults of a statement.
_SQLITE = {
    sqlite3.SQLITE_FULL: Outage.FULL,
    sqlite3.SQLITE_READONLY: Outage.UNWRITABLE,
    sqlite3.SQLITE_BUSY: Outage.BUSY,
    sqlite3.SQLITE_LOCKED: Outage.BUSY,
    sqlite3.SQLITE_PROTOCOL: Outage.BUSY,
    sqlite3.SQLITE_INTERRUPT: Outage.BUSY,
    sqlite3.SQLITE_IOERR: Outage.DOWN,
    sqlite3.SQLITE_CANTOPEN: Outage.DOWN,
    sqlite3.SQLITE_CORRUPT: Outage.DOWN,
    sqlite3.SQLITE_NOTADB: Outage.DOWN,
    sqlite3.SQLITE_NOMEM: Outage.DOWN,
}
#: Extended result codes of SQLite for failed writes, after which reads still work.
_SQLITE_WRITES = frozenset(
    (
        sqlite3.SQLITE_IOERR_WRITE,
        sqlite3.SQLITE_IOERR_FSYNC,
        sqlite3.SQLITE_IOERR_DIR_FSYNC,
        sqlite3.SQLITE_IOERR_TRUNCATE,
        sqlite3.SQLITE_IOERR_SHMSIZE,
    )
)
#: Outage by PostgreSQL's SQLSTATE, or by a prefix of two or three characters.
_SQLSTATE = {
    "53100": Outage.FULL,
    "25006": Outage.UNWRITABLE,
    "53": Outage.BUSY,
    "57014": Outage.BUSY,
    "55P03": Outage.BUSY,
    "40": Outage.BUSY,
    "08": Outage.DOWN,
    "57P": Outage.DOWN,
    "58": Outage.DOWN,
    "XX": Outage.DOWN,
    "28": Outage.DOWN,
}
_ERRNO = {
    errno.ENOSPC: Outage.FULL,
    errno.EDQUOT: Outage.FULL,
    errno.EFBIG: Outage.FULL,
    errno.EROFS: Outage.UNWRITABLE,
    errno.EACCES: Outage.UNWRITABLE,
    errno.EPERM: Outage.UNWRITABLE,
    errno.EIO: Outage.DOWN,
    errno.ESTALE: Outage.DOWN,
}
#: Messages of libpq if no server listens at an address or a socket, always in English.
_NOBODY_LISTENS = ("Connection refused", "No such file or directory")
_LONGEST_CHAIN = 20


def outage_of(error: BaseException | None) -> Outage | None:
    """Return the outage that `error` or one of its causes reports, or None."""
    for one in _chain(error):
        found = _of(one)
        if found:
            return found
    return None


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an exception, then its causes and contexts."""
    for _step in range(_LONGEST_CHAIN):
        if error is None:
            return
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _of(error: BaseException) -> Outage | None:
    if isinstance(error, sqlite3.Error):
        # An error raised by the sqlite3 module itself has no code.
        code: int = getattr(error, "sqlite_errorcode", 0)
        return Outage.UNWRITABLE if code in _SQLITE_WRITES else _SQLITE.get(code & 0xFF)
    if type(error).__module__.startswith("psycopg"):
        return _of_postgresql(error)
    if isinstance(error, OSError):
        # Python tests each temporary folder with a write before it uses one.
        is_temporary = "No usable temporary directory" in str(error)
        return Outage.UNWRITABLE if is_temporary else _ERRNO.get(error.errno or 0)
    if isinstance(error, OperationalError | InterfaceError) and error.__cause__ is None:
        return Outage.DOWN
    return None


def _of_postgresql(error: BaseException) -> Outage | None:
    state = getattr(error, "sqlstate", None) or ""
    if state:
        return _SQLSTATE.get(state) or _SQLSTATE.get(state[:3]) or _SQLSTATE.get(state[:2])
    # A refused or broken connection has no SQLSTATE.
    tries = str(error).split("connection to server")[1:]
    if tries and all(part.partition(" failed: ")[2].startswith(_NOBODY_LISTENS) for part in tries):
        return Outage.STOPPED
    is_broken = type(error).__name__ in {"OperationalError", "ConnectionTimeout"}
    return Outage.DOWN if is_broken or "connection" in str(error) else None

"""Name of the operator of a management command, for the archive mark of an import."""

from __future__ import annotations

import getpass
import os
from argparse import ArgumentParser

#: Maximum length of a name in an article's log.
MAX_NAME = 60


def add_operator(parser: ArgumentParser) -> None:
    """Add --operator NAME to a command; it defaults to the operating system's account."""
    parser.add_argument(
        "--operator",
        metavar="NAME",
        type=lambda name: name.strip()[:MAX_NAME] or account(),
        default=account(),
        help="name of the operator in the archive mark (default: the system account)",
    )


def account() -> str:
    """Return the name of the system account, or of the user who called sudo."""
    try:
        return (os.environ.get("SUDO_USER") or getpass.getuser())[:MAX_NAME]
    except (KeyError, OSError):
        return "?"

"""Everything that writes what is in print: print, reprint, withdraw, editions."""

from .editions import Imprint, move_edition, print_edition, seal_edition, unprint_edition
from .sheets import set_continued, set_sheets
from .stories import (
    BylineEntry,
    Copy,
    NotInPrint,
    PhotoCopy,
    Print,
    move_releases,
    print_stories,
    reprint_story,
    set_pages,
    unprint_stories,
    withdraw_story,
)

__all__ = [
    "BylineEntry",
    "Copy",
    "Imprint",
    "NotInPrint",
    "PhotoCopy",
    "Print",
    "move_edition",
    "move_releases",
    "print_edition",
    "print_stories",
    "reprint_story",
    "seal_edition",
    "set_continued",
    "set_pages",
    "set_sheets",
    "unprint_edition",
    "unprint_stories",
    "withdraw_story",
]

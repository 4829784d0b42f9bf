"""Everything that writes what is in print: print, reprint, withdraw, editions."""

from .editions import Imprint, move_edition, print_edition, seal_edition, unprint_edition
from .front import (
    drop_pick,
    may_arrange_front,
    move_block,
    move_pick,
    pick_story,
    set_count,
    set_stays,
    show_block,
)
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
    "drop_pick",
    "may_arrange_front",
    "move_block",
    "move_edition",
    "move_pick",
    "move_releases",
    "pick_story",
    "print_edition",
    "print_stories",
    "reprint_story",
    "seal_edition",
    "set_continued",
    "set_count",
    "set_pages",
    "set_sheets",
    "set_stays",
    "show_block",
    "unprint_edition",
    "unprint_stories",
    "withdraw_story",
]

"""Services that write published content: publish, correct, withdraw, editions."""

from .editions import Imprint, move_edition, publish_edition, seal_edition, unpublish_edition
from .homepage import (
    drop_pick,
    may_arrange_homepage,
    move_block,
    move_pick,
    pick_story,
    set_count,
    set_stays,
    show_block,
)
from .page_images import set_continued, set_page_images
from .stories import (
    BylineEntry,
    NotPublished,
    PhotoCopy,
    PublicationJob,
    StoryCopy,
    move_releases,
    publish_stories,
    republish_story,
    set_pages,
    unpublish_stories,
    withdraw_story,
)

__all__ = [
    "BylineEntry",
    "Imprint",
    "NotPublished",
    "PhotoCopy",
    "PublicationJob",
    "StoryCopy",
    "drop_pick",
    "may_arrange_homepage",
    "move_block",
    "move_edition",
    "move_pick",
    "move_releases",
    "pick_story",
    "publish_edition",
    "publish_stories",
    "republish_story",
    "seal_edition",
    "set_continued",
    "set_count",
    "set_page_images",
    "set_pages",
    "set_stays",
    "show_block",
    "unpublish_edition",
    "unpublish_stories",
    "withdraw_story",
]

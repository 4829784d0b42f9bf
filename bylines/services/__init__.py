"""Services that write contributors."""

from ..credits.settle import RunDoubt
from ..names import like_key, name_key, tidy_name
from .contributors import (
    namesakes,
    require_may_retire,
    same_name_message,
    save_contributor,
    set_in_use,
)
from .logins import (
    LONGEST_NAME,
    change_login,
    contributor_for,
    display_name,
    follow_login_name,
    give_login,
    own_contributor,
    remember_name,
    rename,
)
from .matching import (
    NEW,
    ContributorMatcher,
    Doubt,
    NameDoubt,
    fits,
    match_or_create,
    signing_role,
)
from .merging import may_merge, merge_contributors, named, unmerge_contributor

__all__ = [
    "LONGEST_NAME",
    "NEW",
    "ContributorMatcher",
    "Doubt",
    "NameDoubt",
    "RunDoubt",
    "change_login",
    "contributor_for",
    "display_name",
    "fits",
    "follow_login_name",
    "give_login",
    "like_key",
    "match_or_create",
    "may_merge",
    "merge_contributors",
    "name_key",
    "named",
    "namesakes",
    "own_contributor",
    "remember_name",
    "rename",
    "require_may_retire",
    "same_name_message",
    "save_contributor",
    "set_in_use",
    "signing_role",
    "tidy_name",
    "unmerge_contributor",
]

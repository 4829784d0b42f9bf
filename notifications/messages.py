"""Texts of the notifications, rendered in the user's language."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from paper.reviews import REVIEW_NAMES

#: Placeholders: `title`, `by` and `note` are texts, `when` is an ISO time, `number` and `page`
#: are numbers.
SENTENCES: Mapping[str, Promise] = {
    "received": _("“%(title)s” is waiting for your review: %(review)s."),
    "correction": _("The correction of “%(title)s” is waiting for your review: %(review)s."),
    "taken": _("%(by)s has received “%(title)s” (%(review)s)."),
    "returned": _("%(by)s returned “%(title)s”: %(note)s"),
    "spiked": _("%(by)s spiked “%(title)s”: %(note)s"),
    "dropped": _(
        "%(by)s dropped the correction of “%(title)s”; the published story does not change: "
        "%(note)s"
    ),
    "restored": _("%(by)s restored “%(title)s” as your draft: %(note)s"),
    "passed": _("%(by)s approved “%(title)s” (%(review)s)."),
    "approved": _("“%(title)s” is approved and waiting to be placed on a page."),
    "printed": _("“%(title)s” is scheduled; readers see it from %(when)s."),
    "placed": _(
        "“%(title)s” is published in no. %(number)s, page %(page)s; readers see it from %(when)s."
    ),
    "corrected": _("The correction of “%(title)s” is published."),
    "withdrawn": _("%(by)s withdrew “%(title)s”: %(note)s"),
    "mentioned": _("%(by)s mentioned you in a comment on “%(title)s”: %(note)s"),
    "answered": _("%(by)s replied to your comment on “%(title)s”: %(note)s"),
    "pages": _(
        "%(by)s changed page %(pages)s of issue no. %(number)s after it was signed: its "
        "image, areas or continued stories. Please check it before it is published."
    ),
    "anchor": _(
        "Digest of all signatures, %(when)s (%(kind)s): %(digest)s. %(note)s\n"
        "%(heads)s records have changed since the last digest. Keep this e-mail: it proves "
        "that nothing was changed afterwards."
    ),
    "anchor_fault": _(
        "The anchor file of the signatures cannot be written: %(note)s. Please check its "
        "folder; the next line includes what is missing."
    ),
    "cutoff": _("Issue no. %(number)s closes at %(when)s. Not approved yet: %(waiting)s."),
}
_ANCHORS: Mapping[str, Promise] = {
    "start": _("first digest"),
    "signature": _("an issue was signed"),
    "daily": _("daily"),
    "start_date": _("the start date was changed"),
    "restore": _("restored from a backup"),
}


def message(message: str, data: Mapping[str, Any]) -> str:
    """Return the sentence `message` (a key of SENTENCES) with the values of `data`."""
    values = dict(data)
    if "when" in values:
        when = timezone.localtime(dt.datetime.fromisoformat(values["when"]))
        values["when"] = when.strftime("%m-%d %H:%M")
    if "review" in values:
        values["review"] = str(REVIEW_NAMES.get(values["review"], values["review"]))
    if "kind" in values:
        values["kind"] = str(_ANCHORS.get(values["kind"], values["kind"]))
    return str(SENTENCES[message]) % values

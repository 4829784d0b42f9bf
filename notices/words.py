"""The sentences of the notices, said in the language of who reads them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

#: Each names its values: title, by and note as text, when as an ISO time, number and page as such.
SENTENCES: Mapping[str, Promise] = {
    "received": _("“%(title)s” waits for you: %(reading)s."),
    "correction": _("The correction of “%(title)s” waits for you: %(reading)s."),
    "taken": _("%(by)s has received “%(title)s” (%(reading)s)."),
    "returned": _("%(by)s returned “%(title)s”: %(note)s"),
    "spiked": _("%(by)s decided against “%(title)s”: %(note)s"),
    "dropped": _("%(by)s dropped the correction of “%(title)s”; it stays as printed: %(note)s"),
    "restored": _("%(by)s gave “%(title)s” back to you: %(note)s"),
    "passed": _("%(by)s passed “%(title)s” (%(reading)s)."),
    "approved": _("“%(title)s” is signed. It now waits for its place in the paper."),
    "printed": _("“%(title)s” is printed; readers see it from %(when)s."),
    "placed": _(
        "“%(title)s” is printed in no. %(number)s, page %(page)s; readers see it from %(when)s."
    ),
    "corrected": _("The correction of “%(title)s” is printed."),
    "withdrawn": _("%(by)s withdrew “%(title)s”: %(note)s"),
    "mentioned": _("%(by)s mentions you on “%(title)s”: %(note)s"),
    "answered": _("%(by)s answers you on “%(title)s”: %(note)s"),
    "cutoff": _("Issue no. %(number)s closes at %(when)s. Not signed yet: %(waiting)s."),
}
_READINGS: Mapping[str, Promise] = {
    "first_reading": _("The first reading"),
    "second_reading": _("The second reading"),
    "final_reading": _("The final reading"),
}


def sentence(message: str, data: Mapping[str, Any]) -> str:
    """Return the sentence `message` (a key of SENTENCES) with the values of `data`."""
    values = dict(data)
    if "when" in values:
        when = timezone.localtime(dt.datetime.fromisoformat(values["when"]))
        values["when"] = when.strftime("%m-%d %H:%M")
    if "reading" in values:
        values["reading"] = str(_READINGS.get(values["reading"], values["reading"]))
    return str(SENTENCES[message]) % values

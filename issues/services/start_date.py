"""The paper's start date: from this day on everything is reviewed in this system."""

from __future__ import annotations

import datetime as dt

from django.contrib.admin.models import CHANGE
from django.contrib.admin.models import LogEntry as AdminLogEntry
from django.contrib.auth.models import AnonymousUser, User
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.exceptions import Forbidden, Invalid
from articles.models import Review
from articles.services.validation import require_reason
from bylines.services import display_name
from paper.models import Paper
from paper.permissions import Capability, may

from ..models import IssueLogEntry
from .anchor import anchor_on_commit


def may_set_start_date(user: User | AnonymousUser) -> bool:
    """Return whether `user` may change the paper's start date: an administrator."""
    return may(user, Capability.MANAGE_SETTINGS)


def set_start_date(date: dt.date, *, user: User, at: dt.datetime, reason: str) -> Paper:
    """Change the date before which issues may be imported as printed, without reviews.

    It is not later than today or than the day of the first signature made here: what the paper
    reviews here cannot be imported as printed too. The change is logged on the paper's screen, and
    anchored. Raises Forbidden, Invalid.
    """
    if not may_set_start_date(user):
        raise Forbidden(_("Only an administrator can change the start date."))
    reason = require_reason(reason)
    with transaction.atomic():
        paper = Paper.objects.select_for_update().filter(pk=1).first()
        if paper is None:
            raise Invalid([_("Set up the paper first.")])
        latest = _latest(at)
        if date > max(latest, paper.start_date):
            raise Invalid(
                [
                    _(
                        "The latest possible start date is %(date)s: from that day on, "
                        "articles were signed in this system and do not belong to the archive."
                    )
                    % {"date": latest}
                ]
            )
        before, paper.start_date = paper.start_date, date
        paper.save(update_fields=["start_date"])
        note = _("Start date %(before)s → %(after)s: %(reason)s") % {
            "before": before,
            "after": date,
            "reason": reason,
        }
        AdminLogEntry.objects.log_actions(
            user.pk, [paper], CHANGE, change_message=note, single_object=True
        )
        anchor_on_commit("start_date", at=at, by=display_name(user), note=note)
    return paper


def _latest(at: dt.datetime) -> dt.date:
    """Return today, or the day of the first signature of a review or an issue, if earlier."""
    first = [
        Review.objects.order_by("at").values_list("at", flat=True).first(),
        IssueLogEntry.objects.filter(action="sign")
        .order_by("at")
        .values_list("at", flat=True)
        .first(),
    ]
    return min(timezone.localdate(time) for time in (at, *first) if time is not None)

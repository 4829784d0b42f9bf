"""Rule: release times are in the paper's time zone; only the chief moves a signed issue."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.utils import timezone

from articles import services as articles
from articles.exceptions import Conflict, Forbidden, Invalid
from articles.forms.article_form import ReleaseForm
from issues import services
from issues.models import Issue
from issues.selectors.timetable import timetable
from paper.humanize import NoSuchMoment, moment
from press.models import Edition, Story
from tests.helpers import factories
from tests.helpers.planned_issues import PAGES, fill

HOUR = dt.timedelta(hours=1)
SECOND = dt.timedelta(seconds=1)


@pytest.fixture
def issue(staff, now) -> Issue:
    """Return an issue of two full pages with its cut-off in 6 hours and its release in 12."""
    made = services.plan_issue(
        date=timezone.localdate(now) + dt.timedelta(days=1),
        user=staff["chief"],
        pages=PAGES,
        cutoff_at=now + 6 * HOUR,
        release_at=now + 12 * HOUR,
    )
    fill(made, staff, now)
    made.refresh_from_db()
    return made


@pytest.fixture
def signed(issue, staff, now) -> Issue:
    services.close(issue, user=staff["head"], at=now)
    return factories.sign_issue(issue, user=staff["chief"], at=now)


@pytest.mark.parametrize("zone", ["America/New_York", "UTC", "Pacific/Kiritimati"])
def test_six_o_clock_is_six_in_shanghai_wherever_the_server_stands(zone, tmp_path):
    """The server's time zone does not matter."""
    code = (
        "import django; django.setup()\n"
        "import datetime as dt\n"
        "from paper.humanize import moment\n"
        "print(moment(dt.date(2026, 11, 27), dt.time(6)).astimezone(dt.UTC).isoformat())"
    )
    env = os.environ | {
        "TZ": zone,
        "NEWSROOM_DEMO": "1",
        "NEWSROOM_DATA_DIR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "newsroom.settings",
    }
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=env,
        cwd=settings.BASE_DIR,
        capture_output=True,
        check=True,
    )
    assert done.stdout.decode().strip() == "2026-11-26T22:00:00+00:00"


def test_hours_that_no_clock_shows_or_shows_twice_are_refused_in_words():
    """Shanghai had daylight saving time from 1986 to 1991."""
    with pytest.raises(NoSuchMoment, match="1986-05-04 02:30"):
        moment(dt.date(1986, 5, 4), dt.time(2, 30))
    with pytest.raises(NoSuchMoment, match="1986-09-14 01:30"):
        moment(dt.date(1986, 9, 14), dt.time(1, 30))
    assert moment(dt.date(1986, 5, 4), dt.time(3)).utcoffset() == 9 * HOUR


@pytest.mark.parametrize("text", ["1986-05-04T02:30", "1986-09-14T01:30"])
def test_the_form_of_a_release_says_so_too(text):
    form = ReleaseForm({"release_at": text})
    assert not form.is_valid()
    assert "换" in form.errors["release_at"][0]


def test_a_release_that_has_passed_is_refused(issue, staff, now):
    with pytest.raises(Invalid, match="已经过"):
        services.set_deadlines(
            issue, cutoff_at=now - 3 * HOUR, release_at=now - HOUR, user=staff["chief"], at=now
        )
    with pytest.raises(Invalid):
        services.set_deadlines(
            issue, cutoff_at=now + 3 * HOUR, release_at=now + HOUR, user=staff["chief"], at=now
        )
    issue.refresh_from_db()
    assert issue.release_at == now + 12 * HOUR


def test_a_later_cut_off_opens_the_issue_again(issue, staff, now):
    late = issue.cutoff_at + HOUR
    hours = {"cutoff_at": late + 2 * HOUR, "release_at": issue.release_at}
    with pytest.raises(Conflict):
        services.set_deadlines(issue, user=staff["head"], at=late, **hours)
    services.set_deadlines(issue, user=staff["chief"], at=late, **hours)
    issue.refresh_from_db()
    assert issue.standing(late)[0] == "planning"
    assert services.is_open_for(issue, staff["editor"], late)


@pytest.mark.parametrize("late", [False, True])
def test_the_chief_lets_a_signed_issue_come_out_earlier_or_later(signed, staff, now, late):
    when = now + (30 if late else 2) * HOUR
    services.reschedule(signed, release_at=when, user=staff["chief"], at=now)
    assert not Story.objects.visible(when - SECOND).exists()
    assert not Edition.objects.visible(when - SECOND).exists()
    assert Story.objects.visible(when).count() == 2
    assert Edition.objects.visible(when).count() == 1
    signed.refresh_from_db()
    assert signed.standing(when - SECOND)[0] == "signed"
    assert signed.standing(when)[0] == "out"


def test_at_once_all_are_out_together(signed, staff, now):
    services.reschedule(signed, release_at=None, user=staff["chief"], at=now + HOUR)
    assert Story.objects.visible(now + HOUR).count() == 2
    assert not Story.objects.visible(now + HOUR - SECOND).exists()
    with pytest.raises(Conflict):
        services.reschedule(signed, release_at=None, user=staff["chief"], at=now + HOUR)
    with pytest.raises(Conflict):
        services.reopen(signed, user=staff["chief"], at=now + HOUR)


def test_only_the_chief_moves_a_signed_issue_and_not_into_the_past(signed, staff, now):
    for role in ("head", "editor", "administrator", "correspondent"):
        with pytest.raises(Forbidden):
            services.reschedule(signed, release_at=None, user=staff[role], at=now)
    with pytest.raises(Invalid):
        services.reschedule(signed, release_at=now - SECOND, user=staff["chief"], at=now)
    with pytest.raises(Conflict):
        services.reschedule(
            signed, release_at=None, user=staff["chief"], at=now, version=signed.version - 1
        )


def test_an_issue_without_signature_is_not_let_out(issue, staff, now):
    with pytest.raises(Conflict):
        services.reschedule(issue, release_at=None, user=staff["chief"], at=now)
    assert not Story.objects.exists()


def test_what_came_out_ahead_of_the_paper_stays_where_it_is(issue, staff, now):
    first = issue.pages.first().placements.get().article
    articles.release(first, user=staff["chief"], at=now)
    services.close(issue, user=staff["head"], at=now)
    signed = factories.sign_issue(issue, user=staff["chief"], at=now)
    services.reschedule(signed, release_at=now + 20 * HOUR, user=staff["chief"], at=now + HOUR)
    assert Story.objects.visible(now).count() == 1
    assert Story.objects.visible(now + 20 * HOUR).count() == 2


def test_the_hours_are_changed_at_the_desk_and_what_was_typed_stays(issue, desk, now):
    address = f"/desk/issues/issue/{issue.pk}/deadlines/"
    chief = desk("chief")
    assert chief.get(address).status_code == 200
    typed = {
        "cutoff_at": "2001-01-01T05:00",
        "release_at": "2001-01-01T06:00",
        "version": issue.version,
    }
    refused = chief.post(address, typed)
    assert refused.status_code == 400
    assert 'value="2001-01-01T06:00"' in refused.content.decode()
    day = f"{issue.date:%Y-%m-%d}"
    typed |= {"cutoff_at": f"{day}T05:30", "release_at": f"{day}T07:15"}
    assert chief.post(address, typed).status_code == 302
    issue.refresh_from_db()
    assert timezone.localtime(issue.release_at).strftime("%H:%M") == "07:15"
    assert chief.post(address, typed).status_code == 400, "decided on what was there before"
    assert desk("editor").get(address).status_code == 403
    assert desk("correspondent").get(address).status_code == 404


def test_a_signed_issue_is_let_out_at_the_desk(signed, desk, client):
    address = f"/desk/issues/issue/{signed.pk}/deadlines/"
    chief = desk("chief")
    assert chief.post(address, {"when": "later", "version": signed.version}).status_code == 400
    slug = signed.edition.get_absolute_url()
    assert client.get(slug).status_code == 404
    assert chief.post(address, {"when": "now", "version": signed.version}).status_code == 302
    assert client.get(slug).status_code == 200
    assert chief.get(address).status_code == 403, "what is out is out"


def test_the_timetable_tells_what_comes_out_when(issue, signed, staff, desk, now):
    alone = factories.make_in("approved", staff["correspondent"], now, headline="单独发的")
    articles.release(alone, user=staff["chief"], at=now, release_at=signed.release_at + 60 * SECOND)
    day = timezone.localdate(signed.release_at)
    events = timetable(day, staff["chief"], now)
    shown = [(event.kind, event.count) for event in events if event.kind != "cutoff"]
    assert shown == [("issue", 2), ("story", 0)]
    assert all(event.is_sure and not event.is_past for event in events if event.kind != "cutoff")
    page = desk("chief").get(f"/desk/issues/issue/timetable/?date={day}").content.decode()
    assert "单独发的" in page
    assert f"{timezone.localtime(signed.release_at):%H:%M}" in page
    assert desk("correspondent").get("/desk/issues/issue/timetable/").status_code == 404
    assert desk("chief").get("/desk/issues/issue/timetable/?date=2026-02-31").status_code == 200


def test_the_timetable_warns_of_an_issue_that_nobody_signed(issue, staff, now):
    day = timezone.localdate(issue.release_at)
    (event,) = (e for e in timetable(day, staff["chief"], now) if e.kind == "issue")
    assert not event.is_sure

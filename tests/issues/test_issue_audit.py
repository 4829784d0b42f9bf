"""Rule: readers see the signed issue, and the log records who signed it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.management import CommandError, call_command
from django.db.models import F

from articles.exceptions import Conflict, Forbidden
from issues import services
from issues.models import Issue, IssueLogEntry, Page
from issues.services.audit_verify import verify_issues
from notifications.models import Notification, NotificationEvent
from press.models import Edition, EditionPage, Story
from tests.helpers import factories
from tests.helpers.page_files import page_picture
from tests.helpers.planned_issues import HOUR, fill


@pytest.fixture
def signed(issue, staff, now) -> Issue:
    """Return a signed issue of two pages with an image of page 1, to be released in 12 hours."""
    fill(issue, staff, now)
    services.close(issue, user=staff["head"], at=now)
    signed = factories.sign_issue(issue, user=staff["chief"], at=now)
    page = signed.pages.first()
    services.set_image(page, page_picture(), user=staff["head"], at=now)
    return signed


def why(issue: Issue) -> str:
    return next(verify_issues(issue.pk)).why


def actions(issue: Issue) -> list[tuple[str, str]]:
    return list(IssueLogEntry.objects.filter(issue=issue).values_list("action", "by_name"))


def test_a_true_record_is_sound_and_says_who_did_what(signed):
    assert why(signed) == ""
    assert actions(signed) == [("close", "head"), ("sign", "chief"), ("page", "head")]


EDITION = [
    {"number": 99},
    {"year_number": 99},
    {"date": dt.date(2020, 1, 1)},
    {"part": 2},
    {"special": "号外"},
    {"release_at": F("release_at") + HOUR},
    {"signed_by": "别人"},
    {"signed_at": F("signed_at") - HOUR},
    {"signed_at": None},
    {"sha256": "0" * 64},
    {"seal_version": 2},
]


@pytest.mark.parametrize("change", EDITION, ids=lambda one: "-".join(one))
def test_each_changed_field_of_an_edition_is_found(signed, change):
    Edition.objects.filter(pk=signed.edition_id).update(**change)
    assert why(signed)


ISSUE = [
    {"state": "planning"},
    {"state": "closed"},
    {"signed_at": F("signed_at") - HOUR},
    {"number": 99},
    {"date": dt.date(2020, 1, 1)},
    {"special": "号外"},
    {"release_at": F("release_at") + HOUR},
    {"is_archive": True},
    {"edition": None},
    {"chain": ""},
]


@pytest.mark.parametrize("change", ISSUE, ids=lambda one: "-".join(one))
def test_each_changed_field_of_an_issue_is_found(signed, change):
    Issue.objects.filter(pk=signed.pk).update(**change)
    assert why(signed)


def test_another_signer_is_found(signed, staff):
    Issue.objects.filter(pk=signed.pk).update(signed_by=staff["head"])
    assert "签发人" in why(signed)


PAGE = [
    {"name": "改了"},
    {"number": 9},
    {"image": {}},
    {"areas": [{"story": 1, "x": 0, "y": 0, "w": 500, "h": 500}]},
]


@pytest.mark.parametrize("change", PAGE, ids=lambda one: "-".join(one))
def test_each_changed_field_of_a_page_is_found(signed, change):
    page = EditionPage.objects.filter(edition=signed.edition_id).first()
    EditionPage.objects.filter(pk=page.pk).update(**change)
    assert why(signed)


def test_a_page_put_in_or_taken_out_is_found(signed):
    extra = EditionPage.objects.create(edition=signed.edition, number=7, name="多的")
    assert why(signed)
    extra.delete()
    assert why(signed) == ""
    EditionPage.objects.filter(edition=signed.edition).last().delete()
    assert why(signed)


def test_a_story_on_another_place_is_found(signed):
    first, second = Story.objects.order_by("page__number")
    for change in ({"position": 5}, {"page": second.page}, {"page": None}):
        Story.objects.filter(pk=first.pk).update(**change)
        assert why(signed), change
        first.save()
    Story.objects.filter(pk=first.pk).update(continued_on=second.page)
    assert why(signed)
    first.save()
    assert why(signed) == ""


ROW = [
    {"action": "close"},
    {"to_state": "planning"},
    {"by_name": "别人"},
    {"by": None},
    {"by_roles": ""},
    {"at": F("at") - HOUR},
    {"printed": "0" * 64},
    {"details": {"x": 1}},
    {"version": F("version") + 9},
    {"seal_version": 0},
]


@pytest.mark.parametrize("change", ROW, ids=lambda one: "-".join(one))
def test_each_changed_field_of_a_row_is_found(signed, change):
    IssueLogEntry.objects.filter(issue=signed, action="sign").update(**change)
    assert why(signed)


@pytest.mark.parametrize("which", [0, 1, 2])
def test_a_removed_row_is_found(signed, which):
    IssueLogEntry.objects.filter(pk=IssueLogEntry.objects.all()[which].pk).delete()
    assert why(signed)


def test_an_edition_that_no_issue_stands_behind_is_named(signed, now, capsys):
    Edition.objects.create(
        number=7000, date=dt.date(2020, 1, 1), release_at=now, sha256="0" * 64, signed_by="谁"
    )
    with pytest.raises(CommandError):
        call_command("verify_signatures")
    assert "2020-01-01 (7000)" in capsys.readouterr().out


def test_every_way_of_an_issue_stays_sound(signed, staff, now):
    """Rescheduled, given areas, voided, reopened, given other times, closed and signed again."""
    chief = staff["chief"]
    services.reschedule(signed, release_at=now + 13 * HOUR, user=chief, at=now)
    assert why(signed) == ""
    page = Page.objects.filter(issue=signed).first()
    article = page.placements.get().article_id
    area = {"article": article, "x": 0, "y": 0, "w": 500, "h": 500}
    seen = services.page_image_version(page.image)
    services.set_areas(page, [area], user=chief, at=now, seen=seen)
    assert why(signed) == ""
    services.remove_image(page, user=chief, at=now)
    assert why(signed) == ""
    services.reopen(signed, user=chief, at=now)
    assert why(signed) == ""
    times = {"cutoff_at": now + HOUR, "release_at": now + 2 * HOUR}
    services.set_deadlines(signed, **times, user=chief, at=now)
    services.close(signed, user=staff["head"], at=now)
    services.reopen(signed, user=chief, at=now)
    services.close(signed, user=staff["head"], at=now)
    assert why(signed) == ""
    factories.sign_issue(signed, user=chief, at=now)
    assert why(signed) == ""
    assert [action for action, _name in actions(signed)] == [
        *("close", "sign", "page", "reschedule", "page", "page", "void", "hours"),
        *("close", "reopen", "close", "sign"),
    ]


def test_a_correction_or_a_withdrawal_leaves_the_issue_sound(signed, staff, now):
    from articles import services as articles

    later = now + 13 * HOUR
    first, second = (story.article for story in Story.objects.order_by("pk"))
    articles.withdraw(first, user=staff["chief"], at=later, reason="失实")
    articles.correct(second, user=staff["head"], at=later, kind="update", reason="补充")
    for reader in ("head", "chief"):
        factories.sign_review(second, user=staff[reader], at=later)
    assert why(signed) == ""


def test_checking_takes_the_same_queries_for_many(staff, now, django_assert_num_queries):
    for day in range(1, 5):
        services.plan_issue(date=now.date() + dt.timedelta(days=day), user=staff["chief"])
    with django_assert_num_queries(3):
        list(verify_issues())


# The signature of an issue, clicked twice


def test_a_signature_without_a_version_is_refused(issue, staff, now, desk):
    fill(issue, staff, now)
    services.close(issue, user=staff["head"], at=now)
    answer = desk("chief").post(f"/desk/issues/issue/{issue.pk}/sign/", {}, follow=True)
    assert "重新打开" in answer.content.decode()
    issue.refresh_from_db()
    assert issue.state == "closed"


@pytest.mark.parametrize("action", ["close", "sign", "reopen"])
def test_a_second_click_reports_success(issue, staff, now, desk, action):
    fill(issue, staff, now)
    if action != "close":
        services.close(issue, user=staff["head"], at=now)
    issue.refresh_from_db()
    client = desk("chief")
    for _click in range(2):
        address = f"/desk/issues/issue/{issue.pk}/{action}/"
        answer = client.post(address, {"version": issue.version}, follow=True)
        assert answer.status_code == 200
        assert "没有完成" not in answer.content.decode()
    assert IssueLogEntry.objects.filter(issue=issue, action=action).count() == 1
    with pytest.raises(Conflict):
        services.close(issue, user=staff["head"], at=now) if action != "reopen" else (
            services.reopen(issue, user=staff["chief"], at=now)
        )


def test_the_chief_is_notified_of_changes_after_the_signature(signed, staff, now):
    (notification,) = Notification.objects.filter(
        user=staff["chief"], event=NotificationEvent.PAGES
    )
    assert "head改了" in notification.text
    assert f"第{signed.number}期" in notification.text
    services.set_image(signed.pages.last(), page_picture(), user=staff["chief"], at=now)
    assert (
        Notification.objects.filter(user=staff["chief"], event=NotificationEvent.PAGES).count() == 1
    )


def test_once_an_issue_is_out_the_chief_alone_changes_its_pages(signed, staff, now, desk):
    """Readers see a page image immediately then, and nobody has checked it before."""
    out = signed.release_at + HOUR
    page = signed.pages.last()
    with pytest.raises(Forbidden):
        services.set_image(page, page_picture(), user=staff["head"], at=out)
    Issue.objects.filter(pk=signed.pk).update(release_at=now - HOUR, cutoff_at=now - 2 * HOUR)
    address = f"/desk/issues/issue/{signed.pk}/images/{page.number}/"
    assert desk("head").post(address, {"then": "remove"}).status_code == 403
    services.set_image(page, page_picture(), user=staff["chief"], at=out)
    assert actions(signed)[-1] == ("page", "chief")


def test_an_issue_signed_after_its_hour_is_sound_and_said_to_be_out(issue, staff, now, desk):
    fill(issue, staff, now)
    services.close(issue, user=staff["head"], at=now)
    Issue.objects.filter(pk=issue.pk).update(cutoff_at=now - 2 * HOUR, release_at=now - HOUR)
    issue.refresh_from_db()
    address = f"/desk/issues/issue/{issue.pk}/sign/"
    page = desk("chief").post(address, {"version": issue.version}, follow=True)
    assert "现已出报" in page.content.decode()
    issue.refresh_from_db()
    assert issue.release_at == issue.edition.release_at
    assert why(issue) == ""

"""Rules of notifications: recipients, once, where the user chose; e-mail blocks nothing."""

from __future__ import annotations

import datetime as dt
import socket

import pytest
from django.core import mail
from django.db import transaction
from django.urls import reverse
from django.utils import translation

from articles import services
from articles.models import Article
from articles.services import comments
from issues import services as issues
from issues.services.cutoff_notice import notify_cutoffs
from notifications.models import Notification, NotificationEvent
from notifications.services import choices_of, choose, mark_read, notify
from outbox import registry, wakeup
from outbox.models import Job
from outbox.services import remove_old, run_due
from tests.helpers import factories

MINUTE = dt.timedelta(minutes=1)


def _told(user) -> list[str]:
    return [n.text for n in Notification.objects.of(user).order_by("id")]


@pytest.fixture
def draft(staff, now) -> Article:
    return factories.make_draft(staff["correspondent"], now)


@pytest.fixture
def letter(staff, now) -> Notification:
    """Return one e-mail that is due."""
    staff["head"].email = "head@paper.example"
    staff["head"].save()
    notify(
        [staff["head"]],
        NotificationEvent.MENTIONED,
        "mentioned",
        key="k",
        data={"by": "甲", "title": "水闸", "note": "请看"},
        url="/desk/",
        at=now,
    )
    return Notification.objects.get()


def test_authors_are_notified_of_the_progress_of_their_stories(draft, staff, now):
    services.submit(draft, user=staff["correspondent"], at=now)
    assert _told(staff["editor"]) == ["《水闸换了电动机》等您审读：初审。"]
    assert _told(staff["correspondent"]) == []
    services.take(draft, user=staff["editor"], at=now)
    services.leave(draft, user=staff["editor"], at=now)
    services.take(draft, user=staff["editor"], at=now)
    assert _told(staff["correspondent"]) == ["editor已收到《水闸换了电动机》（初审）。"]
    services.return_article(draft, user=staff["editor"], at=now, reason="请补时间")
    services.submit(draft, user=staff["correspondent"], at=now)
    factories.pass_all(Article.objects.get(pk=draft.pk), staff, now)
    services.release(draft, user=staff["chief"], at=now, release_at=now + MINUTE)
    services.withdraw(draft, user=staff["chief"], at=now + 2 * MINUTE, reason="地名有误")
    told = _told(staff["correspondent"])[1:]
    assert told[0] == "editor退改了《水闸换了电动机》：请补时间"
    assert told[1:3] == [
        "editor通过了《水闸换了电动机》（初审）。",
        "head通过了《水闸换了电动机》（复审）。",
    ]
    assert told[3] == "《水闸换了电动机》已签发，等待上版。"
    assert told[4].startswith("《水闸换了电动机》已定发布，")
    assert told[5:] == ["chief撤下了《水闸换了电动机》：地名有误"]


def test_each_reading_tells_those_who_may_pass_it(draft, staff, now):
    other = factories.make_user("别栏编辑", "editor")
    services.submit(draft, user=staff["correspondent"], at=now)
    told = {n.user.username for n in Notification.objects.filter(event=NotificationEvent.RECEIVED)}
    assert told == {"editor", "head", "chief"}
    assert _told(other) == []


def test_nobody_is_notified_of_their_own_transition(staff, now):
    own = factories.make_draft(staff["head"], now)
    services.submit(own, user=staff["head"], at=now)
    assert _told(staff["head"]) == []


def test_a_failed_transition_notifies_nobody(draft, staff, now):
    with transaction.atomic():
        services.submit(draft, user=staff["correspondent"], at=now)
        transaction.set_rollback(True)
    assert not Notification.objects.exists()


def test_the_issue_and_the_page_are_named(staff, now):
    article = factories.make_in("approved", None, now, writer="correspondent")
    day = (now + dt.timedelta(days=3)).date()
    issue = issues.plan_issue(date=day, user=staff["chief"], pages=[(2, "镇街")])
    issues.place(article, issue.pages.get(), user=staff["chief"], at=now)
    issue.refresh_from_db()
    issues.close(issue, user=staff["chief"], at=now)
    issue.refresh_from_db()
    factories.sign_issue(issue, user=staff["chief"], at=now)
    assert _told(staff["correspondent"])[-1].startswith(
        f"《水闸换了电动机》刊于第{issue.number}期第2版，"
    )


def test_the_same_event_is_notified_once(staff, now):
    for _time in range(3):
        notify(
            [staff["chief"]] * 2,
            NotificationEvent.CUTOFF,
            "cutoff",
            key="x",
            data={},
            url="",
            at=now,
        )
    assert Notification.objects.count() == 1


def test_each_person_chooses_where(staff, now):
    chief = staff["chief"]
    chief.email = "chief@paper.example"
    chief.save()
    choose(
        chief,
        {NotificationEvent.CUTOFF: (False, True), NotificationEvent.MENTIONED: (False, False)},
    )
    said = {"by": "甲", "title": "水闸", "note": "看"}
    notify([chief], NotificationEvent.MENTIONED, "mentioned", key="1", data=said, url="", at=now)
    notify(
        [chief],
        NotificationEvent.CUTOFF,
        "cutoff",
        key="2",
        data={"number": 1, "when": now.isoformat(), "waiting": 2},
        url="",
        at=now,
    )
    notification = Notification.objects.get()
    assert (notification.event, notification.in_desk, notification.by_mail) == (
        "cutoff",
        False,
        True,
    )
    assert _told(chief) == []


def test_the_choice_is_kept_by_the_form(desk, staff):
    client = desk("chief")
    page = client.get(reverse("admin:notification_choices"))
    assert "有稿件等我审读" in page.content.decode()
    client.post(reverse("admin:notification_choices"), {"desk-cutoff": "on", "mail-received": "on"})
    kept = {c.event: (c.in_desk, c.by_mail) for c in choices_of(staff["chief"])}
    assert kept[NotificationEvent.CUTOFF] == (True, False)
    assert kept[NotificationEvent.RECEIVED] == (False, True)
    assert kept[NotificationEvent.WITHDRAWN] == (False, False)


def test_the_bell_counts_and_a_notice_leads_to_its_story(desk, draft, staff, now):
    services.submit(draft, user=staff["correspondent"], at=now)
    client = desk("editor")
    assert "通知，1 条未读" in client.get(reverse("admin:index")).content.decode()
    page = client.get(reverse("admin:notifications")).content.decode()
    assert "《水闸换了电动机》等您审读：初审。" in page
    notification = Notification.objects.of(staff["editor"]).get()
    answer = client.post(reverse("admin:notification_open", args=[notification.pk]))
    assert answer.url == reverse("admin:articles_article_change", args=[draft.pk])
    assert "通知，0 条未读" in client.get(reverse("admin:index")).content.decode()


def test_somebody_elses_notice_is_not_there(desk, draft, staff, now):
    services.submit(draft, user=staff["correspondent"], at=now)
    notification = Notification.objects.of(staff["editor"]).get()
    assert (
        desk("chief").post(reverse("admin:notification_open", args=[notification.pk])).status_code
        == 404
    )
    assert mark_read(staff["chief"], at=now, pk=notification.pk) == 0


def test_a_notification_is_in_the_language_of_its_reader(draft, staff, now):
    services.submit(draft, user=staff["correspondent"], at=now)
    notification = Notification.objects.of(staff["editor"]).get()
    with translation.override("en"):
        assert notification.text == "“水闸换了电动机” is waiting for your review: The first review."


def test_a_letter_goes_out_once(letter, now):
    assert run_due(now) == 1
    assert run_due(now + dt.timedelta(hours=9)) == 0
    (sent,) = mail.outbox
    assert (sent.to, sent.subject) == (["head@paper.example"], "甲在《水闸》的批注中提到您：请看")


def test_a_letter_waits_for_the_commit(staff, now, django_capture_on_commit_callbacks, letter):
    wakeup.wait(0)
    with django_capture_on_commit_callbacks() as calls:
        notify(
            [staff["head"]], NotificationEvent.CUTOFF, "cutoff", key="2", data={}, url="", at=now
        )
        assert not wakeup.is_set()
    assert calls == [wakeup.wake]


def test_a_letter_is_mailed_once_even_when_its_job_is_gone(letter, staff, now):
    """The notification stores that it was mailed: notifying again after a month mails nothing."""
    run_due(now)
    later = now + dt.timedelta(days=30)
    remove_old(later)
    assert not Job.objects.exists()
    notify(
        [staff["head"]],
        NotificationEvent.MENTIONED,
        "mentioned",
        key="k",
        data={},
        url="",
        at=later,
    )
    assert run_due(later) == 0
    assert len(mail.outbox) == 1


def test_a_mail_server_that_is_down_is_tried_again_later(letter, now, settings, desk):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        settings.EMAIL_PORT = probe.getsockname()[1]
    assert run_due(now) == 0
    job = Job.objects.get()
    assert job.error
    assert job.due_at == now + MINUTE
    page = desk("head").get(reverse("admin:notifications")).content.decode()
    assert "邮件尚未发出" in page
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert run_due(now + MINUTE / 2) == 0
    assert run_due(now + MINUTE) == 1


def test_a_letter_is_given_up_at_last_and_stays_in_the_desk(letter, now):
    Job.objects.update(tries=registry.kinds()["notification_mail"].max_tries)
    assert run_due(now) == 0
    assert Notification.objects.of(letter.user).count() == 1


def test_who_left_gets_no_letter(letter, staff, now):
    staff["head"].is_active = False
    staff["head"].save()
    assert run_due(now) == 0


@pytest.mark.parametrize(("minutes", "told"), [(61, 0), (60, 1), (1, 1), (0, 0), (-5, 0)])
def test_the_cut_off_is_notified_within_the_hour_before(staff, now, minutes, told):
    day = (now + dt.timedelta(days=2)).date()
    issue = issues.plan_issue(date=day, user=staff["chief"], cutoff_at=now + minutes * MINUTE)
    for _round in range(2):
        notify_cutoffs(now)
    assert (
        Notification.objects.filter(event=NotificationEvent.CUTOFF, user=staff["chief"]).count()
        == told
    )
    if told:
        assert f"第{issue.number}期" in _told(staff["chief"])[0]
        assert not Notification.objects.filter(user=staff["editor"]).exists()


def test_a_long_list_costs_no_more_queries(desk, staff, now, django_assert_max_num_queries):
    for n in range(30):
        notify(
            [staff["chief"]],
            NotificationEvent.MENTIONED,
            "mentioned",
            key=str(n),
            data={"by": "甲", "title": "水闸", "note": "看"},
            url="",
            at=now,
        )
    client = desk("chief")
    with django_assert_max_num_queries(12):
        client.get(reverse("admin:notifications"))


def test_what_no_longer_waits_is_no_longer_new(draft, staff, now):
    """A finished review, and an article that the user has opened, are not counted."""
    services.submit(draft, user=staff["correspondent"], at=now)
    assert staff["editor"].notifications.unread().count() == 1
    factories.sign_review(draft, user=staff["head"], at=now)
    assert staff["editor"].notifications.unread().count() == 0
    assert staff["correspondent"].notifications.unread().count() == 1


def test_who_opens_the_article_has_seen_the_notice(desk, draft, staff, now):
    services.submit(draft, user=staff["correspondent"], at=now)
    tab = "00000000-0000-4000-8000-000000000001"
    url = f"/desk/articles/article/{draft.pk}/presence/"
    assert desk("editor").post(url, {"window_id": tab, "opened": draft.version}).status_code == 200
    assert staff["editor"].notifications.unread().count() == 0
    assert staff["head"].notifications.unread().count() == 1


def test_an_answer_reaches_who_wrote_the_comment(draft, staff, now):
    services.submit(draft, user=staff["correspondent"], at=now)
    draft.refresh_from_db()
    asked = comments.add_comment(draft, text="哪一年？", user=staff["editor"], at=now)
    comments.add_comment(draft, text="今年。", user=staff["correspondent"], at=now, parent=asked.pk)
    told = _told(staff["editor"])[-1]
    assert "回复您：今年。" in told
    assert not any("回复" in text for text in _told(staff["correspondent"]))

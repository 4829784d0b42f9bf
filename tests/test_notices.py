"""Rules of the notices: who is told of what, once, where he chose; mail blocks nothing."""

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
from issues.cutoff import tell_cutoffs
from notices import postman
from notices.models import Event, Notice
from notices.querysets import CLAIM, MAX_TRIES
from notices.services import choices_of, choose, mark_read, tell

from . import factories

MINUTE = dt.timedelta(minutes=1)


def _told(user) -> list[str]:
    return [n.text for n in Notice.objects.of(user).order_by("id")]


@pytest.fixture
def draft(staff, now) -> Article:
    return factories.make_draft(staff["correspondent"], now)


@pytest.fixture
def letter(staff, now) -> Notice:
    """One letter that is due."""
    staff["head"].email = "head@paper.example"
    staff["head"].save()
    tell(
        [staff["head"]],
        Event.MENTIONED,
        "mentioned",
        key="k",
        data={"by": "甲", "title": "水闸", "note": "请看"},
        url="/desk/",
        at=now,
    )
    return Notice.objects.get()


def test_the_author_is_told_where_his_story_stands(draft, staff, now):
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
    told = {n.user.username for n in Notice.objects.filter(event=Event.RECEIVED)}
    assert told == {"editor", "head", "chief"}
    assert _told(other) == []


def test_nobody_is_told_of_what_he_did_himself(staff, now):
    own = factories.make_draft(staff["head"], now)
    services.submit(own, user=staff["head"], at=now)
    assert _told(staff["head"]) == []


def test_a_move_that_fails_tells_nobody(draft, staff, now):
    with transaction.atomic():
        services.submit(draft, user=staff["correspondent"], at=now)
        transaction.set_rollback(True)
    assert not Notice.objects.exists()


def test_the_issue_and_the_page_are_named(staff, now):
    article = factories.make_in("approved", None, now, writer="乙丙丁")
    person = article.bylines.get().contributor
    person.user = staff["correspondent"]
    person.save()
    day = (now + dt.timedelta(days=3)).date()
    issue = issues.plan_issue(date=day, user=staff["chief"], pages=[(2, "镇街")])
    issues.place(article, issue.pages.get(), user=staff["chief"], at=now)
    issue.refresh_from_db()
    issues.close(issue, user=staff["chief"], at=now)
    issue.refresh_from_db()
    issues.sign(issue, user=staff["chief"], at=now)
    assert _told(staff["correspondent"])[-1].startswith(
        f"《水闸换了电动机》刊于第{issue.number}期第2版，"
    )


def test_the_same_thing_is_told_once(staff, now):
    for _time in range(3):
        tell([staff["chief"]] * 2, Event.CUTOFF, "cutoff", key="x", data={}, url="", at=now)
    assert Notice.objects.count() == 1


def test_each_person_chooses_where(staff, now):
    chief = staff["chief"]
    chief.email = "chief@paper.example"
    chief.save()
    choose(chief, {Event.CUTOFF: (False, True), Event.MENTIONED: (False, False)})
    said = {"by": "甲", "title": "水闸", "note": "看"}
    tell([chief], Event.MENTIONED, "mentioned", key="1", data=said, url="", at=now)
    tell(
        [chief],
        Event.CUTOFF,
        "cutoff",
        key="2",
        data={"number": 1, "when": now.isoformat(), "waiting": 2},
        url="",
        at=now,
    )
    notice = Notice.objects.get()
    assert (notice.event, notice.in_desk, notice.by_mail) == ("cutoff", False, True)
    assert _told(chief) == []


def test_the_choice_is_kept_by_the_form(desk, staff):
    client = desk("chief")
    page = client.get(reverse("admin:notice_choices"))
    assert "有稿件等我审读" in page.content.decode()
    client.post(reverse("admin:notice_choices"), {"desk-cutoff": "on", "mail-received": "on"})
    kept = {c.event: (c.in_desk, c.by_mail) for c in choices_of(staff["chief"])}
    assert kept[Event.CUTOFF] == (True, False)
    assert kept[Event.RECEIVED] == (False, True)
    assert kept[Event.WITHDRAWN] == (False, False)


def test_the_bell_counts_and_a_notice_leads_to_its_story(desk, draft, staff, now):
    services.submit(draft, user=staff["correspondent"], at=now)
    client = desk("editor")
    assert "通知，1 条未读" in client.get(reverse("admin:index")).content.decode()
    page = client.get(reverse("admin:notices")).content.decode()
    assert "《水闸换了电动机》等您审读：初审。" in page
    notice = Notice.objects.of(staff["editor"]).get()
    answer = client.post(reverse("admin:notice_open", args=[notice.pk]))
    assert answer.url == reverse("admin:articles_article_change", args=[draft.pk])
    assert "通知，0 条未读" in client.get(reverse("admin:index")).content.decode()


def test_somebody_elses_notice_is_not_there(desk, draft, staff, now):
    services.submit(draft, user=staff["correspondent"], at=now)
    notice = Notice.objects.of(staff["editor"]).get()
    assert desk("chief").post(reverse("admin:notice_open", args=[notice.pk])).status_code == 404
    assert mark_read(staff["chief"], at=now, pk=notice.pk) == 0


def test_a_notice_is_told_in_the_language_of_who_reads_it(draft, staff, now):
    services.submit(draft, user=staff["correspondent"], at=now)
    notice = Notice.objects.of(staff["editor"]).get()
    with translation.override("en"):
        assert notice.text == "“水闸换了电动机” waits for you: The first reading."


def test_a_letter_goes_out_once(letter, now):
    assert postman.deliver(now) == 1
    assert postman.deliver(now + dt.timedelta(hours=9)) == 0
    (sent,) = mail.outbox
    assert (sent.to, sent.subject) == (["head@paper.example"], "甲在《水闸》的批注中提到您：请看")


def test_a_letter_waits_for_the_commit(staff, now, django_capture_on_commit_callbacks, letter):
    postman._woken.clear()
    with django_capture_on_commit_callbacks() as calls:
        tell([staff["head"]], Event.CUTOFF, "cutoff", key="2", data={}, url="", at=now)
        assert not postman._woken.is_set()
    assert calls == [postman.wake]


def test_a_letter_in_another_process_hands_is_left_to_it(letter, now):
    Notice.objects.update(mail_claimed_at=now)
    assert postman.deliver(now + MINUTE) == 0
    # That process died: its letter is begun anew.
    assert postman.deliver(now + CLAIM + MINUTE) == 1


def test_two_postmen_who_saw_the_same_letter_send_it_once(letter, now):
    assert postman._claim(letter, now) is True
    assert postman._claim(letter, now) is False


def test_a_mail_server_that_is_down_is_tried_again_later(letter, now, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        settings.EMAIL_PORT = probe.getsockname()[1]
    assert postman.deliver(now) == 0
    letter.refresh_from_db()
    assert letter.mail_error
    assert letter.mail_next_at == now + MINUTE
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert postman.deliver(now + MINUTE / 2) == 0
    assert postman.deliver(now + MINUTE) == 1


def test_a_letter_is_given_up_at_last_and_stays_in_the_desk(letter, now):
    Notice.objects.update(mail_tries=MAX_TRIES)
    assert postman.deliver(now) == 0
    assert Notice.objects.of(letter.user).count() == 1


def test_who_left_gets_no_letter(letter, staff, now):
    staff["head"].is_active = False
    staff["head"].save()
    assert postman.deliver(now) == 0


@pytest.mark.parametrize(("minutes", "told"), [(61, 0), (60, 1), (1, 1), (0, 0), (-5, 0)])
def test_the_cut_off_is_told_within_the_hour_before(staff, now, minutes, told):
    day = (now + dt.timedelta(days=2)).date()
    issue = issues.plan_issue(date=day, user=staff["chief"], cutoff_at=now + minutes * MINUTE)
    for _round in range(2):
        tell_cutoffs(now)
    assert Notice.objects.filter(event=Event.CUTOFF, user=staff["chief"]).count() == told
    if told:
        assert f"第{issue.number}期" in _told(staff["chief"])[0]
        assert not Notice.objects.filter(user=staff["editor"]).exists()


def test_a_long_list_costs_no_more_queries(desk, staff, now, django_assert_max_num_queries):
    for n in range(30):
        tell(
            [staff["chief"]],
            Event.MENTIONED,
            "mentioned",
            key=str(n),
            data={"by": "甲", "title": "水闸", "note": "看"},
            url="",
            at=now,
        )
    client = desk("chief")
    with django_assert_max_num_queries(12):
        client.get(reverse("admin:notices"))


def test_what_no_longer_waits_is_no_longer_new(draft, staff, now):
    """A reading that somebody made, and an article that one has opened, ring no bell."""
    services.submit(draft, user=staff["correspondent"], at=now)
    assert staff["editor"].notices.unread().count() == 1
    services.pass_reading(draft, user=staff["head"], at=now)
    assert staff["editor"].notices.unread().count() == 0
    assert staff["correspondent"].notices.unread().count() == 1


def test_who_opens_the_article_has_seen_the_notice(desk, draft, staff, now):
    services.submit(draft, user=staff["correspondent"], at=now)
    tab = "00000000-0000-4000-8000-000000000001"
    url = f"/desk/articles/article/{draft.pk}/presence/"
    assert desk("editor").post(url, {"tab": tab, "opened": draft.version}).status_code == 200
    assert staff["editor"].notices.unread().count() == 0
    assert staff["head"].notices.unread().count() == 1


def test_an_answer_reaches_who_wrote_the_comment(draft, staff, now):
    services.submit(draft, user=staff["correspondent"], at=now)
    draft.refresh_from_db()
    asked = comments.add_comment(draft, text="哪一年？", user=staff["editor"], at=now)
    comments.add_comment(draft, text="今年。", user=staff["correspondent"], at=now, parent=asked.pk)
    told = _told(staff["editor"])[-1]
    assert "回复您：今年。" in told
    assert not any("回复" in text for text in _told(staff["correspondent"]))

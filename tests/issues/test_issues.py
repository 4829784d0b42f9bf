"""Rule: an issue is signed as one, and all its stories are released together."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from articles import services as articles
from articles.content import PhotoRow
from articles.exceptions import Conflict, Forbidden, Hidden, Invalid
from articles.workflow.states import State
from issues import services
from issues.models import Issue, Page, Placement
from photos.services import add_photo
from press.models import Edition, Story
from tests.helpers import factories
from tests.helpers.planned_issues import HOUR, fill


def test_all_its_stories_come_out_at_one_instant(issue, staff, now):
    fill(issue, staff, now)
    services.close(issue, user=staff["head"], at=now)
    factories.sign_issue(issue, user=staff["chief"], at=now)
    release = issue.release_at
    assert Story.objects.count() == 2
    assert not Story.objects.visible(release - dt.timedelta(seconds=1)).exists()
    assert Story.objects.visible(release).count() == 2
    assert Edition.objects.visible(release).get().sha256
    assert not Edition.objects.visible(release - dt.timedelta(seconds=1)).exists()
    stories = list(Story.objects.order_by("page__number"))
    assert [(s.page.number, s.position) for s in stories] == [(1, 1), (2, 1)]


def test_one_unsigned_article_keeps_all_in(issue, staff, now):
    fill(issue, staff, now)
    waiting = factories.make_in("final_review", staff["reporter"], now, headline="还没有签")
    services.place(waiting, issue.pages.get(number=2), user=staff["head"], at=now)
    services.close(issue, user=staff["head"], at=now)
    with pytest.raises(Invalid, match="还没有签"):
        factories.sign_issue(issue, user=staff["chief"], at=now)
    issue.refresh_from_db()
    assert issue.state == Issue.State.CLOSED
    assert not Story.objects.exists()
    assert not Edition.objects.exists()


def test_a_photo_without_credit_and_an_empty_page_block(issue, staff, now):
    photo = add_photo(
        data=factories.picture(), caption="水闸", user=staff["reporter"], at=now, credits=[]
    )
    article = factories.make_in(
        "approved",
        staff["reporter"],
        now,
        headline="一张没有署名的照片",
        photos=(PhotoRow(photo.pk, "水闸", ""),),
    )
    services.place(article, issue.pages.get(number=1), user=staff["editor"], at=now)
    found = services.blockers(issue, now)
    assert [(b.page.number, b.article and b.article.pk) for b in found] == [
        (1, article.pk),
        (2, None),
    ]


def test_a_story_that_is_out_keeps_its_hour(issue, staff, now):
    first, second = fill(issue, staff, now)
    articles.release(first, user=staff["chief"], at=now)
    services.close(issue, user=staff["head"], at=now)
    factories.sign_issue(issue, user=staff["chief"], at=now + HOUR)
    first.refresh_from_db()
    second.refresh_from_db()
    assert first.story.release_at == now
    assert second.story.release_at == issue.release_at
    assert first.story.page.number == 1


def test_signed_late_everything_comes_out_now(issue, staff, now):
    fill(issue, staff, now)
    late = issue.release_at + HOUR
    services.close(issue, user=staff["head"], at=late)
    factories.sign_issue(issue, user=staff["chief"], at=late)
    assert set(Story.objects.values_list("release_at", flat=True)) == {late}


def test_only_the_chief_signs_and_only_a_closed_issue(issue, staff, now):
    fill(issue, staff, now)
    with pytest.raises(Conflict):
        factories.sign_issue(issue, user=staff["chief"], at=now)
    services.close(issue, user=staff["head"], at=now)
    for role in ("head", "editor", "reporter", "administrator", "correspondent"):
        with pytest.raises(Forbidden):
            factories.sign_issue(issue, user=staff[role], at=now)


def test_a_signature_over_a_changed_plan_is_refused(issue, staff, now):
    fill(issue, staff, now)
    services.close(issue, user=staff["head"], at=now)
    seen = Issue.objects.get(pk=issue.pk).version
    late = factories.make_in("approved", staff["reporter"], now, headline="加进来的")
    services.place(late, issue.pages.get(number=1), user=staff["chief"], at=now)
    with pytest.raises(Conflict):
        services.sign(issue, user=staff["chief"], at=now, version=seen)


def test_past_the_cut_off_only_the_chief_adds(issue, staff, now):
    article = factories.make_in("approved", staff["reporter"], now)
    page = issue.pages.get(number=1)
    with pytest.raises(Conflict):
        services.place(article, page, user=staff["head"], at=issue.cutoff_at)
    services.place(article, page, user=staff["chief"], at=issue.cutoff_at)
    assert Placement.objects.count() == 1


def test_a_signature_is_voided_only_before_the_release(issue, staff, now):
    made = fill(issue, staff, now)
    services.close(issue, user=staff["head"], at=now)
    factories.sign_issue(issue, user=staff["chief"], at=now)
    services.reopen(issue, user=staff["chief"], at=now)
    assert not Story.objects.exists()
    assert not Edition.objects.exists()
    made[0].refresh_from_db()
    assert made[0].status(now) == State.APPROVED
    services.close(issue, user=staff["head"], at=now)
    factories.sign_issue(issue, user=staff["chief"], at=now)
    with pytest.raises(Conflict):
        services.reopen(issue, user=staff["chief"], at=issue.release_at)
    assert Story.objects.count() == 2


def test_an_article_moves_from_page_to_page(issue, staff, now):
    first, second = fill(issue, staff, now)
    one, two = issue.pages.all()
    services.place(second, one, user=staff["editor"], at=now, position=1)
    assert list(one.placements.values_list("article", "position")) == [
        (second.pk, 1),
        (first.pk, 2),
    ]
    assert not two.placements.exists()
    services.unplace(one.placements.get(article=second), user=staff["editor"], at=now)
    assert list(one.placements.values_list("article", "position")) == [(first.pk, 1)]


def test_what_is_out_or_spiked_has_no_place(issue, staff, now):
    page = issue.pages.get(number=1)
    for state in ("spiked", "published", "withdrawn"):
        article = factories.make_in(state, staff["reporter"], now)
        with pytest.raises(Conflict):
            services.place(article, page, user=staff["chief"], at=now)


def test_nobody_places_a_draft_that_they_cannot_see(issue, staff, now):
    article = factories.make_in("draft", staff["correspondent"], now)
    with pytest.raises(Hidden):
        services.place(article, issue.pages.get(number=1), user=staff["editor"], at=now)


def test_the_database_refuses_what_must_never_be(issue, staff, now):
    article = fill(issue, staff, now)[0]
    two = issue.pages.get(number=2)
    wrong = [
        lambda: Page.objects.create(issue=issue, number=1, name="又一个"),
        lambda: Placement.objects.create(page=two, article=article, position=9, placed_at=now),
        lambda: Issue.objects.create(
            number=issue.number, date=dt.date(2020, 1, 1), cutoff_at=now, release_at=now
        ),
        lambda: Issue.objects.filter(pk=issue.pk).update(state="signed"),
        lambda: Issue.objects.filter(pk=issue.pk).update(cutoff_at=issue.release_at + HOUR),
    ]
    for write in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            write()


def test_a_day_has_one_issue_and_the_form_keeps_what_was_typed(desk, issue):
    data = {
        "date": issue.date.isoformat(),
        "number": issue.number,
        "like": "typed",
        "pages": "要闻\n镇街\n特刊",
    }
    response = desk("chief").post("/desk/issues/issue/add/", data)
    assert response.status_code == 400
    assert "这一天已有" in response.content.decode()
    assert "特刊" in response.content.decode()


def test_the_board_walks_from_plan_to_print(desk, issue, staff, now):
    """Place, close and sign with the buttons of the board."""
    chief, board = desk("chief"), f"/desk/issues/issue/{issue.pk}/"
    for page in issue.pages.all():
        article = factories.make_in("approved", staff["reporter"], now, headline=f"稿{page.number}")
        chief.post(f"{board}place/", {"page": page.pk, "article": article.pk})
    chief.post(f"{board}close/")
    page = chief.get(board).content.decode()
    assert "稿1" in page
    assert "稿2" in page
    chief.post(f"{board}sign/", {"version": Issue.objects.get().version})
    assert Story.objects.filter(release_at=issue.release_at).count() == 2


def test_the_board_is_for_those_who_plan(desk, issue):
    url = f"/desk/issues/issue/{issue.pk}/"
    seen = {
        role: desk(role).get(url).status_code
        for role in ("correspondent", "reporter", "editor", "head", "chief", "administrator")
    }
    assert seen == {
        "correspondent": 404,
        "reporter": 404,
        "editor": 200,
        "head": 200,
        "chief": 200,
        "administrator": 200,
    }


def test_a_new_issue_is_offered_the_first_free_day(desk, issue):
    page = desk("chief").get("/desk/issues/issue/add/").content.decode()
    free = issue.date + dt.timedelta(days=1)
    assert f'value="{free.isoformat()}"' in page


def test_what_is_in_print_or_signed_goes_into_no_other_issue(issue, staff, now):
    """Otherwise the signed issue would be released without it, with an invalid seal."""
    (article,) = fill(issue, staff, now)[:1]
    services.close(issue, user=staff["chief"], at=now)
    factories.sign_issue(issue, user=staff["chief"], at=now)
    other = services.plan_issue(date=issue.date + dt.timedelta(days=1), user=staff["chief"])
    page = other.pages.first()
    with pytest.raises(Conflict, match="已签发的一期"):
        services.place(article, page, user=staff["editor"], at=now)
    out = factories.make_in("published", staff["correspondent"], now)
    articles.correct(out, user=staff["head"], at=now, kind="correction", reason="改一字")
    with pytest.raises(Conflict, match="已经见报"):
        services.place(out, page, user=staff["chief"], at=now)


def test_a_spiked_article_leaves_its_page(issue, staff, now, django_capture_on_commit_callbacks):
    one, two = (
        factories.make_in("first_review", staff["correspondent"], now, headline=name)
        for name in ("甲稿", "乙稿")
    )
    page = issue.pages.first()
    for article in (one, two):
        services.place(article, page, user=staff["editor"], at=now)
    issue.refresh_from_db()
    with django_capture_on_commit_callbacks(execute=True):
        articles.spike(one, user=staff["editor"], at=now, reason="旧闻")
    assert [(p.article, p.position) for p in page.placements.all()] == [(two, 1)]
    assert Issue.objects.get(pk=issue.pk).version == issue.version + 1


def test_an_editor_takes_off_only_visible_articles(desk, issue, staff, now):
    hidden = factories.make_draft(staff["reporter"], now, section="literature")
    placement = Placement.objects.create(
        page=issue.pages.first(), article=hidden, position=1, placed_at=now
    )
    url = f"/desk/issues/issue/{issue.pk}/unplace/"
    assert desk("editor").post(url, {"placement": placement.pk}).status_code == 404
    assert Placement.objects.filter(pk=placement.pk).exists()

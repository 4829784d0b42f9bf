"""Rules of the transitions: conditions beyond the table, log rows and signatures."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from articles import services
from articles.exceptions import Conflict, Forbidden, Invalid
from articles.models import Article, LogEntry, Review
from articles.views.transition_buttons import DONE, SERVICES
from articles.workflow.states import State
from bylines.models import Contributor
from paper.models import Paper, Section
from press.models import Story
from proofing.models import HouseWord
from tests.helpers import factories

HOUR = dt.timedelta(hours=1)


def test_three_readings_then_print(staff, now):
    article = factories.make_draft(staff["correspondent"], now)
    services.submit(article, user=staff["correspondent"], at=now)
    article.refresh_from_db()
    states = []
    for reader in ("editor", "head", "chief"):
        factories.sign_review(article, user=staff[reader], at=now, note="可")
        article.refresh_from_db()
        states.append(article.state)
    assert states == [State.SECOND_REVIEW, State.FINAL_REVIEW, State.APPROVED]
    reviews = list(Review.objects.filter(article=article))
    assert [r.reviewer.username for r in reviews] == ["editor", "head", "chief"]
    assert {r.sha256 for r in reviews} == {article.approved_revision.sha256}
    services.release(article, user=staff["chief"], at=now)
    story = Story.objects.get()
    assert (story.revision, story.sha256) == (
        article.approved_revision.number,
        article.approved_revision.sha256,
    )
    moves = list(LogEntry.objects.values_list("transition", "from_state", "to_state"))
    assert moves[0] == ("submit", "draft", "first_review")
    assert moves[-1] == ("release", "approved", "approved")


def test_each_transition_reports_its_result(desk, staff, now):
    """The message names what has happened, and not only that something is done."""
    assert {*DONE, "approve"} == set(SERVICES)
    article = factories.make_in("first_review", staff["correspondent"], now)
    address = f"/desk/articles/article/{article.pk}/"
    browser = desk("editor")
    for name, message in (("take", "已接稿"), ("approve", "已通过，送复审")):
        article.refresh_from_db()
        data = {"version": article.version}
        page = browser.post(f"{address}{name}/", data, follow=True).content.decode()
        assert message in page


def test_submit_says_everything_that_is_missing(staff, now):
    article = services.create_article(factories.Content(), user=staff["correspondent"], at=now)
    with pytest.raises(Invalid) as refusal:
        services.submit(article, user=staff["correspondent"], at=now)
    assert len(refusal.value.problems) == 4
    article.refresh_from_db()
    assert article.state == State.DRAFT


@pytest.mark.parametrize(
    ("of_paper", "of_section", "states"),
    [
        (3, None, ["first_review", "second_review", "final_review"]),
        (3, 2, ["first_review", "final_review"]),
        (3, 1, ["final_review"]),
        (2, None, ["first_review", "final_review"]),
        (2, 3, ["first_review", "final_review"]),
    ],
)
def test_a_section_may_ask_for_fewer_readings_never_for_more(
    staff, now, of_paper, of_section, states
):
    Paper.objects.update(reviews=of_paper)
    Section.objects.update(reviews=of_section)
    article = factories.make_draft(staff["correspondent"], now)
    services.submit(article, user=staff["correspondent"], at=now)
    seen = []
    article.refresh_from_db()
    while article.state != State.APPROVED:
        seen.append(article.state)
        factories.sign_review(article, user=staff[factories.REVIEWERS[article.state]], at=now)
        article.refresh_from_db()
    assert seen == states


def test_nobody_passes_two_readings_unless_the_paper_allows_it(staff, now):
    article = factories.make_in("first_review", staff["correspondent"], now)
    factories.sign_review(article, user=staff["chief"], at=now)
    with pytest.raises(Conflict):
        factories.sign_review(article, user=staff["chief"], at=now)
    Paper.objects.update(allow_same_reviewer=True)
    factories.sign_review(article, user=staff["chief"], at=now)
    article.refresh_from_db()
    assert article.state == State.FINAL_REVIEW


def test_nobody_approves_their_own_work(staff, now):
    """Everyone in the byline who has a login is an author."""
    article = factories.make_in("final_review", None, now, writer="chief")
    with pytest.raises(Forbidden):
        factories.sign_review(article, user=staff["chief"], at=now)


def test_taken_by_one_at_a_time_and_free_after_half_an_hour(staff, now):
    article = factories.make_in("second_review", staff["correspondent"], now)
    services.take(article, user=staff["head"], at=now)
    with pytest.raises(Conflict):
        services.take(article, user=staff["chief"], at=now + 29 * HOUR / 60)
    services.take(article, user=staff["chief"], at=now + 31 * HOUR / 60)
    article.refresh_from_db()
    assert article.taken_by == staff["chief"]


def test_recall_only_while_nobody_has_taken_it(staff, now):
    article = factories.make_in("first_review", staff["correspondent"], now)
    services.take(article, user=staff["editor"], at=now)
    with pytest.raises(Conflict):
        services.recall(article, user=staff["correspondent"], at=now)
    services.leave(article, user=staff["editor"], at=now)
    services.recall(article, user=staff["correspondent"], at=now)
    article.refresh_from_db()
    assert article.state == State.DRAFT


def test_return_needs_a_reason_and_keeps_it(staff, now):
    article = factories.make_in("first_review", staff["correspondent"], now)
    with pytest.raises(Invalid):
        services.return_article(article, user=staff["editor"], at=now, reason="  ")
    services.return_article(article, user=staff["editor"], at=now, reason="请核对数字")
    article.refresh_from_db()
    assert article.state == State.DRAFT
    assert article.log.last().note == "请核对数字"


def test_a_submitted_draft_is_never_deleted(staff, now):
    article = factories.make_in("first_review", staff["correspondent"], now)
    services.return_article(article, user=staff["editor"], at=now, reason="退")
    article.refresh_from_db()
    author = staff["correspondent"]
    with pytest.raises(Conflict):
        services.delete_article(article, user=author, at=now, version=article.version)
    fresh = factories.make_draft(author, now)
    services.delete_article(fresh, user=author, at=now, version=fresh.version)
    assert not Article.objects.filter(pk=fresh.pk).exists()


def test_a_blocking_house_word_stops_the_signature(staff, now):
    HouseWord.objects.create(word="电动机", is_blocking=True)
    article = factories.make_in("first_review", staff["correspondent"], now)
    with pytest.raises(Invalid, match="电动机"):
        factories.sign_review(article, user=staff["editor"], at=now)


def test_a_stale_version_is_refused_with_what_happened(staff, now):
    article = factories.make_in("first_review", staff["correspondent"], now)
    seen = article.version
    services.take(article, user=staff["editor"], at=now)
    with pytest.raises(Conflict, match="接稿"):
        services.approve(article, user=staff["head"], at=now, version=seen)


def test_a_correction_stays_up_until_it_is_signed(staff, now):
    article = factories.make_in("published", staff["correspondent"], now)
    services.correct(article, user=staff["head"], at=now, kind="correction", reason="数字有误")
    article.refresh_from_db()
    services.take(article, user=staff["head"], at=now)
    article.refresh_from_db()
    text = factories.content("改过的标题")
    services.save_article(article, text, user=staff["head"], at=now, base_version=article.version)
    assert Story.objects.visible(now).get().headline == "水闸换了电动机"
    article.refresh_from_db()
    factories.sign_review(article, user=staff["head"], at=now)
    article.refresh_from_db()
    factories.sign_review(article, user=staff["chief"], at=now)
    story = Story.objects.visible(now).get()
    assert story.headline == "改过的标题"
    assert story.corrections[-1]["note"] == "数字有误"


def test_withdraw_while_a_correction_is_under_way(staff, now):
    article = factories.make_in("published", staff["correspondent"], now)
    services.correct(article, user=staff["head"], at=now, kind="correction", reason="数字有误")
    services.withdraw(article, user=staff["chief"], at=now, reason="撤")
    assert not Story.objects.visible(now).exists()


def test_release_is_not_in_the_past(staff, now):
    article = factories.make_in("approved", staff["correspondent"], now)
    with pytest.raises(Invalid):
        services.release(article, user=staff["chief"], at=now, release_at=now - HOUR)


def test_the_database_refuses_what_must_never_be(staff, now):
    article = factories.make_in("first_review", staff["correspondent"], now)
    rows = Article.objects.filter(pk=article.pk)
    for broken in (
        {"state": "published"},
        {"state": "approved"},
        {"state": "draft", "taken_by": staff["editor"]},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**broken)
    with pytest.raises(IntegrityError), transaction.atomic():
        LogEntry.objects.create(
            article=article, transition="approve", from_state="draft", to_state="draft", at=now
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        Story.objects.create(
            headline="没有发布时间", section=Section.objects.first(), release_at=None
        )


def test_nobody_puts_back_an_article_that_they_have_not_taken_or_takes_it_twice(staff, now):
    article = factories.make_in("first_review", staff["correspondent"], now)
    with pytest.raises(Conflict, match="不在您手里"):
        services.leave(article, user=staff["editor"], at=now)
    services.take(article, user=staff["editor"], at=now)
    with pytest.raises(Conflict, match="已经接了"):
        services.take(article, user=staff["editor"], at=now)
    later = now + dt.timedelta(minutes=31)
    services.take(article, user=staff["editor"], at=later)
    assert LogEntry.objects.filter(article=article).exclude(transition__in=["submit"]).count() == 2


def test_a_user_removed_from_the_byline_does_not_sign(staff, now):
    """Nobody signs their own work, and the current byline alone does not name all authors."""
    chief = Contributor.objects.get(user=staff["chief"])
    article = factories.make_draft(staff["reporter"], now, writer=chief.name)
    plain = factories.content(article.headline)
    services.save_article(
        article, plain, user=staff["reporter"], at=now, base_version=article.version
    )
    article.refresh_from_db()
    services.submit(article, user=staff["reporter"], at=now)
    for reader in ("editor", "head"):
        factories.sign_review(article, user=staff[reader], at=now)
    with pytest.raises(Conflict, match="有您的署名"):
        factories.sign_review(article, user=staff["chief"], at=now)

"""Rule: a changed, removed, added or moved row of an article's record is detected."""

from __future__ import annotations

import datetime as dt
from functools import partial

import pytest
from django.core.management import CommandError, call_command
from django.db.models import F

from articles import services
from articles.exceptions import Conflict, Refusal
from articles.models import Article, LogEntry, Review, Revision
from articles.services.audit_log import SEAL_VERSION, link
from articles.services.audit_verify import verify, verify_all
from newsroom.demo import build
from tests.helpers import factories
from tests.helpers.concurrency import ON_SERVER, at_once


@pytest.fixture
def signed(staff, now) -> Article:
    """Return an article with its three signatures, after a return: seven rows."""
    article = factories.make_draft(staff["correspondent"], now)
    services.submit(article, user=staff["correspondent"], at=now)
    services.take(article, user=staff["editor"], at=now)
    services.return_article(article, user=staff["editor"], at=now, reason="请补充数字")
    services.submit(article, user=staff["correspondent"], at=now)
    factories.pass_all(article, staff, now)
    return article


def rows(article: Article):
    return LogEntry.objects.filter(article=article).order_by("pk")


def test_a_true_record_is_sound(signed):
    assert verify(signed) is None
    assert rows(signed).count() == 7


def test_each_row_carries_name_and_roles_of_its_time(signed, staff):
    entry = rows(signed).last()
    assert (entry.by_name, entry.by_roles) == ("chief", "chief")
    staff["chief"].groups.clear()
    staff["chief"].last_name = "改了名"
    staff["chief"].save()
    entry.refresh_from_db()
    assert entry.by_name == "chief"
    assert verify(signed) is None


@pytest.mark.parametrize(
    "change",
    [
        {"transition": "leave"},
        {"from_state": "spiked"},
        {"to_state": "spiked"},
        {"by": None},
        {"by_name": "别人"},
        {"by_roles": "chief,head"},
        {"at": F("at") + dt.timedelta(microseconds=1)},
        {"note": "别的话"},
        {"revision": None},
        {"chain": "0" * 64},
        {"chain": ""},
    ],
    ids=lambda change: "-".join(change),
)
@pytest.mark.parametrize("place", ["first", "middle", "last"])
def test_a_changed_field_is_found(signed, staff, change, place):
    numbers = {"first": 1, "middle": 4, "last": 7}
    entry = rows(signed)[numbers[place] - 1]
    if place == "last" and "revision" in change:
        change = {
            "revision": None,
            "transition": "leave",
        }  # the table refuses an approval without its text
    LogEntry.objects.filter(pk=entry.pk).update(**change)
    broken = verify(signed)
    assert broken is not None
    assert broken.row == numbers[place]


@pytest.mark.parametrize("place", [0, 3, 6])
def test_a_removed_row_is_found(signed, place):
    rows(signed)[place].delete()
    broken = verify(signed)
    assert broken is not None
    assert broken.row == (place + 1 if place < 6 else 6)


def test_all_rows_removed_is_found(signed):
    rows(signed).delete()
    Review.objects.all().delete()
    assert verify(signed) is not None


def test_two_rows_swapped_are_found(signed):
    two, three = rows(signed)[1], rows(signed)[2]
    LogEntry.objects.filter(pk=two.pk).update(id=10_000)
    LogEntry.objects.filter(pk=three.pk).update(id=two.pk)
    LogEntry.objects.filter(pk=10_000).update(id=three.pk)
    assert verify(signed).row == 2


def test_a_row_put_in_is_found(signed, staff, now):
    """Even one with a valid seal over the last row."""
    forged = LogEntry(
        article=signed,
        transition="take",
        from_state="approved",
        to_state="approved",
        at=now,
        seal_version=SEAL_VERSION,
    )
    forged.chain = link(forged, rows(signed).last().chain)
    forged.save()
    assert "末尾" in verify(signed).why


def test_a_changed_text_is_found(signed):
    text = Revision.objects.get(article=signed)
    Revision.objects.filter(pk=text.pk).update(content={**text.content, "headline": "改了"})
    broken = verify(signed)
    assert broken.row is not None
    assert "第 1 稿" in broken.why


def test_a_changed_text_with_a_new_hash_is_found_too(signed):
    from textkit.digest import sha256_of

    text = Revision.objects.get(article=signed)
    content = {**text.content, "headline": "改了"}
    Revision.objects.filter(pk=text.pk).update(content=content, sha256=sha256_of(content))
    assert verify(signed).row == 1


def test_a_signature_that_is_not_the_logs_is_found(signed, staff):
    review = Review.objects.filter(article=signed, stage="second_review")
    for change in (
        {"reviewer": staff["editor"]},
        {"note": "加的话"},
        {"at": F("at") + dt.timedelta(seconds=1)},
        {"sha256": "0" * 64},
        {"round": 9},
    ):
        before = review.get()
        pk, kept = before.pk, {name: getattr(before, name) for name in change}
        Review.objects.filter(pk=pk).update(**change)
        assert verify(signed) is not None, change
        Review.objects.filter(pk=pk).update(**kept)
    assert verify(signed) is None


def test_a_signature_missing_or_too_many_is_found(signed, staff, now):
    review = Review.objects.filter(article=signed).first()
    review.delete()
    assert "签字不见了" in verify(signed).why
    review.save(force_insert=True)
    assert verify(signed) is None
    review.pk, review.round = None, 9
    review.save(force_insert=True)
    assert verify(signed) is not None


def test_a_state_reached_past_the_log_is_found(staff, now):
    article = factories.make_draft(staff["correspondent"], now)
    services.submit(article, user=staff["correspondent"], at=now)
    Article.objects.filter(pk=article.pk).update(state="spiked")
    assert verify(article) is not None


def test_another_text_set_as_signed_is_found(signed, now):
    other = Revision.objects.get(article=signed)
    other.pk, other.number = None, 2
    other.save()
    Article.objects.filter(pk=signed.pk).update(approved_revision=other)
    assert verify(signed) is not None


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"headline": "改了"}, "标题"),
        ({"subhead": "改了"}, "副题"),
        ({"section": None}, "栏目"),
        ({"body": "<p>改了</p>"}, "正文"),
    ],
    ids=lambda one: "-".join(one)[:20],
)
def test_a_desk_that_shows_another_text_than_the_newest_revision_is_found(signed, change, named):
    Article.objects.filter(pk=signed.pk).update(**change)
    assert named in verify(signed).why


def test_a_byline_at_the_desk_that_is_not_the_revisions_is_found(signed):
    signed.bylines.update(role="记者")
    assert "署名" in verify(signed).why
    signed.bylines.all().delete()
    assert "署名" in verify(signed).why


def test_a_signed_revision_marked_as_a_conflict_copy_is_found(signed):
    Revision.objects.filter(article=signed).update(is_side=True)
    assert verify(signed).row == 1


@pytest.mark.parametrize(("row", "version"), [(7, 77), (4, 1), (3, 6)])
def test_a_row_whose_version_is_out_of_its_place_is_found(signed, row, version):
    entry = rows(signed)[row - 1]
    LogEntry.objects.filter(pk=entry.pk).update(version=version)
    assert verify(signed) is not None


def test_a_login_that_made_a_transition_is_not_deleted(signed, staff):
    from django.db.models import ProtectedError

    with pytest.raises(ProtectedError):
        staff["correspondent"].delete()


def test_the_whole_demo_is_sound(db, now):
    """Imports, the archive, corrections, withdrawals: every service that writes a row seals it."""
    build.build(now)
    found = list(verify_all())
    assert len(found) > 20
    assert [f.broken for f in found if f.broken] == []
    assert not LogEntry.objects.filter(chain="").exists()


def test_the_command_says_it_in_words(signed, staff, now, capsys):
    factories.make_draft(staff["correspondent"], now)
    call_command("verify_signatures")
    assert "2 篇稿件、0 期报纸，7 行记录：全部完好" in capsys.readouterr().out
    rows(signed).filter(transition="return").update(note="没有这句话")
    with pytest.raises(CommandError, match=r"1 [篇处]有问题"):
        call_command("verify_signatures")
    out = capsys.readouterr().out
    assert f"稿件 {signed.pk}《水闸换了电动机》" in out
    assert "第 3 行（退改，editor，" in out
    with pytest.raises(CommandError):
        call_command("verify_signatures", article=signed.pk)
    with pytest.raises(CommandError, match="没有这篇稿件"):
        call_command("verify_signatures", article=987654)


def test_checking_takes_the_same_queries_for_many(staff, now, django_assert_num_queries):
    for _article in range(5):
        factories.make_draft(staff["correspondent"], now)
    with django_assert_num_queries(9):
        list(verify_all())


def test_a_row_is_not_put_onto_one_that_has_a_follower(staff, now):
    """The same rule without threads, on every database: the UPDATE checks the seal."""
    article = factories.make_draft(staff["correspondent"], now)
    first, stale = (Article.objects.get(pk=article.pk) for _ in range(2))
    services.log_import(first, user=staff["head"], at=now, note="")
    with pytest.raises(Conflict):
        services.log_import(stale, user=staff["head"], at=now, note="")
    assert verify(article) is None


@ON_SERVER
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_moves_at_once_do_not_fork_the_chain(now):
    factories.make_paper()
    staff = factories.make_staff()
    article = factories.make_draft(staff["correspondent"], now)
    copies = [Article.objects.get(pk=article.pk) for _ in range(3)]
    notes = [partial(services.log_import, copy, user=None, at=now, note="") for copy in copies]
    submit = partial(services.submit, article, user=staff["correspondent"], at=now)
    outcomes = at_once(*notes, submit)
    done = [outcome for outcome in outcomes if not isinstance(outcome, Refusal)]
    assert 1 <= len(done) <= 2
    assert rows(article).count() == len(done)
    assert verify(article) is None

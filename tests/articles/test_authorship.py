"""Rule: nobody signs an article that has their own name."""

from __future__ import annotations

from dataclasses import replace

import pytest

from articles import services
from articles.content import BylineRow
from articles.exceptions import Conflict
from articles.models import LogEntry
from articles.services.audit_verify import verify
from articles.services.authorship import UnansweredQuestions
from bylines.models import Contributor
from paper.models import Paper
from tests.helpers import factories
from tests.helpers.authorship import NAME, answers_of, approve, asked, sign, waiting


def test_a_namesake_is_asked_about_before_the_signature(staff, chief, namesake, now):
    article = waiting(staff, now, writer=namesake)
    with pytest.raises(UnansweredQuestions) as refused:
        approve(article, chief, now)
    assert [one.key for one in refused.value.questions] == [f"c{namesake.pk}"]
    assert NAME in str(refused.value)
    article.refresh_from_db()
    assert article.state == "final_review"
    assert not article.reviews.exists()


def test_another_person_is_logged_once_and_signed(staff, chief, namesake, now):
    article = waiting(staff, now, writer=namesake)
    approve(article, chief, now, **{f"c{namesake.pk}": "other"})
    article.refresh_from_db()
    assert article.state == "approved"
    assert answers_of(article) == [("namesake_other", f"{NAME}（白沙中学） #{namesake.pk}")]
    entry = LogEntry.objects.get(article=article, transition="namesake_other")
    assert (entry.by, entry.by_name) == (chief, NAME)
    assert entry.chain


def test_the_answer_is_part_of_the_sealed_record(staff, chief, namesake, now):
    content = replace(factories.content(), bylines=(BylineRow(namesake.pk, "通讯员"),))
    article = services.create_article(content, user=staff["reporter"], at=now)
    services.submit(article, user=staff["reporter"], at=now)
    for reader in ("editor", "head"):
        article.refresh_from_db()
        services.approve(article, user=staff[reader], at=now, version=article.version)
    approve(article, chief, now, **{f"c{namesake.pk}": "other"})
    assert verify(article) is None
    LogEntry.objects.filter(article=article, transition="namesake_other").update(note="无")
    assert "行" in str(verify(article).why)


def test_who_says_it_is_me_never_signs_it_afterwards(staff, chief, namesake, now):
    article, key = waiting(staff, now, writer=namesake), f"c{namesake.pk}"
    with pytest.raises(Conflict, match="是您本人"):
        approve(article, chief, now, **{key: "me"})
    # It is in the record although the signature was refused, and cannot be changed.
    assert [move for move, _note in answers_of(article)] == ["namesake_me"]
    with pytest.raises(Conflict, match="是您本人"):
        approve(article, chief, now, **{key: "other"})
    with pytest.raises(Conflict, match="是您本人"):
        approve(article, chief, now)
    assert len(answers_of(article)) == 1


def test_it_is_asked_once_for_each_article_person_and_signer(staff, chief, namesake, now):
    key = f"c{namesake.pk}"
    Paper.objects.update(allow_same_reviewer=True)
    first = waiting(staff, now, writer=namesake, state="second_review")
    approve(first, chief, now, **{key: "other"})
    approve(first, chief, now)
    assert len(answers_of(first)) == 1
    second = waiting(staff, now, writer=namesake)
    assert asked(second, chief) == [key]
    other = Contributor.objects.create(name=NAME, unit="石桥中学")
    sign(first, namesake, other)
    assert asked(first, chief) == [f"c{other.pk}"]


def test_answers_to_what_was_not_asked_are_not_stored(staff, chief, now):
    article = waiting(staff, now, writer=None)
    approve(article, chief, now, c1="other", c999="me", nonsense="x")
    assert answers_of(article) == []


def test_what_is_no_answer_is_none(staff, chief, namesake, now):
    article = waiting(staff, now, writer=namesake)
    with pytest.raises(UnansweredQuestions):
        approve(article, chief, now, **{f"c{namesake.pk}": "perhaps"})
    assert answers_of(article) == []


def test_who_may_not_sign_gives_no_answers(staff, chief, namesake, now):
    article = waiting(staff, now, writer=namesake)
    with pytest.raises(Conflict):
        services.approve(
            article,
            user=staff["editor"],
            at=now,
            version=article.version,
            answers={f"c{namesake.pk}": "other"},
        )
    assert answers_of(article) == []


@pytest.mark.parametrize("typed", ["程 远山", "程　远山", "程\u200b远山", "程·远山", "程遠山"])
def test_names_are_compared_in_their_normal_form(staff, chief, now, typed):
    other = Contributor.objects.create(name=typed)
    assert asked(waiting(staff, now, writer=other), chief) == [f"c{other.pk}"]


def test_one_is_the_same_in_full_width_letters(staff, now):
    user = factories.make_user("Kim", "chief")
    other = Contributor.objects.create(name="ＫＩＭ")
    assert asked(waiting(staff, now, writer=other), user) == [f"c{other.pk}"]


def test_another_name_is_not_asked_about(staff, chief, now):
    article = waiting(staff, now, writer=None)
    assert asked(article, chief) == []
    approve(article, chief, now)

"""Rule: nobody signs what bears their own name, by whatever way they try to get round it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.contrib.auth.models import User

from accounts import services as accounts
from articles import services
from articles.content import BylineRow, PhotoRow
from articles.exceptions import Conflict, Forbidden
from articles.models import Article, LogEntry, Review
from articles.services.audit_verify import verify
from articles.services.authorship import UnansweredQuestions, standing_of
from bylines.models import Contributor
from bylines.services import (
    merge_contributors,
    save_contributor,
    set_in_use,
    unmerge_contributor,
)
from paper.models import Paper
from photos.services import add_photo, credit_line, set_credits
from tests.helpers import factories

NAME = "程远山"


@pytest.fixture
def chief(staff) -> User:
    """The chief, who has a name, and a contributor of it from the beginning."""
    user = staff["chief"]
    accounts.change_person(
        user,
        accounts.Person("chief", NAME, roles=["chief"]),
        by=staff["administrator"],
        at=user.date_joined,
    )
    return User.objects.get(pk=user.pk)


@pytest.fixture
def namesake(chief) -> Contributor:
    """A contributor without a login who bears the chief's name."""
    return Contributor.objects.create(name=NAME, unit="白沙中学")


def waiting(staff, now, *, state: str = "final_review", writer: Contributor | None, **more):
    """An article by `writer` that waits for a review."""
    article = factories.make_in(state, staff["reporter"], now, **more)
    if writer is not None:
        sign(article, writer)
    return article


def sign(article: Article, *writers: Contributor) -> None:
    """Put these in the byline of all revisions."""
    article.bylines.all().delete()
    for number, writer in enumerate(writers):
        article.bylines.create(contributor=writer, role="通讯员", order=number)
    for revision in article.revisions.all():
        revision.content["bylines"] = [
            {"contributor": one.pk, "role": "通讯员", "label": ""} for one in writers
        ]
        revision.save()


def approve(article: Article, user: User, now, **answers: str) -> Review:
    article.refresh_from_db()
    return services.approve(
        article,
        user=User.objects.get(pk=user.pk),
        at=now,
        version=article.version,
        answers=answers or None,
    )


def asked(article: Article, user: User) -> list[str]:
    return [one.key for one in standing_of(article, user).questions]


def answers_of(article: Article) -> list[tuple[str, str]]:
    rows = LogEntry.objects.filter(article=article, transition__startswith="namesake")
    return list(rows.values_list("transition", "note"))


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
    # It is in the record although the signature was refused, and cannot be taken back.
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


# How a dishonest editor would try to get round it.


def test_by_renaming_oneself(staff, chief, namesake, now):
    article = waiting(staff, now, writer=namesake)
    mine = Contributor.objects.get(user=chief)
    mine.name = "程某某"
    save_contributor(mine, by=chief, at=now)
    assert asked(article, chief) == [f"c{namesake.pk}"]


def test_by_renaming_the_other_one(staff, chief, namesake, now):
    article = waiting(staff, now, writer=namesake)
    namesake.name = "本报记者"
    save_contributor(namesake, by=chief, at=now)
    assert asked(article, chief) == [f"c{namesake.pk}"]


def test_by_another_name_of_the_login(staff, chief, namesake, now):
    article = waiting(staff, now, writer=namesake)
    person = accounts.Person("chief", "王某某", roles=["chief"])
    accounts.change_person(chief, person, by=staff["administrator"], at=now)
    mine = Contributor.objects.get(user=chief)
    assert mine.name == "王某某"
    assert asked(article, User.objects.get(pk=chief.pk)) == [f"c{namesake.pk}"]


def test_by_a_pen_name_of_ones_own(staff, chief, namesake, now):
    """The contributor signs with a pen name: the login's name is compared all the same."""
    mine = Contributor.objects.get(user=chief)
    Contributor.objects.filter(pk=mine.pk).update(name="远山", name_key="远山")
    mine.other_names.all().delete()
    assert asked(waiting(staff, now, writer=namesake), chief) == [f"c{namesake.pk}"]


def test_by_deleting_or_retiring_the_contributor(staff, chief, namesake, now, desk):
    mine = Contributor.objects.get(user=chief)
    article = waiting(staff, now, writer=mine)
    client = desk("head")
    for one in (mine, namesake):
        client.post(f"/desk/bylines/contributor/{one.pk}/delete/", {"post": "yes"})
    assert Contributor.objects.filter(pk=mine.pk, user=chief).exists()
    with pytest.raises((Conflict, Forbidden)):
        approve(article, chief, now)
    other = waiting(staff, now, writer=Contributor.objects.create(name=NAME, is_active=False))
    with pytest.raises(UnansweredQuestions):
        approve(other, chief, now)


def test_by_changing_the_byline_to_the_house(staff, chief, namesake, now):
    article = waiting(staff, now, writer=namesake)
    house = Contributor.objects.create(name="本报记者")
    services.take(article, user=staff["chief"], at=now)
    article.refresh_from_db()
    content = replace(factories.content(article.headline), bylines=(BylineRow(house.pk, "记者"),))
    services.save_article(
        article, content, user=staff["chief"], at=now, base_version=article.version
    )
    assert [row.contributor for row in Article.objects.get().bylines.all()] == [house]
    assert asked(article, chief) == [f"c{namesake.pk}"]


def test_by_merging_the_namesake_into_a_third(staff, chief, namesake, now):
    article = waiting(staff, now, writer=namesake)
    third = Contributor.objects.create(name="李四")
    merge_contributors(namesake, third, by=chief, at=now)
    assert asked(article, chief) == [f"c{namesake.pk}"]


def test_merged_into_ones_own_it_is_ones_own(staff, chief, namesake, now):
    article = waiting(staff, now, writer=namesake)
    mine = Contributor.objects.get(user=chief)
    merge_contributors(namesake, mine, by=staff["head"], at=now)
    with pytest.raises(Forbidden):
        approve(article, chief, now, **{f"c{namesake.pk}": "other"})
    with pytest.raises(Exception, match="您自己"):
        unmerge_contributor(namesake, by=chief, at=now)


def test_by_giving_the_login_another_contributor(staff, chief, now):
    """What was one's own byline once is asked about, whatever it is called."""
    mine = Contributor.objects.get(user=chief)
    article = waiting(staff, now, writer=mine)
    fresh = Contributor.objects.create(name="王某某")
    person = accounts.Person("chief", NAME, roles=["chief"], contributor=fresh)
    accounts.change_person(chief, person, by=staff["administrator"], at=now)
    assert Contributor.objects.get(user=chief) == fresh
    assert asked(article, User.objects.get(pk=chief.pk)) == [f"c{mine.pk}"]
    assert chief.events.first().what == "byline"


def test_nobody_gives_themselves_another_contributor(staff, now):
    admin, fresh = staff["administrator"], Contributor.objects.create(name="王某某")
    person = accounts.Person("administrator", "管", roles=["administrator"], contributor=fresh)
    with pytest.raises(Exception, match="自己"):
        accounts.change_person(admin, person, by=admin, at=now)


def test_by_a_second_login(staff, chief, now):
    """The first login enters or writes the article, the second one signs it."""
    second = factories.make_user("chief2", "head")
    accounts.change_person(
        second,
        accounts.Person("chief2", NAME, roles=["head"]),
        by=staff["administrator"],
        at=now,
    )
    first, other = (Contributor.objects.get(user=one) for one in (chief, second))
    written = waiting(staff, now, state="second_review", writer=first)
    assert asked(written, second) == [f"c{first.pk}"]
    entered = factories.make_in("second_review", chief, now)
    assert asked(entered, second) == [f"c{first.pk}"]
    # Nor both reviews of one article.
    read = waiting(staff, now, state="second_review", writer=None)
    approve(read, second, now)
    assert asked(read, chief) == [f"c{other.pk}"]
    with pytest.raises(Conflict, match="是您本人"):
        approve(read, chief, now, **{f"c{other.pk}": "me"})


def test_a_login_that_a_shell_made_is_compared_by_its_name(staff, namesake, now):
    bare = User.objects.create_user("bare", last_name=NAME)
    bare.groups.set(staff["chief"].groups.all())
    article = waiting(staff, now, writer=namesake)
    with pytest.raises(UnansweredQuestions):
        approve(article, bare, now)
    assert Contributor.objects.filter(user=bare).count() == 1


def with_photo(staff, now, *credits: Contributor):
    photo = add_photo(
        data=factories.picture(),
        caption="水闸",
        user=staff["reporter"],
        at=now,
        credits=[(one, "摄影", "") for one in credits],
    )
    row = PhotoRow(photo.pk, "水闸", credit_line(photo))
    article = factories.make_in("final_review", staff["reporter"], now, photos=(row,))
    return article, photo


def test_a_namesake_among_the_photographers_is_asked_about(staff, chief, namesake, now):
    article, _photo = with_photo(staff, now, namesake)
    with pytest.raises(UnansweredQuestions) as refused:
        approve(article, chief, now)
    assert refused.value.questions[0].roles == ["photo"]
    approve(article, chief, now, **{f"c{namesake.pk}": "other"})


def test_who_took_a_photo_does_not_sign(staff, chief, now):
    article, _photo = with_photo(staff, now, Contributor.objects.get(user=chief))
    with pytest.raises(Conflict, match="照片"):
        approve(article, chief, now)


def test_by_changing_the_credit_of_the_photo(staff, chief, now):
    """What the credit said in an earlier revision is compared by name."""
    article, photo = with_photo(staff, now, Contributor.objects.get(user=chief))
    set_credits(photo, [(Contributor.objects.create(name="李四"), "摄影", "")])
    with pytest.raises(UnansweredQuestions) as refused:
        approve(article, chief, now)
    key = refused.value.questions[0].key
    with pytest.raises(Conflict, match="是您本人"):
        approve(article, chief, now, **{key: "me"})


def test_a_credit_that_nobody_can_read_is_compared_as_it_is(staff, now):
    user = factories.make_user("才仁卓玛", "chief")
    photo = add_photo(data=factories.picture(), caption="水闸", user=staff["reporter"], at=now)
    row = PhotoRow(photo.pk, "水闸", "（才仁卓玛供图）")
    article = factories.make_in("final_review", staff["reporter"], now, photos=(row,))
    assert len(asked(article, user)) == 1
    assert asked(article, staff["chief"]) == []


@pytest.mark.parametrize(
    "body",
    [
        f"<p>一村修了路。（通讯员 李四）</p><p>二村修了桥。（记者 {NAME}）</p>",
        f"<p>记者 {NAME}</p><p>二村修了桥。</p>",
        f"<p>二村修了桥。</p><p>记者 {NAME}</p>",
        f"<p>二村修了桥。（记者 {NAME}）。</p>",
        f"<p>（记者 {NAME}）二村修了桥。</p>",
        f"<p>二村修了桥。【{NAME}】</p>",
        f"<p>二村修了桥。（<strong>{NAME}</strong>）</p>",
        "<p>二村修了桥。（程<em>远</em>山）</p>",
        "<p>二村修了桥。（程 远山）</p>",
        "<p>二村修了桥。（程&nbsp;远　山）</p>",
        f"<p>二村修了桥。（记者 李四（实习） {NAME}（摄影））</p>",
        "<p>二村修了桥。（程\u200b远&#8203;山）</p>",
        f"<p>二村修了桥。（{NAME}）<br>续</p>",
        "<p>二村修了桥。（程遠山）</p>",
        f"<p>{NAME}说，修了桥。</p>",
    ],
)
def test_a_name_in_the_text_is_asked_about_however_it_is_printed(staff, chief, now, body):
    article = factories.make_in("final_review", staff["reporter"], now, body=body)
    (question,) = standing_of(article, chief).questions
    assert (question.name, question.roles) == (NAME, ["text"])
    approve(article, chief, now, **{question.key: "other"})
    assert Article.objects.get(pk=article.pk).state == "approved"


def test_another_name_in_the_text_is_not_asked_about(staff, chief, now):
    body = "<p>远山如黛，程家村修了桥。（记者 李四）</p>"
    article = factories.make_in("final_review", staff["reporter"], now, body=body)
    assert asked(article, chief) == []


def test_a_name_of_one_character_is_not_looked_for_in_the_text(staff, now):
    user = factories.make_user("桥", "chief")
    body = "<p>二村修了桥。</p>"
    article = factories.make_in("final_review", staff["reporter"], now, body=body)
    assert asked(article, user) == []


@pytest.mark.parametrize("part", ["caption", "alt"])
def test_a_name_in_the_caption_of_a_photo_is_asked_about(staff, chief, now, part):
    photo = add_photo(data=factories.picture(), caption="水闸", user=staff["reporter"], at=now)
    row = replace(PhotoRow(photo.pk, "水闸"), **{part: "水闸换了电动机。程 远山 摄"})
    article = factories.make_in("final_review", staff["reporter"], now, photos=(row,))
    (question,) = standing_of(article, chief).questions
    assert question.roles == ["text"]


def test_a_name_that_an_earlier_revision_printed_is_asked_about(staff, chief, now):
    body = f"<p>二村修了桥。</p><p>记者 {NAME}</p>"
    article = factories.make_in("final_review", staff["reporter"], now, body=body)
    services.take(article, user=staff["chief"], at=now)
    article.refresh_from_db()
    content = replace(factories.content(article.headline), body="<p>二村修了桥。</p>")
    services.save_article(
        article, content, user=staff["chief"], at=now, base_version=article.version
    )
    assert asked(article, chief) == [f"n{NAME}"]


def test_a_contributor_that_is_gone_since_long_is_no_fault(staff, chief, namesake, now):
    """An old revision alone names it; such a one could be deleted once."""
    article = waiting(staff, now, writer=namesake)
    article.bylines.all().delete()
    Contributor.objects.filter(pk=namesake.pk).delete()
    assert asked(article, chief) == []


def test_a_login_in_use_keeps_its_contributor_in_use(desk, staff, chief, now):
    mine = Contributor.objects.get(user=chief)
    with pytest.raises(Exception, match="先停用"):
        set_in_use(mine, False, by=staff["head"], at=now)
    url = f"/desk/bylines/contributor/{mine.pk}/"
    data = {"name": NAME, "kind": "reporter"}
    page = desk("head").post(f"{url}change/", data)
    assert page.status_code == 200
    assert "先停用" in page.content.decode()
    desk("head").post(f"{url}retire/")
    mine.refresh_from_db()
    assert mine.is_active


# The screens.


@pytest.fixture
def article(staff, namesake, now) -> Article:
    found = waiting(staff, now, writer=namesake)
    services.take(found, user=staff["chief"], at=now)
    found.refresh_from_db()
    return found


def test_the_button_of_the_reading_turns_into_the_question(desk, article, namesake):
    url = f"/desk/articles/article/{article.pk}/approve/"
    client = desk("chief")
    page = client.post(url, {"version": article.version, "note": "改得好"})
    text = page.content.decode()
    assert page.status_code == 400
    assert f'name="namesake-c{namesake.pk}"' in text
    assert "改得好" in text
    assert "白沙中学" in text
    data = {"version": article.version, "note": "改得好", f"namesake-c{namesake.pk}": "other"}
    assert client.post(url, data).status_code == 302
    article.refresh_from_db()
    assert article.state == "approved"
    assert article.reviews.get().note == "改得好"


def test_saved_and_signed_by_one_button_it_is_asked_and_nothing_typed_is_lost(
    desk, article, namesake
):
    client, url = desk("chief"), f"/desk/articles/article/{article.pk}/change/"
    form = client.get(url).context["form"]
    data = {name: form[name].value() or "" for name in form.fields}
    data |= {"then": "approve", "note": "改得好", "headline": "改过的标题", "towns": []}
    data |= {"photos-TOTAL_FORMS": 0, "photos-INITIAL_FORMS": 0}
    page = client.post(url, data)
    article.refresh_from_db()
    assert page.status_code == 400
    assert article.headline == "改过的标题"
    assert "改得好" in page.content.decode()
    assert f'action="/desk/articles/article/{article.pk}/approve/"' in page.content.decode()
    answer = {
        "version": page.context["version"],
        "note": "改得好",
        f"namesake-c{namesake.pk}": "other",
    }
    done = client.post(f"/desk/articles/article/{article.pk}/approve/", answer)
    assert done.status_code == 302
    assert Article.objects.get(pk=article.pk).state == "approved"


def test_it_is_me_is_said_in_words_and_stands_in_the_record(desk, article, namesake):
    url = f"/desk/articles/article/{article.pk}/approve/"
    data = {"version": article.version, f"namesake-c{namesake.pk}": "me"}
    page = desk("chief").post(url, data)
    assert page.status_code == 409
    assert "是您本人" in page.content.decode()
    record = desk("head").get(f"/desk/articles/article/{article.pk}/sheet/").content.decode()
    assert "是本人" in record


def test_several_at_once_ask_for_each_article(desk, staff, chief, namesake, now):
    plain = waiting(staff, now, writer=None, headline="无人同名")
    doubtful = waiting(staff, now, writer=namesake, headline="有人同名")
    rows = [f"{one.pk}:{one.version}" for one in (plain, doubtful)]
    client = desk("chief")
    page = client.post("/desk/queue/bulk/", {"do": "approve", "row": rows}).content.decode()
    field = f"{doubtful.pk}-namesake-c{namesake.pk}"
    assert page.count(f'name="{field}"') == 2
    data = {"do": "approve", "row": rows, "confirmed": "1", "has_read": "on"}
    told = client.post("/desk/queue/bulk/", data).content.decode()
    states = dict(Article.objects.values_list("headline", "state"))
    assert states == {"无人同名": "approved", "有人同名": "final_review"}
    assert NAME in told
    data = {**data, "row": rows[1:], field: "other"}
    client.post("/desk/queue/bulk/", data)
    assert set(Article.objects.values_list("state", flat=True)) == {"approved"}


def test_the_questions_of_many_cost_no_more_queries(
    staff, chief, namesake, now, django_assert_max_num_queries
):
    from articles.services.authorship import standings

    found = [waiting(staff, now, writer=namesake, headline=f"第{n}篇") for n in range(12)]
    with django_assert_max_num_queries(14):
        assert len(standings(found, chief)) == 12

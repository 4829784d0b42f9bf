"""Rule: no detour makes it possible to sign an article that has one's own name."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.contrib.auth.models import User

from accounts import services as accounts
from articles import services
from articles.content import BylineRow, PhotoRow
from articles.exceptions import Conflict, Forbidden
from articles.models import Article
from articles.services.authorship import UnansweredQuestions, standing_of
from bylines.models import Contributor
from bylines.services import (
    merge_contributors,
    save_contributor,
    set_in_use,
    unmerge_contributor,
)
from photos.services import add_photo, credit_line, set_credits
from tests.helpers import factories
from tests.helpers.authorship import NAME, approve, asked, waiting


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
    """The byline has a pen name: the login's name is compared too."""
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
    """A former own byline is asked about, whatever its name is."""
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
    """The first login enters or writes the article, and the second one signs it."""
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
    # Nor does one person sign both reviews of an article.
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
    """The credit in an earlier revision is compared by name."""
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
    """Only an old revision names the contributor, which could be deleted in earlier versions."""
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

"""Rule: a login has one contributor; namesakes are asked about and never created silently.

At the desk form, among photo credits, in the list of contributors, on the paste screen, and by the
commands, which tell whom they took a name for.
"""

from __future__ import annotations

import io
import re

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command

from accounts import services as accounts
from articles.models import Article
from bylines.models import Contributor
from bylines.services import ContributorMatcher, match_or_create
from ingest import services as ingest
from paper.models import Section, Town
from photos.models import Photo
from tests.helpers import factories
from tests.helpers.contributors import everybody

ADD = "/desk/articles/article/add/"
NAME = "沈知远"
PAGE = (
    "第812期\n\n要闻\n\n村里的水闸换了电动机\n\n"
    "云溪讯（通讯员 沈知远）全镇六座水闸装上了电动机，一个人就能开闸。水来了，闸自己会报信。"
    "管闸的人说，过去要两个人摇上半个钟头，现在按一下就行。\n"
)


def form(byline: str, **more: object) -> dict[str, object]:
    return {
        "version": 0,
        "kind": "story",
        "headline": "水闸换了电动机",
        "body": "全镇六座水闸装上了电动机。",
        "body_format": "light",
        "byline": byline,
        "section": Section.objects.get(slug="news").pk,
        "photos-TOTAL_FORMS": 0,
        "photos-INITIAL_FORMS": 0,
        **more,
    }


# The normal form of a name.


@pytest.mark.parametrize(
    "typed",
    [
        *(
            "买买提·艾力",
            "买买提•艾力",
            "买买提‧艾力",
            "买买提・艾力",
            "买买提．艾力",
            "买买提∙艾力",
        ),
        *("买买提⋅艾力", "买买提･艾力", "买买提 艾力", "买买提\u200b·艾力", "买买提\ufe00·艾力"),
    ],
)
def test_spellings_of_one_name_are_one_contributor(paper, typed):
    first, _others = match_or_create("买买提·艾力", "通讯员")
    assert match_or_create(typed, "通讯员")[0] == first
    assert everybody() == 1


def test_a_former_name_means_the_same_person(staff, own, now):
    person = accounts.Person("reporter", "沈知行", roles=["reporter"])
    accounts.change_person(own.user, person, by=staff["administrator"], at=now)
    assert match_or_create(NAME, "记者")[0] == own
    # Unless another contributor has the name now.
    other = Contributor.objects.create(name=NAME)
    assert match_or_create(NAME, "记者")[0] == other


def test_the_contributor_of_a_login_is_preferred_to_an_older_namesake(paper, now):
    older = Contributor.objects.create(name=NAME, kind="reporter")
    login = factories.make_user(NAME, "reporter")
    found, others = match_or_create(NAME, "记者")
    assert (found.user, others) == (login, [older])


def test_a_login_that_a_shell_made_is_no_stranger(paper):
    bare = User.objects.create_user("bare", last_name=NAME)
    found, _others = match_or_create(NAME, "通讯员")
    assert (found.user, everybody()) == (bare, 1)


# The desk form.


def test_a_name_that_does_not_fit_a_login_is_asked_about(desk, own):
    before = everybody()
    response = desk("editor").post(ADD, form(f"通讯员 {NAME}", headline="很长的标题"))
    page = response.content.decode()
    assert response.status_code == 400
    assert "很长的标题" in page
    assert f'name="who-{NAME}" value="{own.pk}"' in page
    assert f'name="who-{NAME}" value="new"' in page
    assert (everybody(), Article.objects.count()) == (before, 0)


def test_it_may_be_the_login(desk, own):
    before = everybody()
    data = form(f"通讯员 {NAME}", **{f"who-{NAME}": own.pk})
    assert desk("editor").post(ADD, data).status_code == 302
    assert Article.objects.get().bylines.get().contributor == own
    assert everybody() == before


def test_it_may_be_another_person(desk, own):
    data = form(f"通讯员 {NAME}", **{f"who-{NAME}": "new"})
    client = desk("editor")
    client.post(ADD, data)
    article = Article.objects.get()
    person = article.bylines.get().contributor
    assert (person.user, person.name) == (None, NAME)
    assert person != own
    # In this article the name means that person from now on.
    again = form(f"通讯员 {NAME}", version=article.version, body="又改了一遍。")
    url = f"/desk/articles/article/{article.pk}/change/"
    assert client.post(url, again).status_code == 302
    assert Article.objects.get().bylines.get().contributor == person


def test_an_answer_that_was_not_offered_is_none(desk, own):
    other = Contributor.objects.create(name="李四")
    data = form(f"通讯员 {NAME}", **{f"who-{NAME}": other.pk})
    assert desk("editor").post(ADD, data).status_code == 400


def test_who_fits_and_who_writes_is_not_asked(desk, own):
    assert desk("editor").post(ADD, form(f"记者 {NAME}")).status_code == 302
    assert desk("reporter").post(ADD, form(f"记者 {NAME}", headline="自己写的")).status_code == 302
    people = {article.bylines.get().contributor for article in Article.objects.all()}
    assert people == {own}


def test_another_town_is_another_person_perhaps(desk, own):
    towns = list(Town.objects.all())
    own.town = towns[0]
    own.save()
    data = form(f"记者 {NAME}", towns=[towns[1].pk])
    assert desk("editor").post(ADD, data).status_code == 400
    assert desk("editor").post(ADD, {**data, "towns": [towns[0].pk]}).status_code == 302


def test_a_namesake_beside_the_login_is_asked_about(desk, own):
    Contributor.objects.create(name=NAME, kind="reporter")
    assert desk("editor").post(ADD, form(f"记者 {NAME}")).status_code == 400
    # The user's own name means the user if it fits.
    assert desk("reporter").post(ADD, form(f"记者 {NAME}")).status_code == 302


def test_two_people_of_one_name_stay_two_in_the_byline(desk, own):
    other = Contributor.objects.create(name=NAME)
    article = factories.make_in("draft", own.user, own.user.date_joined)
    article.bylines.all().delete()
    article.bylines.create(contributor=own, role="记者", order=0)
    article.bylines.create(contributor=other, role="通讯员", order=1)
    data = form(f"记者 {NAME} 通讯员 {NAME}", version=article.version)
    url = f"/desk/articles/article/{article.pk}/change/"
    assert desk("reporter").post(url, data).status_code == 302
    assert [row.contributor for row in article.bylines.all()] == [own, other]


def test_an_autosave_waits_for_the_answer(desk, own):
    before = everybody()
    data = form(f"记者 罗小满 通讯员 {NAME}", window_id="tab-12345678", sequence=1)
    Contributor.objects.create(name="罗小满", kind="reporter")
    answer = desk("editor").post("/desk/articles/article/autosave/", data).json()
    assert any(NAME in words for words in answer["waiting"])
    article = Article.objects.get()
    assert [row.contributor.name for row in article.bylines.all()] == ["罗小满"]
    data |= {f"who-{NAME}": "new", "version": answer["version"], "sequence": 2}
    url = f"/desk/articles/article/{article.pk}/autosave/"
    assert any(NAME in words for words in desk("editor").post(url, data).json()["waiting"])
    assert everybody() == before + 1


def test_who_took_a_photo_is_asked_about_too(desk, own):
    file = io.BytesIO(factories.picture())
    file.name = "a.jpg"
    data = form("记者 罗小满", **{"photos-TOTAL_FORMS": 1, "photos-0-file": file})
    data |= {"photos-0-caption": "水闸", "photos-0-credit": f"通讯员 {NAME}"}
    client = desk("editor")
    response = client.post(ADD, data)
    page = response.content.decode()
    assert response.status_code == 400
    assert f'name="who-{NAME}" value="new"' in page
    assert "水闸" in page
    photo = Photo.objects.get()
    assert not photo.credits.exists()
    del data["photos-0-file"]
    data |= {"photos-0-photo": photo.pk, f"who-{NAME}": "new"}
    assert client.post(ADD, data).status_code == 302
    person = photo.credits.get().contributor
    assert (person.name, person.user) == (NAME, None)


def test_one_name_in_byline_and_credit_is_asked_once(desk, own):
    file = io.BytesIO(factories.picture())
    file.name = "a.jpg"
    data = form(f"通讯员 {NAME}", **{"photos-TOTAL_FORMS": 1, "photos-0-file": file})
    data |= {"photos-0-caption": "水闸", "photos-0-credit": f"通讯员 {NAME} 摄"}
    page = desk("editor").post(ADD, data).content.decode()
    assert page.count(f'name="who-{NAME}" value="new"') == 1
    photo = re.search(r'name="photos-0-photo" value="(\d+)"', page)[1]
    del data["photos-0-file"]
    data |= {"photos-0-photo": photo, f"who-{NAME}": "new"}
    assert desk("editor").post(ADD, data).status_code == 302
    person = Article.objects.get().bylines.get().contributor
    assert Photo.objects.get().credits.get().contributor == person
    assert Contributor.objects.named(NAME).count() == 2


# Contributors entered by hand, and invitations.


def test_the_list_asks_before_it_takes_a_namesake(desk, own):
    url, data = "/desk/bylines/contributor/add/", {"name": f" {NAME[0]} {NAME[1:]}"}
    data |= {"kind": "author", "is_active": "on"}
    response = desk("editor").post(url, data)
    assert response.status_code == 200
    assert f"#{own.pk}" in response.content.decode()
    assert Contributor.objects.named(NAME).count() == 1
    assert desk("editor").post(url, {**data, "is_namesake": "on"}).status_code == 302
    assert Contributor.objects.named(NAME).count() == 2


def test_an_invitation_asks_who_bears_the_name_already(desk, own):
    url = "/desk/auth/user/add/"
    free = Contributor.objects.create(name="罗小满")
    data = {"username": "luo", "last_name": "罗", "first_name": "小满", "roles": ["correspondent"]}
    page = desk("administrator").post(url, data)
    assert page.status_code == 400
    assert f"#{free.pk}" in page.content.decode()
    assert 'name="is_namesake"' in page.content.decode()
    assert not User.objects.filter(username="luo").exists()
    desk("administrator").post(url, {**data, "contributor": free.pk})
    assert Contributor.objects.get(name="罗小满").user.username == "luo"
    # A second login with the same name.
    second = {**data, "username": "luo2"}
    assert desk("administrator").post(url, second).status_code == 400
    desk("administrator").post(url, {**second, "is_namesake": "on"})
    assert Contributor.objects.named("罗小满").count() == 2


def test_so_does_the_command(own):
    named = ("invite", "shen2", "--role", "reporter", "--last-name", NAME)
    with pytest.raises(CommandError, match="同名"):
        call_command(*named, stdout=io.StringIO())
    call_command(*named, "--namesake", stdout=io.StringIO())
    assert Contributor.objects.named(NAME).count() == 2
    free = Contributor.objects.create(name="罗小满")
    call_command(
        *("invite", "luo", "--role", "reporter", "--last-name", "罗小满"),
        *("--contributor", str(free.pk)),
        stdout=io.StringIO(),
    )
    free.refresh_from_db()
    assert free.user.username == "luo"


def test_the_command_names_the_options_that_tell_who_is_who(own):
    free = Contributor.objects.create(name=NAME, unit="白沙中学")
    with pytest.raises(CommandError) as refused:
        call_command("invite", "shen2", "--role", "reporter", "--last-name", NAME)
    words = str(refused.value)
    assert f"是同一个人：加 --contributor {free.pk}" in words
    assert "不是同一个人：加 --namesake" in words
    # A contributor with a login cannot be given to another login.
    assert f"--contributor {own.pk}" not in words
    assert not User.objects.filter(username="shen2").exists()


def test_name_and_town_of_a_contributor_are_changed_by_heads_and_logged(desk, staff, own, now):
    url = f"/desk/bylines/contributor/{own.pk}/change/"
    data = {"name": "沈某", "kind": "reporter", "is_active": "on", "unit": "记者部"}
    desk("editor").post(url, data)
    own.refresh_from_db()
    assert (own.name, own.unit) == (NAME, "记者部")
    desk("head").post(url, data)
    own.refresh_from_db()
    assert own.name == "沈某"
    history = desk("head").get(f"/desk/bylines/contributor/{own.pk}/history/").content.decode()
    assert f"{NAME} → 沈某" in history


# Page imports.


def paste(client, text: str = PAGE) -> dict[str, object]:
    page = client.post("/desk/paste/", {"text": text})
    stories, target = page.context["stories"], page.context["target"]
    data = {f"s-{k}": v for k, v in stories.management_form.initial.items()}
    for row in stories:
        data |= {row.add_prefix(k): row[k].value() or "" for k in row.fields}
    data |= {name: target[name].value() or "" for name in target.fields}
    return {**data, "bring-in": "1"}


def test_the_paste_screen_asks_who_is_meant(desk, own):
    client = desk("editor")
    data = paste(client)
    response = client.post("/desk/paste/", data)
    page = response.content.decode()
    assert response.status_code == 400
    assert f'name="who-{NAME}" value="{own.pk}"' in page
    assert "村里的水闸换了电动机" in page
    assert not Article.objects.exists()
    assert client.post("/desk/paste/", {**data, f"who-{NAME}": "new"}).status_code == 302
    person = Article.objects.get().bylines.get().contributor
    assert (person.name, person.user) == (NAME, None)


def test_the_service_refuses_what_the_screen_has_not_asked(staff, own, now):
    chosen = ingest.default_choice(ingest.read_page(PAGE))
    with pytest.raises(ingest.NamesAsked):
        ingest.import_drafts(chosen, user=staff["editor"], at=now)
    report = ingest.import_drafts(chosen, user=staff["editor"], at=now, answers={NAME: str(own.pk)})
    assert report.made[0].bylines.get().contributor == own


def test_the_command_takes_the_login_and_tells_of_it(staff, own, tmp_path, capsys):
    """Documented rule: a command never creates a namesake of a login."""
    path = tmp_path / "page.txt"
    path.write_text(PAGE, encoding="utf-8")
    before = everybody()
    call_command("importpage", str(path), "--user", "editor")
    assert f"“{NAME}”" in capsys.readouterr().err
    assert Article.objects.get().bylines.get().contributor == own
    assert everybody() == before


def test_a_new_name_is_one_person_for_the_whole_import(paper):
    people = ContributorMatcher()
    first = people.match_or_create("罗小满", "通讯员")[0]
    assert people.match_or_create("罗 小满", "摄影")[0] == first
    assert everybody() == 1

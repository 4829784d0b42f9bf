"""Rule: proofreaders, layout editors and offices read what their role allows, and write nothing."""

from __future__ import annotations

import pytest

from accounts.services import Person, invite
from articles.models import Article, Comment
from bylines.models import Contributor
from issues import services as issues
from issues.models import Handoff, Issue, PageImage, Placement
from paper.models import Town
from paper.permissions import Role
from tests.helpers import factories

LIST = "/desk/articles/article/"
#: Only the people who prepare pages have the page images and the hand-off.
PAGES = ("", "handoff/", "images/1/")


@pytest.fixture
def issue(staff, now):
    return issues.plan_issue(date=now.date(), user=staff["chief"])


@pytest.fixture
def baisha(staff) -> Town:
    """Return the town of the office."""
    town = Town.objects.get(slug="baisha")
    Contributor.objects.filter(user=staff["office"]).update(town=town)
    return town


@pytest.mark.parametrize("role", ["proofreader", "layout", "office"])
def test_a_reading_role_has_lists_and_nothing_to_write(desk, staff, now, role):
    factories.make_in("published", staff["reporter"], now, headline="水闸已经通电")
    client = desk(role)
    start = client.get("/desk/").content.decode()
    assert "水闸已经通电" in start
    assert "水闸已经通电" in client.get(LIST).content.decode()
    assert f"{LIST}add/" not in start
    assert client.get(f"{LIST}add/").status_code == 403
    assert client.get("/desk/queue/").status_code == 403


@pytest.mark.parametrize("role", ["layout", "proofreader", "office"])
def test_the_layout_has_the_pages_of_an_issue(desk, issue, role):
    client, expected = desk(role), 200 if role == "layout" else 404
    base = f"/desk/issues/issue/{issue.pk}/"
    assert {client.get(f"{base}{part}").status_code for part in PAGES} == {expected}
    assert ("/desk/issues/issue/" in client.get("/desk/").content.decode()) is (role == "layout")


def test_the_layout_takes_the_hand_off_and_changes_no_page(desk, staff, now, issue):
    article = factories.make_in("second_review", staff["reporter"], now)
    page = issue.pages.first()
    base = f"/desk/issues/issue/{issue.pk}/"
    client = desk("layout")
    assert client.get(f"{LIST}{article.pk}/change/").status_code == 404
    approved = factories.make_in("approved", staff["reporter"], now)
    data = {"article": approved.pk, "page": page.pk}
    assert client.post(f"{base}place/", data).status_code == 403
    assert client.post(f"{base}images/1/", {"do": "remove"}).status_code in {400, 403}
    Placement.objects.create(page=page, article=article, position=1, placed_at=now)
    assert client.get(f"{LIST}{article.pk}/change/").status_code == 200
    answer = client.post(f"{base}handoff/", {"page": page.number})
    assert answer.status_code == 200
    assert Handoff.objects.get().made_by == staff["layout"]


def test_an_office_lists_the_submitted_articles_of_its_town(desk, staff, now, baisha):
    for state in ("draft", "first_review", "spiked"):
        factories.make_in(
            state, staff["reporter"], now, headline=f"本镇{state}", towns=(baisha.pk,)
        )
    factories.make_in("first_review", staff["reporter"], now, headline="外镇的稿")
    page = desk("office").get(LIST).content.decode()
    assert "本镇first_review" in page
    assert "本镇spiked" in page
    assert "本镇draft" not in page
    assert "外镇的稿" not in page


def test_a_proofreader_comments_and_can_be_mentioned(desk, staff, now):
    article = factories.make_in("second_review", staff["reporter"], now)
    url = f"{LIST}{article.pk}/comments/"
    assert desk("proofreader").post(url, {"text": "“帐”应为“账”"}).status_code == 302
    assert desk("head").post(url, {"text": "@proofreader 已改"}).status_code == 302
    assert Comment.objects.filter(article=article).count() == 2


@pytest.mark.parametrize("place", [{}, {"unit": "白沙中学"}, {"town": "baisha"}])
def test_an_office_is_invited_with_its_town_or_unit(desk, place):
    sent = {"username": "bangong", "last_name": "白沙", "roles": ["office"], **place}
    if "town" in place:
        sent["town"] = Town.objects.get(slug=place["town"]).pk
    answer = desk("administrator").post("/desk/auth/user/add/", sent)
    made = Contributor.objects.filter(user__username="bangong").first()
    assert (made is not None) is bool(place)
    if made is None:
        assert "请选择镇街，或填写单位" in answer.content.decode()
    else:
        assert made.kind == Contributor.Kind.OFFICE


def test_an_office_keeps_its_own_town_when_it_writes_too(paper, staff, now, desk, baisha):
    """Roles add up: a correspondent with the role office also reads what the office reads."""
    person = Person("both", "白", roles=[Role.OFFICE, Role.CORRESPONDENT], town=baisha)
    user, _token = invite(person, by=None, at=now)
    user.is_active = True
    user.save()
    article = factories.make_in("final_review", staff["reporter"], now, towns=(baisha.pk,))
    client = desk("office")
    client.force_login(user)
    assert client.get(f"{LIST}{article.pk}/change/").status_code == 200
    assert client.get(f"{LIST}add/").status_code == 200


def test_the_layout_reads_no_draft_of_a_correction_on_a_signed_issue(desk, staff, now, issue):
    """The board and the page image show the published title."""
    article = factories.make_in("published", staff["reporter"], now, headline="水闸已经通电")
    page = issue.pages.first()
    Placement.objects.create(page=page, article=article, position=1, is_open=False, placed_at=now)
    PageImage.objects.create(page=page, folder="x", widths=[8], width=8, height=9, uploaded_at=now)
    Issue.objects.filter(pk=issue.pk).update(
        state="signed", signed_by=staff["chief"], signed_at=now
    )
    client, base = desk("layout"), f"/desk/issues/issue/{issue.pk}/"
    for state in ("draft", "second_review"):
        Article.objects.filter(pk=article.pk).update(state=state, headline="水闸并未通电")
        assert client.get(f"{LIST}{article.pk}/change/").status_code == 404
        for part in ("", "images/1/"):
            shown = client.get(f"{base}{part}").content.decode()
            assert ("水闸已经通电" in shown, "水闸并未通电" in shown) == (True, False)

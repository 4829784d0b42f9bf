"""Rule: services and URLs agree with the permission tables in `tests/data`."""

from __future__ import annotations

import csv
import datetime as dt
import itertools
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from django.test import Client

from articles import services
from articles.content import content_of
from articles.exceptions import Refusal
from articles.models import Article, LogEntry
from articles.services import permissions
from articles.views.transition_buttons import SERVICES
from bylines.models import Contributor
from issues import services as issues
from issues.models import Placement
from paper.models import Section, Town
from paper.permissions import Role
from tests.helpers import factories
from tests.helpers.paths import DATA

ORACLE = list(csv.DictReader((DATA / "permissions.csv").open()))
#: Roles that only read: proofreaders articles in review and later, layout editors articles that are
#: approved or placed, offices articles that their town or unit submitted. None of them edits.
READ_ONLY = list(csv.DictReader((DATA / "permissions_more_roles.csv").open()))
ROWS = [*ORACLE, *READ_ONLY]
ROLES = sorted({row["role"] for row in ROWS})
STATES = sorted({row["state"] for row in ROWS})
VALUES = {
    "return": {"reason": "请补充"},
    "spike": {"reason": "不用"},
    "restore": {"reason": "再看"},
    "withdraw": {"reason": "待核实"},
    "correct": {"reason": "数字有误", "kind": "correction"},
}


class Undo(Exception):
    """Undo the effect of a row of the table."""


@contextmanager
def undone() -> Iterator[None]:
    try:
        with transaction.atomic():
            yield
            raise Undo
    except Undo:
        pass


@pytest.fixture
def world(staff, now):
    """Return a function: (state, scope) -> an article in this relation to `user`."""
    news = Section.objects.get(slug="news")
    Contributor.objects.filter(user=staff["reporter"]).update(section=news)
    Section.objects.get(slug="literature").editors.add(factories.make_user("other", "editor"))
    author = factories.make_user("somebody", "correspondent")
    town = Town.objects.get(slug="baisha")
    Contributor.objects.filter(user=staff["office"]).update(town=town, unit="白沙中学")
    more = {
        "own_section": {"section": "news"},
        "own_town": {"towns": (town.pk,)},
        "own_unit": {"unit": "白沙中学"},
    }
    issue = issues.plan_issue(date=now.date(), user=staff["chief"])

    def build(user: User | None, role: str) -> dict[tuple[str, str], Article]:
        found = {}
        scopes = {row["scope"] for row in ROWS if row["role"] == role}
        for state, scope in itertools.product(STATES, sorted(scopes)):
            facts = {"section": "literature", **more.get(scope, {})}
            owner = user if scope == "own" else author
            article = found[state, scope] = factories.make_in(state, owner, now, **facts)
            if scope == "placed":
                page = issue.pages.first()
                Placement.objects.create(page=page, article=article, position=1, placed_at=now)
        return found

    return build


def _prepare(article: Article, action: str, user: User, at: dt.datetime) -> None:
    """Meet the condition beyond the table: to edit an article, the user must have taken it."""
    if action in {"edit", "leave"} and article.state in factories.REVIEWERS:
        Article.objects.filter(pk=article.pk).update(taken_by=user, taken_at=at)


def _by_service(article: Article, action: str, user: User, at: dt.datetime) -> int:
    """Return 200, or the status of the refusal."""
    article = Article.objects.get(pk=article.pk)
    try:
        if action in {"view", "history"}:
            permissions.require(article, "view", user, at)
            return 200 if permissions.may(article, action, user, at) else 403
        if action == "edit":
            text = content_of(article)
            services.save_article(article, text, user=user, at=at, base_version=article.version)
        else:
            version = article.version
            SERVICES[action](article, user=user, at=at, version=version, **VALUES.get(action, {}))
    except Refusal as refusal:
        return refusal.status
    return 200


def _by_url(client: Client, article: Article, action: str) -> tuple[int, str]:
    base = f"/desk/articles/article/{article.pk}/"
    if action == "view":
        response = client.get(f"{base}change/")
    elif action == "history":
        response = client.get(f"{base}revisions/1/")
    elif action == "edit":
        form = {"headline": "改了", "body": "<p>正文</p>", "kind": "story", "version": 1}
        photos = {"photos-TOTAL_FORMS": 0, "photos-INITIAL_FORMS": 0}
        response = client.post(f"{base}change/", {**form, **photos})
    else:
        data = {**VALUES.get(action, {}), "version": article.version}
        response = client.post(f"{base}{action}/", data)
    return response.status_code, response.headers.get("Location", "")


def _agrees(row: dict[str, str], status: int, location: str = "") -> bool:
    if row["status_if_refused"] == "login":
        return status == 302 and location.startswith("/desk/login/")
    if row["allowed"] == "1":
        return status in {200, 302} and not location.startswith("/desk/login/")
    expected = {"404": {404}, "403-or-409": {403, 409}}[row["status_if_refused"]]
    return status in expected


@pytest.mark.parametrize("role", [role for role in ROLES if role != "anonymous"])
def test_service_agrees_with_the_table(role, world, staff, now):
    user = staff[role]
    articles = world(user, role)
    wrong = []
    for row in ROWS:
        if row["role"] != role:
            continue
        article = articles[row["state"], row["scope"]]
        with undone():
            _prepare(article, row["action"], user, now)
            status = _by_service(article, row["action"], user, now)
        if not _agrees(row, status):
            wrong.append((*row.values(), status))
    assert wrong == []


@pytest.mark.parametrize("role", ROLES)
def test_every_url_agrees_with_the_table(role, world, staff, now):
    user = staff.get(role)
    articles = world(user, role)
    client = Client()
    if user:
        client.force_login(user)
    wrong = []
    for row in ROWS:
        if row["role"] != role:
            continue
        article = articles[row["state"], row["scope"]]
        with undone():
            if user:
                _prepare(article, row["action"], user, now)
            if role == "anonymous" and row["allowed"] == "1":
                status, location = client.get(f"/stories/{article.story_id}/").status_code, ""
            else:
                status, location = _by_url(client, article, row["action"])
        if not _agrees(row, status, location):
            wrong.append((*row.values(), status, location))
    assert wrong == []


def test_the_table_is_whole():
    """Every role, state and action of the code is in the oracle; leave has the rows of take."""
    assert {row["action"] for row in ROWS} == {*SERVICES, "edit", "view", "history"} - {"leave"}
    assert len(ORACLE) == 1890
    assert {row["role"] for row in ROWS} == {*Role.values, "anonymous"}


def test_the_reading_roles_change_nothing():
    allowed = {row["action"] for row in READ_ONLY if row["allowed"] == "1"}
    assert allowed == {"view", "history"}


def test_stock_admin_makes_no_way_round(desk, staff, now):
    """No admin action, list editing or stock form changes an article."""
    article = factories.make_in("approved", staff["reporter"], now)
    client = desk("administrator")
    data = {"action": "delete_selected", "_selected_action": [article.pk], "post": "yes"}
    client.post("/desk/articles/article/", data)
    assert Article.objects.filter(pk=article.pk, state="approved").exists()
    for model in ("review", "byline"):
        assert client.get(f"/desk/articles/{model}/").status_code == 404
    services.submit(factories.make_draft(staff["reporter"], now), user=staff["reporter"], at=now)
    for row in (article.revisions.latest("pk"), LogEntry.objects.latest("pk")):
        address = f"/desk/articles/{row._meta.model_name}/"
        before = type(row).objects.values().get(pk=row.pk)
        assert client.get(f"{address}{row.pk}/change/").status_code == 200
        form = {key: value for key, value in before.items() if value is not None}
        for action in ("add/", f"{row.pk}/change/", f"{row.pk}/delete/"):
            assert client.post(address + action, form | {"post": "yes"}).status_code == 403
        client.post(address, {"action": "delete_selected", "_selected_action": [row.pk]} | data)
        assert type(row).objects.values().get(pk=row.pk) == before
    assert client.post("/desk/press/story/add/", {"post": "yes"}).status_code == 403

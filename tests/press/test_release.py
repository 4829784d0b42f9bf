"""Rule: time publishes, not a worker (design rule 2), on every public address."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import services as articles
from articles.content import PhotoRow
from bylines.models import Contributor
from issues import services as issues
from photos.services import add_photo, credit_line
from press import services as press
from press.models import Story, StoryPhoto
from tests.helpers import factories

SECOND = dt.timedelta(seconds=1)
TITLE = "新桥今天通车"


@pytest.fixture
def scheduled(staff, now, town):
    """An article with everything, in an issue that is signed for tomorrow at six."""
    person = Contributor.objects.create(name="丁戊己")
    photo = add_photo(
        data=factories.picture(),
        caption="新桥",
        user=staff["reporter"],
        at=now,
        credits=[(person, "摄影", "")],
    )
    article = factories.make_in(
        "approved",
        staff["reporter"],
        now,
        headline=TITLE,
        writer="丁戊己",
        towns=(town.pk,),
        tags=("便民桥",),
        photos=(PhotoRow(photo.pk, "新桥", credit_line(photo)),),
    )
    issue = issues.plan_issue(
        date=timezone.localdate(now) + dt.timedelta(days=1),
        user=staff["chief"],
        pages=[(1, "要闻")],
    )
    issues.place(article, issue.pages.get(), user=staff["chief"], at=now)
    issues.close(issue, user=staff["chief"], at=now)
    return factories.sign_issue(issue, user=staff["chief"], at=now)


def addresses(story: Story) -> list[str]:
    """Every public address that shows a story."""
    writer = story.contributors.get()
    day = story.page.edition.date.isoformat()
    return [
        "/",
        f"/stories/{story.pk}/",
        "/sections/news/",
        "/towns/baisha/",
        f"/contributors/{writer.pk}/",
        "/tags/便民桥/",
        "/issues/",
        f"/issues/{day}/",
        f"/issues/{day}/1/",
        StoryPhoto.objects.get(story=story).get_absolute_url() + "/w64.jpg",
    ]


def look(client: Client, url: str, sign: str) -> bool:
    """Return whether `url` shows the story: its title, its issue or its picture."""
    response = client.get(url)
    if url.startswith("/photos/"):
        return response.status_code == 200
    return response.status_code == 200 and sign in response.content.decode()


def test_invisible_a_second_before_visible_on_the_second(client, scheduled, monkeypatch):
    story = Story.objects.get()
    signs = {"/issues/": f"/issues/{scheduled.date.isoformat()}/"}
    for moment, expected in [
        (story.release_at - SECOND, False),
        (story.release_at, True),
        (story.release_at + dt.timedelta(days=400), True),
    ]:
        monkeypatch.setattr(timezone, "now", lambda moment=moment: moment)
        seen = {url: look(client, url, signs.get(url, TITLE)) for url in addresses(story)}
        assert seen == dict.fromkeys(seen, expected), moment


def test_nothing_of_it_is_named_before(client, scheduled):
    """Writer, tag and issue are 404 as well: that they exist would tell."""
    story = Story.objects.get()
    for url in addresses(story):
        if url not in {"/", "/sections/news/", "/towns/baisha/", "/issues/"}:
            assert client.get(url).status_code == 404, url


def test_a_cache_asks_again_every_time(client, scheduled, monkeypatch):
    """No answer outlives a release: no max-age, and the ETag changes with the page."""
    story = Story.objects.get()
    before = client.get("/")
    assert before.headers["Cache-Control"] == "public, no-cache"
    monkeypatch.setattr(timezone, "now", lambda: story.release_at)
    after = client.get("/", headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200
    same = client.get("/", headers={"If-None-Match": after.headers["ETag"]})
    assert same.status_code == 304


def test_withdrawn_is_gone_with_its_reason_everywhere(client, staff, now):
    article = factories.make_in("published", staff["reporter"], now, headline=TITLE)
    url = f"/stories/{article.story_id}/"
    assert client.get(url).status_code == 200
    articles.withdraw(article, user=staff["chief"], at=timezone.now(), reason="数字正在核实")
    gone = client.get(url)
    assert gone.status_code == 410
    assert "数字正在核实" in gone.content.decode()
    assert TITLE not in gone.content.decode()
    for address in ("/", "/sections/news/"):
        assert TITLE not in client.get(address).content.decode()


def test_a_draft_has_no_public_trace(client, staff, now):
    factories.make_in(
        "draft", staff["reporter"], now, headline=TITLE, tags=("未发",), writer="某甲"
    )
    person = Contributor.objects.get(name="某甲")
    for url in ("/tags/未发/", f"/contributors/{person.pk}/"):
        assert client.get(url).status_code == 404
    assert TITLE not in client.get("/").content.decode()


def test_the_public_pages_read_press_alone(client, scheduled):
    """No query of a reader's page names a table of the desk."""
    story = Story.objects.get()
    press.move_releases([story], timezone.now() - SECOND, at=timezone.now())
    type(story.page.edition).objects.update(release_at=timezone.now() - SECOND)
    with CaptureQueriesContext(connection) as queries:
        for url in addresses(story):
            assert client.get(url).status_code == 200, url
    tables = ("articles_", "issues_", "ingest_", "auth_", "django_session")
    assert [q["sql"] for q in queries if any(f'"{t}' in q["sql"] for t in tables)] == []

"""Rule: inputs that failed in other systems are handled correctly.

Each is tried as its users would enter it. The files are not part of the repository, and the tests
skip if they are missing; the tests of each app contain invented input of the same kinds.
"""

from __future__ import annotations

import csv
import datetime as dt
import json
import re
from collections.abc import Iterator

import pytest
from django.core.management import call_command
from taggit.models import Tag

from articles.models import Article
from bylines.models import Contributor
from tests.helpers import factories
from tests.helpers.article_forms import ADD, form
from tests.helpers.paths import SHARED
from textkit.body import Body
from textkit.truncate import single_line

CASES = SHARED / "cases"
pytestmark = pytest.mark.skipif(not CASES.is_dir(), reason="the known cases are missing")
HOUR = dt.timedelta(hours=1)


def rows(name: str) -> Iterator[tuple[str, str]]:
    if not CASES.is_dir():
        return
    for row in list(csv.reader((CASES / name).open(encoding="utf-8"), delimiter="\t"))[1:]:
        yield row[0], re.sub(r" \(.*\)$", "", row[1])


@pytest.mark.parametrize(
    ("byline", "people"), [*rows("01-names-rare.tsv"), *rows("02-names-minority.tsv")]
)
def test_a_byline_gives_its_people(desk, staff, byline, people):
    """Or the form asks, with the right reading among the answers; no input is lost."""
    answer = desk("editor").post(ADD, form(byline=byline))
    if answer.status_code == 302:
        article = Article.objects.get()
        assert [row.contributor.name for row in article.ordered_bylines()] == people.split(";")
        return
    page = answer.content.decode()
    assert answer.status_code == 400
    assert byline in page
    assert all(person in page.partition("how many")[0] for person in people.split(";"))
    assert "几个人" in page


def test_all_middle_dots_are_one_person(desk, staff):
    client = desk("editor")
    for byline, _people in rows("03-name-dots.tsv"):
        assert client.post(ADD, form(byline=byline)).status_code == 302, byline
    (name,) = {expected for _byline, expected in rows("03-name-dots.tsv")}
    assert list(Contributor.objects.filter(articles__isnull=False).distinct()) == [
        Contributor.objects.get(name=name)
    ]


@pytest.mark.parametrize("name", ["张𠮷", "才仁卓玛", "额尔德木图"])
def test_a_login_of_this_name_submits_the_untouched_form(client, staff, name):
    user = staff["correspondent"]
    user.last_name, user.first_name = name, ""
    user.save()
    Contributor.objects.filter(user=user).update(name=name)
    client.force_login(user)
    shown = re.search(r'name="byline" value="([^"]*)"', client.get(ADD).content.decode())
    assert shown is not None
    assert client.post(ADD, form(byline=shown[1])).status_code == 302
    assert [row.contributor.name for row in Article.objects.get().ordered_bylines()] == [name]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("04-word-comment.html", "水闸换了。"),
        ("05-powers.html", "每毫升10⁵个，100m²，CO₂"),
        ("07-empty-paragraph.html", "甲\n乙"),
    ],
)
def test_a_paste_is_the_text(desk, staff, name, text):
    source = (CASES / name).read_text(encoding="utf-8")
    answer = desk("editor").post(ADD, form(body=source, body_format="html"))
    assert answer.status_code == 302
    assert Article.objects.get().body.text == text


def test_what_nobody_sees_parts_no_word_of_a_search(client, desk, staff, now):
    for case in json.loads((CASES / "06-search-invisible.json").read_text(encoding="utf-8")):
        story = factories.make_story("题", now - HOUR, body=case["body"])
        found = client.get("/search/", {"q": case["query"]}).content.decode()
        assert story.get_absolute_url() in found, case
        listed = desk("editor").get("/desk/articles/article/", {"q": case["query"]})
        assert f"/{story.article.pk}/change/" in listed.content.decode(), case


def test_the_excerpt_shows_what_was_searched(client, paper, now):
    for case in json.loads((CASES / "08-search-excerpt.json").read_text(encoding="utf-8")):
        before, middle, after = re.split(r" then ", case["note"])
        parts = []
        for part in (before, middle, after):
            times = re.match(r"(\d+) x (.*)", part)
            parts.append(times[2] * int(times[1]) if times else part)
        factories.make_story("题", now - HOUR, body=f"<p>{''.join(parts)}</p>")
        page = client.get("/search/", {"q": case["query"]}).content.decode()
        shown = single_line(re.sub(r"<[^>]*>", "", page.partition("<mark>")[2][:200]))
        assert shown[:3] in middle, case


def test_a_page_in_gb18030_is_read_whole(capsys, staff):
    call_command("importpage", str(CASES / "09-gbk-page.txt"), "--json")
    told = capsys.readouterr().out
    assert not re.search("[\ue000-\uf8ff]", told)
    for word in ("云溪讯", "王壮", "周龴"):
        assert word in told


def test_a_headline_as_long_as_the_browser_allows_is_saved(desk, staff):
    text = (CASES / "10-headline-newline.txt").read_text(encoding="utf-8").strip("\n")
    answer = desk("editor").post(ADD, form(headline=text.replace("\n", "\r\n")))
    assert answer.status_code == 302
    assert Article.objects.get().headline == text


def test_people_are_sorted_by_pinyin(client, paper, town, now):
    names = (CASES / "11-sorting.txt").read_text(encoding="utf-8").split()
    for name in names:
        story = factories.make_story(f"{name}的稿", now - HOUR, writer=name, towns=(town.pk,))
        Contributor.objects.filter(name=name).update(town=town)
        assert story
    writers = client.get("/towns/baisha/").context["writers"]
    in_order = [name for first in "安白陈丁王赵" for name in names if name.startswith(first)]
    assert [person.name for person in writers if person.name in names] == in_order


def test_tags_of_every_spelling_are_one(desk, staff):
    typed = (CASES / "12-tags.txt").read_text(encoding="utf-8").strip()
    assert desk("editor").post(ADD, form(tag_line=typed)).status_code == 302
    assert {tag.name for tag in Article.objects.get().tags.all()} == {"5G", "水利"}
    assert Tag.objects.count() == 2
    assert Body.from_paragraphs([typed]).text

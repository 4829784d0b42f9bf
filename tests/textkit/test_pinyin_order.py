"""Rule: people, towns and tags are sorted by pinyin, with the readings of surnames."""

from __future__ import annotations

import importlib
import re
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from taggit.models import Tag

from bylines.models import Contributor
from bylines.services import contributor_for, match_or_create, rename
from paper.models import Town
from press.models import StoryContributor, TagKey
from press.services.tags import create_tag, tags_named
from press.tags import by_pinyin
from tests.helpers import factories
from tests.helpers.paths import ROOT
from textkit.pinyin import MAX_KEY, person_sort_key, sort_key

WRITERS = ["赵一鸣", "安小北", "陈大河", "丁山月", "王石头", "白雪松"]
BY_PINYIN = ["安小北", "白雪松", "陈大河", "丁山月", "王石头", "赵一鸣"]
MIGRATIONS = ["paper.migrations.0005_fill_sort_key", "press.migrations.0004_fill_tag_sort_key"]
NAMES = [
    *WRITERS,
    "单小舟",
    "万俟一",
    "查干巴雅尔",
    "张𠮷",
    "王\ue863",
    "J.K.罗林",
    "买买提·艾力",
    "",
    "张" * 40,
]


def in_order(*names: str) -> list[str]:
    return sorted(names, key=person_sort_key)


@pytest.mark.parametrize(
    ("surname", "syllable"),
    [
        *(
            ("单", "shan"),
            ("曾", "zeng"),
            ("解", "xie"),
            ("仇", "qiu"),
            ("区", "ou"),
            ("查", "zha"),
        ),
        *(
            ("任", "ren"),
            ("华", "hua"),
            ("朴", "piao"),
            ("盖", "ge"),
            ("翟", "zhai"),
            ("尉迟", "yu"),
        ),
        *(("万俟", "mo"), ("长孙", "zhang"), ("单于", "chan"), ("欧阳", "ou"), ("乐", "yue")),
    ],
)
def test_a_surname_is_read_as_a_surname(surname, syllable):
    assert re.match(r"[a-z]+", person_sort_key(f"{surname}明"))[0] == syllable


def test_words_are_read_as_words():
    assert in_order("单县", "丹江") == ["丹江", "单县"]
    words = ["重庆", "长安", "音乐", "银行", "赤壁"]
    assert sorted(words, key=sort_key) == ["长安", "赤壁", "重庆", "音乐", "银行"]


def test_people_are_sorted_by_syllable_then_tone_then_character():
    assert in_order("张三", "章三", "张一", "掌一", "章一") == [
        "张三",
        "张一",
        "章三",
        "章一",
        "掌一",
    ]
    assert in_order("西安", "先一", "5G", "John", "阿明") == ["5G", "John", "阿明", "西安", "先一"]
    assert in_order("𠮷田", "赵一") == ["赵一", "𠮷田"]


def test_a_key_sorts_alike_in_every_collation():
    for name in NAMES:
        assert re.fullmatch(r"[a-z0-9]*", key := person_sort_key(name))
        assert len(key) <= MAX_KEY


def test_dots_blanks_case_and_width_do_not_count():
    assert (
        len({person_sort_key(name) for name in ("买买提·艾力", "买买提•艾力", "买买提 艾力")}) == 1
    )
    assert len({sort_key(name) for name in ("5G", "５ｇ", "5 g")}) == 1


# Stored where the name is written.


def test_the_key_follows_the_name(paper, now, staff):
    person, _others = match_or_create("单小舟", "通讯员")
    assert person.sort_key == person_sort_key("单小舟")
    rename(person, "安小舟", by=staff["head"], at=now)
    person.refresh_from_db()
    assert person.sort_key == person_sort_key("安小舟")
    login = contributor_for(factories.make_user("曾一", "reporter"))
    assert login.sort_key.startswith("zeng")
    assert Town.objects.get(slug="baisha").sort_key == sort_key("白沙镇")


def test_a_tag_has_its_key_from_the_beginning(paper):
    tags_named(["水利", "安全"])
    create_tag("5G")
    create_tag("5G")
    Tag.objects.create(name="爱")
    listed = [tag.name for tag in by_pinyin(Tag.objects.all())]
    # A tag that was created without the services comes last, but is listed.
    assert listed == ["5G", "安全", "水利", "爱"]
    assert TagKey.objects.count() == 3


# Lists that are sorted by it.


def test_the_writers_of_a_town_are_listed_by_pinyin(staff, town, now):
    for name in WRITERS:
        person = Contributor.objects.create(name=name, town=town)
        story = factories.make_story(f"{name}来稿", now)
        StoryContributor.objects.create(
            story=story, release_at=story.release_at, contributor=person, role="通讯员"
        )
    page = Client().get("/towns/baisha/").content.decode()
    found = re.findall("|".join(WRITERS), page[page.index("安小北") :])
    assert list(dict.fromkeys(found)) == BY_PINYIN


def test_the_desk_lists_people_towns_and_tags_by_pinyin(desk):
    for name in WRITERS:
        Contributor.objects.create(name=name)
    tags_named(WRITERS)
    Town.objects.update(order=0)
    for slug in ("zhao", "an"):
        Town.objects.create(name={"zhao": "赵镇", "an": "安镇"}[slug], slug=slug)
    client = desk("administrator")
    for url in ("bylines/contributor", "taggit/tag"):
        page = client.get(f"/desk/{url}/").content.decode()
        assert re.findall(rf">({'|'.join(WRITERS)})<", page) == BY_PINYIN, url
    page = client.get("/desk/paper/town/").content.decode()
    assert re.findall(">(安镇|赵镇|白沙镇|石桥镇)<", page) == ["安镇", "白沙镇", "石桥镇", "赵镇"]


def test_the_papers_own_order_of_towns_comes_first(paper):
    Town.objects.create(name="安镇", slug="an", order=9)
    assert [town.name for town in Town.objects.all()] == ["白沙镇", "石桥镇", "安镇"]


# Keys that the migrations compute.


@pytest.mark.parametrize("module", MIGRATIONS)
@pytest.mark.parametrize("name", NAMES)
def test_the_migrations_make_the_same_keys(module, name):
    assert importlib.import_module(module).key_of(name) == sort_key(name)


@pytest.mark.parametrize("name", NAMES)
def test_so_does_that_of_the_contributors(name):
    module = importlib.import_module("bylines.migrations.0003_fill_sort_key")
    assert module.key_of(name) == person_sort_key(name)


def test_the_migrations_import_no_application():
    for file in ROOT.glob("*/migrations/*sort_key.py"):
        assert not re.search(
            r"^(?:from|import) (?!django|pypinyin|re$|unicodedata|itertools)",
            file.read_text("utf-8"),
            re.MULTILINE,
        )


def test_the_migrations_fill_what_is_there(paper):
    person = Contributor.objects.create(name="单小舟")
    assert create_tag("水利").key.sort_key == sort_key("水利")
    Contributor.objects.update(sort_key="")
    Town.objects.update(sort_key="")
    # The tags' own table of that time is gone; test_upgrade walks through it.
    for name in ("paper.migrations.0005_fill_sort_key", "bylines.migrations.0003_fill_sort_key"):
        importlib.import_module(name).fill(apps, SimpleNamespace(connection=connection))
    person.refresh_from_db()
    assert person.sort_key == person_sort_key("单小舟")
    assert Town.objects.get(slug="baisha").sort_key == sort_key("白沙镇")

"""Rule: users can store filters of the article list, and see only their own."""

from __future__ import annotations

import pytest
from django.test import Client

from articles.models import SavedFilter
from articles.services import saved_filters

LIST = "/desk/articles/article/"


def keep(client: Client, query: str, **data: str):
    return client.post(LIST + query, data)


def test_a_filter_is_kept_renamed_moved_and_forgotten(desk, staff):
    client = desk("editor")
    keep(client, "?state=draft&before=n1-1&o=3", do="keep", name=" 我的  草稿 ")
    keep(client, "?q=水闸", do="keep", name="水闸")
    first, second = SavedFilter.objects.filter(user=staff["editor"])
    assert (first.name, first.query) == ("我的 草稿", "?state=draft")
    page = client.get(f"{LIST}?state=draft").content.decode()
    assert '<a href="?state=draft" aria-current="true">我的 草稿</a>' in page
    keep(client, "?", do=f"rename:{first.pk}", name="草稿")
    keep(client, "?", do=f"down:{first.pk}", name="")
    rows = SavedFilter.objects.filter(user=staff["editor"]).values_list("name", flat=True)
    assert list(rows) == ["水闸", "草稿"]
    keep(client, "?", do=f"up:{first.pk}", name="")
    assert list(rows.all()) == ["草稿", "水闸"]
    keep(client, "?", do=f"forget:{second.pk}", name="")
    assert list(rows.all()) == ["草稿"]


def test_nobody_sees_or_touches_the_filters_of_another(desk, staff):
    kept = saved_filters.save_filter("私用", "?state=draft", user=staff["editor"])
    client = desk("head")
    assert "私用" not in client.get(LIST).content.decode()
    for verb in ("rename", "up", "down", "forget"):
        assert keep(client, "?", do=f"{verb}:{kept.pk}", name="改").status_code == 404
    kept.refresh_from_db()
    assert kept.name == "私用"


@pytest.mark.parametrize(
    ("query", "name", "words"),
    [
        ("?state=draft", "", "起个名字"),
        ("?state=draft", "长" * 31, "最多 30 个字"),
        ("?state=draft", "有了", "已有名为"),
        ("?", "全部", "先选筛选"),
        ("?q=" + "长" * 90 + "&writer=" + "长" * 40, "太长", "少选几项"),
    ],
)
def test_a_filter_that_cannot_be_kept_says_why_and_keeps_what_was_typed(
    desk, staff, query, name, words
):
    saved_filters.save_filter("有了", "?state=spiked", user=staff["editor"])
    response = keep(desk("editor"), query, do="keep", name=name)
    page = response.content.decode()
    assert response.status_code == 400
    assert words in page
    assert query == "?" or not name or f'value="{name}"' in page
    assert SavedFilter.objects.count() == 1


def test_thirty_filters_are_enough(desk, staff):
    for number in range(30):
        saved_filters.save_filter(f"筛选{number}", "?state=draft", user=staff["editor"])
    response = keep(desk("editor"), "?state=draft", do="keep", name="再一个")
    assert response.status_code == 400
    assert "30 个" in response.content.decode()


def test_an_unknown_thing_to_do_with_a_filter_is_refused_in_words(desk):
    for do in ("", "drop", "rename", "rename:x", "up:" + "9" * 30):
        assert keep(desk("editor"), "?", do=do, name="名").status_code in {400, 404}

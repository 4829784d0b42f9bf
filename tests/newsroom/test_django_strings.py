"""Rule: the catalogue replaces Django's stock translations that do not fit a newsroom."""

from __future__ import annotations

from pathlib import Path

import django
import pytest
from babel.messages.pofile import read_po
from django.utils.translation import gettext, override

from newsroom import django_strings

FOLDERS = ("conf", "contrib/admin", "contrib/auth")
SINGLE = [*django_strings.FIELDS, *django_strings.ADMIN, *django_strings.PASSWORDS]


@pytest.fixture(scope="module")
def of_django() -> dict[str, str]:
    """Return Django's own translations."""
    found = {}
    for folder in FOLDERS:
        path = Path(django.__file__).parent / folder / "locale/zh_Hans/LC_MESSAGES/django.po"
        with path.open("rb") as file:
            for message in read_po(file):
                names = message.id if isinstance(message.id, tuple) else (message.id,)
                texts = message.string if isinstance(message.string, tuple) else (message.string,)
                found[names[0]] = texts[0]
    return found


@pytest.mark.parametrize("string", SINGLE)
def test_a_listed_string_is_one_of_django_and_has_other_words_here(of_django, string):
    with override("zh-hans"):
        assert gettext(string) not in {string, of_django[string]}


def test_the_sentences_with_numbers_are_of_django_too(of_django):
    for lengths in django_strings.LENGTHS:
        with override("zh-hans"):
            shown = lengths % {"limit_value": 3, "show_value": 5}
        assert "个字符，现在有 5 个" in shown


def test_a_missing_value_is_asked_for_in_plain_words(desk):
    page = desk("administrator").post("/desk/paper/section/add/", {"name": ""}).content.decode()
    assert "请填写这一项" in page
    assert "必填项" not in page
    assert "添加栏目" in page

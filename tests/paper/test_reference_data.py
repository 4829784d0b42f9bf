"""Rule: reversible migrations create the reference data of a new paper."""

from __future__ import annotations

import importlib

import pytest
from django.apps import apps
from django.contrib.auth.models import Group

from articles.models import Genre, ReasonPhrase
from paper.permissions import Role

roles = importlib.import_module("paper.migrations.0002_reference_data")
lists = importlib.import_module("articles.migrations.0002_reference_data")


def counts() -> tuple[int, int, int]:
    return Group.objects.count(), Genre.objects.count(), ReasonPhrase.objects.count()


@pytest.mark.django_db
def test_each_role_has_its_group():
    assert set(Group.objects.values_list("name", flat=True)) == set(Role.values)


@pytest.mark.django_db
def test_reference_data_is_removed_and_entered_again():
    before = counts()
    assert min(before) > 0
    lists.remove_genres(apps, None)
    lists.remove_phrases(apps, None)
    roles.remove_groups(apps, None)
    assert counts() == (0, 0, 0)
    roles.add_groups(apps, None)
    lists.add_phrases(apps, None)
    lists.add_genres(apps, None)
    assert counts() == before

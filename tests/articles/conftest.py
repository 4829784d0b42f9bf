"""Fixtures of articles."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User

from accounts import services as accounts
from articles.models import Article
from bylines.models import Contributor
from tests.helpers import factories
from tests.helpers.authorship import NAME


@pytest.fixture
def author(staff):
    return staff["correspondent"]


@pytest.fixture
def article(author, now) -> Article:
    return factories.make_draft(author, now)


@pytest.fixture
def chief(staff) -> User:
    """Return the chief editor, who has a name and a contributor."""
    user = staff["chief"]
    accounts.change_person(
        user,
        accounts.Person("chief", NAME, roles=["chief"]),
        by=staff["administrator"],
        at=user.date_joined,
    )
    return User.objects.get(pk=user.pk)


@pytest.fixture
def namesake(chief) -> Contributor:
    """Return a contributor without a login who has the chief's name."""
    return Contributor.objects.create(name=NAME, unit="白沙中学")

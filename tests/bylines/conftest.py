"""Fixtures of contributors."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User

from accounts import services as accounts
from bylines.models import Contributor

NAME = "沈知远"


@pytest.fixture
def login(staff) -> User:
    """A reporter who has a name."""
    person = accounts.Person("reporter", NAME, roles=["reporter"])
    by = staff["administrator"]
    accounts.change_person(staff["reporter"], person, by=by, at=by.date_joined)
    return User.objects.get(username="reporter")


@pytest.fixture
def own(login) -> Contributor:
    return Contributor.objects.get(user=login)

"""What every test shares."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone, translation

from accounts.middleware import is_noted
from paper.models import Section, Town

from . import factories


@pytest.fixture(autouse=True)
def _media_in_a_folder_of_its_own(settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture(autouse=True)
def _chinese() -> Iterator[None]:
    with translation.override("zh-hans"):
        yield


@pytest.fixture
def now() -> dt.datetime:
    return timezone.now()


@pytest.fixture
def paper(db) -> None:
    """A paper with two sections and two towns."""
    factories.make_paper()


@pytest.fixture
def news(paper) -> Section:
    return Section.objects.get(slug="news")


@pytest.fixture
def town(paper) -> Town:
    return Town.objects.get(slug="baisha")


@pytest.fixture
def staff(paper) -> dict[str, User]:
    """One login of each role; the editor's section is news."""
    return factories.make_staff()


@pytest.fixture
def desk(staff) -> Callable[[str], Client]:
    """A browser at the desk, logged in as one of the staff."""

    def log_in(role: str) -> Client:
        client = Client()
        client.force_login(staff[role])
        # As after a login by the form: the session's use is noted already.
        is_noted(client.session.session_key)
        return client

    return log_in

"""Fixtures of all tests."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings as running
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone, translation

from accounts import session_length
from accounts.middleware import is_use_recorded
from paper.models import Section, Town
from reader.page_cache import store as page_store
from tests.helpers import factories

# A command that a test starts uses the normal settings, like every other command.
os.environ.pop("DJANGO_SETTINGS_MODULE", None)


@pytest.fixture(scope="session", autouse=True)
def _static_folder() -> None:
    """Create the folder of static files, whose absence causes a warning of WhiteNoise."""
    Path(running.STATIC_ROOT).mkdir(parents=True, exist_ok=True)


@pytest.fixture(autouse=True)
def _media_in_a_folder_of_its_own(settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.ANCHOR_FILE = tmp_path / "anchor.jsonl"


@pytest.fixture(autouse=True)
def _chinese() -> Iterator[None]:
    with translation.override("zh-hans"):
        yield


@pytest.fixture(autouse=True)
def _no_kept_pages() -> None:
    page_store.store.clear()


@pytest.fixture
def still_clock(settings, db) -> Callable[[], None]:
    """Fix the content version and load its shared data, so that only a page's queries remain."""

    def stop() -> None:
        settings.PRESS_LOOK_SECONDS = 0
        Client().get("/nowhere/")
        # Merged contributors are read once per content version, by the views that need them.
        Client().get("/contributors/999999999/")
        # So are the former names of tags.
        Client().get("/tags/nowhere/")
        settings.PRESS_LOOK_SECONDS = 60

    return stop


@pytest.fixture
def now() -> dt.datetime:
    """Return the present in the paper's time zone, so that `now.date()` is the paper's day."""
    return timezone.localtime()


@pytest.fixture
def paper(db) -> None:
    """Return a paper with two sections and two towns."""
    factories.make_paper()


@pytest.fixture
def news(paper) -> Section:
    return Section.objects.get(slug="news")


@pytest.fixture
def town(paper) -> Town:
    return Town.objects.get(slug="baisha")


@pytest.fixture
def staff(paper) -> dict[str, User]:
    """Return one login of each role; the editor's section is news."""
    return factories.make_staff()


@pytest.fixture
def desk(staff) -> Callable[[str], Client]:
    """Return a function that returns a browser, logged in as one of the staff."""

    def log_in(role: str) -> Client:
        client = Client()
        client.force_login(staff[role])
        # As after a login by the form: the use of the session is recorded already.
        session = client.session
        session_length.begin(session, at=timezone.now())
        session.save()
        is_use_recorded(session.session_key)
        return client

    return log_in


@pytest.fixture(scope="session")
def s3_server() -> Iterator[str]:
    """Return an S3-compatible store for this test run only."""
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(params=["folder", "bucket"])
def store(request: pytest.FixtureRequest, settings) -> str:
    """Run the test with photos in a folder and in a bucket."""
    if request.param == "folder":
        return request.param
    import boto3

    options = {
        **settings.S3,
        "bucket_name": f"paper-{uuid4().hex[:12]}",
        "endpoint_url": request.getfixturevalue("s3_server"),
        "region_name": "us-east-1",
        "access_key": "test",
        "secret_key": "test",
        "addressing_style": "path",
    }
    boto3.client(
        "s3",
        endpoint_url=options["endpoint_url"],
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
    ).create_bucket(Bucket=options["bucket_name"])
    bucket = {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}
    settings.STORAGES = {**settings.STORAGES, "default": bucket}
    return request.param

"""Rule: a page that one process made is there for all, and a Redis that fails costs nobody a page.

What stands in Redis is believed only under the seal of the paper's secret.
"""

from __future__ import annotations

import datetime as dt
import os
import pickle
import shutil
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.cache import caches
from django.core.cache.backends.locmem import LocMemCache
from redis import Redis
from redis.exceptions import RedisError, TimeoutError

from press.content_version import ContentVersion, tracker
from reader.page_cache import redis as redis_cache
from reader.page_cache import store as page_store
from tests.helpers import factories
from tests.helpers.processes import SOUND, manage

HOUR = dt.timedelta(hours=1)
KEPT = ("200 OK", [("Content-Type", "text/html"), ("X-A", "乙")], 'W/"1"', b"\x00<p>\n\xe6")


@pytest.fixture(autouse=True)
def rest(monkeypatch) -> redis_cache.FailurePause:
    """A rest of the test's own: no failure of another test lasts into it."""
    mine = redis_cache.FailurePause()
    monkeypatch.setattr(redis_cache, "failure_pause", mine)
    return mine


@pytest.fixture
def content_version(now) -> ContentVersion:
    return ContentVersion("1", now - HOUR, now + HOUR, now)


@pytest.fixture
def memory(settings):
    """A shared cache in memory, with what is in it by name."""
    settings.CACHES = {
        **settings.CACHES,
        "pages": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "shared"},
    }
    caches["pages"].clear()
    return caches["pages"]


class Hung(LocMemCache):
    """A Redis that hangs, and what was asked of it."""

    asked: list[str] = []

    def _hang(self, verb: str) -> None:
        self.asked.append(verb)
        raise TimeoutError("Timeout review from socket")

    def get(self, *args: object) -> None:
        self._hang("get")

    def set(self, *args: object) -> None:
        self._hang("set")

    def add(self, *args: object) -> None:
        self._hang("add")


@pytest.fixture
def hung(settings) -> list[str]:
    """What was asked of a Redis that hangs."""
    settings.CACHES = {**settings.CACHES, "pages": {"BACKEND": f"{__name__}.Hung"}}
    Hung.asked.clear()
    return Hung.asked


def test_processes_share_pages_where_they_have_a_cache(client, paper, now, memory, made):
    page = client.get("/").content
    page_store.store.clear()  # Another process, which has made nothing yet.
    assert client.get("/").content == page
    assert len(made) == 1
    factories.make_story("又一篇", now - HOUR)
    page_store.store.clear()
    assert "又一篇" in client.get("/").content.decode()


def test_a_page_comes_out_as_it_went_in(memory, content_version):
    redis_cache.put(content_version, "a?", KEPT)
    assert redis_cache.get(content_version, "a?") == KEPT
    assert redis_cache.get(content_version, "b?") is None


def test_a_shared_cache_that_fails_is_as_good_as_none(client, paper, settings, made, caplog):
    settings.CACHES = {
        **settings.CACHES,
        "pages": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:1/0",
        },
    }
    assert client.get("/").status_code == 200
    assert client.get("/").status_code == 200
    assert len(made) == 1
    assert "does not answer" in caplog.text
    assert redis_cache.get(tracker.content_version(), "x") is None


def test_one_that_hangs_is_asked_once_and_then_rests(client, paper, hung, caplog):
    for url in ("/", "/issues/", "/archive/", "/photos/"):
        assert client.get(url).status_code == 200
    assert hung == ["add"]
    assert caplog.text.count("does not answer") == 1


def test_after_a_rest_one_tries_it_while_the_others_wait_for_nothing(
    hung, content_version, rest, caplog
):
    redis_cache.get(content_version, "a?")
    rest._until = time.monotonic() - 1
    threads = [
        threading.Thread(target=redis_cache.get, args=(content_version, "a?")) for _n in range(9)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert hung == ["get", "get"]
    assert caplog.text.count("does not answer") == 2


def test_threads_that_fail_together_rest_once(rest, caplog):
    for _n in range(4):
        rest.begin(RedisError("gone"))
    assert caplog.text.count("does not answer") == 1
    assert not rest.may_ask()


def test_one_that_answers_again_is_asked_by_all_again(memory, content_version, rest):
    rest.begin(RedisError("gone"))
    redis_cache.put(content_version, "a?", KEPT)
    assert redis_cache.get(content_version, "a?") is None
    rest._until = time.monotonic() - 1
    redis_cache.put(content_version, "a?", KEPT)
    assert redis_cache.get(content_version, "a?") == KEPT


@pytest.mark.parametrize(
    "wrong",
    [
        b"nonsense",
        b"\n\n",
        b"\x80\x05garbage\n\xff",
        pickle.dumps(KEPT),
        b'0\n["200 OK", [], "1"]\n<p>forged</p>',
    ],
)
def test_what_cannot_be_read_is_made_anew_in_its_place(
    client,
    paper,
    memory,
    made,
    wrong,
):
    page = client.get("/").content
    (name,) = (name for name in memory._cache if name.endswith(page_name()))
    right = memory._cache[name]
    memory._cache[name] = pickle.dumps(wrong)
    page_store.store.clear()
    assert client.get("/").content == page
    assert len(made) == 2
    assert memory._cache[name] == right


def page_name() -> str:
    """Return the name of the front page of the test's site."""
    environ = {"wsgi.url_scheme": "http", "HTTP_HOST": None, "PATH_INFO": "/"}
    return redis_cache._name(tracker.content_version(), page_store.key_of(environ))


def test_a_page_counts_under_its_own_name_and_secret_only(memory, content_version, settings):
    redis_cache.put(content_version, "a?", KEPT)
    a, b = (redis_cache._name(content_version, key) for key in ("a?", "b?"))
    memory.set(b, memory.get(a))
    assert redis_cache.get(content_version, "b?") is None
    memory.set(a, memory.get(a).replace(b"<p>", b"<i>"))
    assert redis_cache.get(content_version, "a?") is None
    redis_cache.put(content_version, "a?", KEPT)
    settings.SECRET_KEY = "another"
    assert redis_cache.get(content_version, "a?") is None


def test_two_machines_with_the_same_files_share_and_others_do_not(tmp_path, settings):
    def program(machine: str, text: str, mtime: int, file: str = "reader/page.py") -> str:
        path = tmp_path / machine / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        os.utime(path, (mtime, mtime))
        settings.BASE_DIR = tmp_path / machine
        return redis_cache._program.__wrapped__()

    one = program("one", "a = 1", 1_000_000)
    assert program("two", "a = 1", 2_000_000) == one
    assert program("two", "a = 2", 2_000_000) != one
    assert program("three", "a = 1", 1_000_000, "reader/other.py") != one
    assert program("one", "", 1_000_000, "reader/new.py") != one


def test_what_a_page_is_made_of_is_there():
    assert [
        name for name in redis_cache._SOURCES if not (redis_cache.settings.BASE_DIR / name).is_dir()
    ] == []


@pytest.fixture
def redis(tmp_path: Path, settings) -> Iterator[Redis]:
    """A Redis of the test's own, which the paper's settings name."""
    server = shutil.which("redis-server")
    if not server:
        pytest.skip("needs redis-server")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [server, "--bind", "127.0.0.1", "--port", str(port), "--save", "", "--dir", tmp_path]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    asker = Redis(port=port, socket_timeout=5)
    for _n in range(100):
        try:
            asker.ping()
            break
        except RedisError:
            time.sleep(0.05)
    settings.CACHES = {
        **settings.CACHES,
        "pages": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": f"redis://127.0.0.1:{port}/0",
            "OPTIONS": {
                "serializer": "reader.page_cache.redis.PlainSerializer",
                # Long enough for a busy machine, where the paper's own settings say 0.5.
                "socket_timeout": 1,
                "socket_connect_timeout": 1,
            },
        },
    }
    asker.process = process
    yield asker
    process.send_signal(signal.SIGCONT)
    process.kill()
    process.wait()


class Trap:
    """Runs code where it is unpickled."""

    def __reduce__(self):
        return os.mkdir, (os.environ["TRAP"],)


def test_redis_holds_no_pickles_and_none_is_opened(
    client,
    paper,
    redis,
    made,
    tmp_path,
    monkeypatch,
):
    page = client.get("/").content
    (name,) = redis.keys("*")
    with pytest.raises(pickle.UnpicklingError):
        pickle.loads(redis.get(name))
    monkeypatch.setenv("TRAP", str(tmp_path / "trapped"))
    redis.set(name, pickle.dumps(Trap()))
    page_store.store.clear()
    assert client.get("/").content == page
    assert not (tmp_path / "trapped").exists()
    page_store.store.clear()
    assert client.get("/").content == page
    assert len(made) == 2


def test_a_real_redis_that_hangs_costs_one_page_one_wait(client, paper, redis, caplog):
    client.get("/")
    redis.process.send_signal(signal.SIGSTOP)
    begun = time.monotonic()
    for url in ("/issues/", "/archive/", "/photos/", "/about/", "/corrections/"):
        assert client.get(url).status_code == 200
    assert time.monotonic() - begun < 5
    assert caplog.text.count("does not answer") == 1


def test_the_settings_ask_for_no_pickles(tmp_path):
    done = manage(
        "shell",
        *("-v", "0", "-c"),
        "from django.core.cache import caches; print(caches['pages']._cache._serializer)",
        data=tmp_path,
        **{**SOUND, "NEWSROOM_CACHE_URL": "redis://127.0.0.1:1/0"},
    )
    assert "reader.page_cache.redis.PlainSerializer" in done.stdout, done.stderr

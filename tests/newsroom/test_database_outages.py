"""Rule: while the database does not respond, every URL says so and when to retry."""

from __future__ import annotations

import errno
import json
import socket
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from django.contrib.sessions.exceptions import SessionInterrupted
from django.core.cache import cache
from django.db import DataError, Error, OperationalError, connection
from django.test import Client, RequestFactory

from newsroom import error_views
from paper.outages import Outage, outage_of
from tests.helpers import factories
from tests.helpers.concurrency import ON_SQLITE
from tests.helpers.paths import ROOT
from tests.helpers.processes import SOUND, environ_of, free_port, run_python

LOOK = """
import json, sys
from django.test import Client
client = Client(raise_request_exception=False, headers={"host": "127.0.0.1"})
english = Client(raise_request_exception=False, headers={"host": "127.0.0.1"})
english.cookies["django_language"] = "en"
client.cookies["sessionid"] = "x" * 32
as_json = {"accept": "application/json"}
for name, answer in {
    "/": client.get("/"), "/en/": client.get("/en/"), "/stories/1/": client.get("/stories/1/"),
    "/feed.json": client.get("/feed.json", headers=as_json), "/desk/": client.get("/desk/"),
    "/nowhere/": client.get("/nowhere/"), "/desk/login/": english.get("/desk/login/"),
    "login": client.post("/desk/login/", {"username": "chief", "password": "newsroom-demo"}),
    "autosave": client.post("/desk/articles/article/autosave/", headers=as_json),
    "/healthz": client.get("/healthz"),
}.items():
    row = {"status": answer.status_code, "headers": dict(answer.items())}
    print(json.dumps([name, row | {"text": answer.content.decode()}]))
"""


def _address(tmp_path: Path, kind: str) -> str:
    if kind == "postgres":
        return f"postgres://paper:secret@127.0.0.1:{free_port()}/paper"
    (tmp_path / "no-database.sqlite3").write_text("This is no database.")
    return f"sqlite:///{tmp_path}/no-database.sqlite3"


@pytest.mark.parametrize("kind", ["postgres", "sqlite"])
def test_without_a_database_every_address_says_so_and_when_to_come_again(tmp_path, kind):
    url = _address(tmp_path, kind)
    done = run_python("manage.py", "shell", "-c", LOOK, data=tmp_path, DATABASE_URL=url)
    seen = dict(json.loads(line) for line in done.stdout.splitlines() if line.startswith("["))
    assert len(seen) == 10
    for name, row in seen.items():
        assert row["status"] == 503, name
        assert "no-store" in row["headers"]["Cache-Control"], name
        assert "secret" not in row["text"]
        assert row["headers"]["Retry-After"] == "30", name
    assert json.loads(seen["/healthz"]["text"]) == {"status": "database"}
    assert "报纸暂时打不开" in seen["/"]["text"]
    assert "The paper is not available right now" in seen["/en/"]["text"]
    assert "报纸暂时打不开" not in seen["/desk/login/"]["text"]
    assert json.loads(seen["/feed.json"]["text"])["message"]
    assert "Traceback" not in done.stderr


class Line:
    """A connection to PostgreSQL that can be cut: afterwards nothing listens at its address."""

    def __init__(self, host: str, port: int) -> None:
        self.target = host, port
        self.port = free_port()
        self.open()

    def open(self) -> None:
        self.ends: list[socket.socket] = []
        self.server = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self._accept, args=(self.server,), daemon=True).start()

    def _accept(self, server: socket.socket) -> None:
        with suppress(OSError):
            while True:
                near, _address = server.accept()
                far = socket.create_connection(self.target)
                self.ends += [near, far]
                for one, other in ((near, far), (far, near)):
                    threading.Thread(target=self._carry, args=(one, other), daemon=True).start()

    @staticmethod
    def _carry(one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError):
            while data := one.recv(65536):
                other.sendall(data)
        # Pass on the end or reset of either side.
        with suppress(OSError):
            other.shutdown(socket.SHUT_RDWR)

    def cut(self) -> None:
        # close() alone is not enough: a thread that waits in accept() would take one more.
        with suppress(OSError):
            self.server.shutdown(socket.SHUT_RDWR)
        self.server.close()
        for end in self.ends:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()


def get(url: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(url, timeout=20) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


@pytest.fixture
def served(tmp_path) -> Iterator[tuple[Line, str, Callable[[], None]]]:
    """Return a server that uses the test database, the connection between them, and its URL."""
    where = connection.settings_dict
    line = Line(where["HOST"], int(where["PORT"] or 5432))
    user = where["USER"] + (f":{where['PASSWORD']}" if where["PASSWORD"] else "")
    host = f"127.0.0.1:{free_port()}"
    env = environ_of(tmp_path, **SOUND) | {
        "DATABASE_URL": f"postgres://{user}@127.0.0.1:{line.port}/{where['NAME']}",
        "NEWSROOM_HOSTS": "127.0.0.1",
        "NEWSROOM_HTTPS": "0",
        "NEWSROOM_WORKERS": "1",
        "NEWSROOM_OUTBOX": "0",
    }
    collect = ["manage.py", "collectstatic", "--no-input", "--verbosity", "0"]
    subprocess.run([sys.executable, *collect], cwd=ROOT, env=env, check=True)
    command = [sys.executable, "manage.py", "serve", "--bind", host]
    server = subprocess.Popen(command, cwd=ROOT, env=env)
    try:
        for _attempt in range(200):
            assert server.poll() is None
            with suppress(urllib.error.URLError, ConnectionError):
                if get(f"http://{host}/healthz")[0] == 200:
                    break
            time.sleep(0.1)
        yield line, f"http://{host}"
    finally:
        server.terminate()
        server.wait(timeout=30)
        line.cut()


@pytest.mark.skipif(ON_SQLITE, reason="a server of PostgreSQL")
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_postgresql_stops_and_comes_back(served):
    """Cached pages are still served, because nothing can be withdrawn in a stopped server."""
    line, address = served
    factories.make_paper()
    assert get(f"{address}/")[0] == 200
    line.cut()
    time.sleep(1)  # The process queries the database again.
    assert get(f"{address}/")[0] == 200
    assert get(f"{address}/issues/")[0] == 503
    assert get(f"{address}/desk/login/")[0] == 503
    assert get(f"{address}/healthz") == (503, '{"status": "database"}')
    line.open()
    assert get(f"{address}/issues/")[0] == 200
    assert get(f"{address}/desk/login/")[0] == 200
    assert get(f"{address}/healthz")[0] == 200
    # A connection that the server closes is opened again for the next request.
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        assert cursor.fetchone()[0] >= 1
    assert get(f"{address}/desk/login/")[0] == 200
    assert get(f"{address}/towns/")[0] == 200


@pytest.mark.skipif(ON_SQLITE, reason="a server of PostgreSQL")
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_read_only_standby_lets_people_read(staff):
    """As at a desk whose database has failed over to its standby."""
    editor = Client(raise_request_exception=False)
    editor.force_login(staff["editor"])
    right = {"username": "editor", "password": "for-tests-only"}
    with connection.cursor() as cursor:
        cursor.execute("SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY")
        try:
            assert editor.get("/desk/").status_code == 200
            answer = Client(raise_request_exception=False).post("/desk/login/", right)
        finally:
            cursor.execute("SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE")
    assert answer.status_code == 503
    assert "只能读" in answer.content.decode()


@pytest.mark.skipif(ON_SQLITE, reason="a server of PostgreSQL")
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("sql", "outage"),
    [
        ("SET LOCAL statement_timeout = 10; SELECT pg_sleep(2)", Outage.BUSY),
        ("SET TRANSACTION READ ONLY; CREATE TABLE x (y int)", Outage.UNWRITABLE),
        ("DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '53100'; END $$", Outage.FULL),
        ("DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '53300'; END $$", Outage.BUSY),
        ("DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '57P01'; END $$", Outage.DOWN),
        ("SELECT * FROM no_such_table", None),
        ("SELECT 1/0", None),
    ],
)
def test_what_postgresql_reports_is_an_outage_or_a_fault_of_ours(sql, outage):
    with pytest.raises(Error) as raised, connection.cursor() as cursor:
        cursor.execute(sql)
    assert outage_of(raised.value) == outage


@pytest.mark.skipif(not ON_SQLITE, reason="errors of SQLite")
@pytest.mark.django_db
@pytest.mark.parametrize("sql", ["SELECT * FROM no_such_table", "SELEC", "SELECT no_column"])
def test_a_wrong_statement_is_no_outage(sql):
    """SQLite reports an operational error for both."""
    with pytest.raises(OperationalError) as raised, connection.cursor() as cursor:
        cursor.execute(sql)
    assert outage_of(raised.value) is None


@pytest.mark.parametrize(
    ("error", "outage"),
    [
        (OSError(errno.ENOSPC, "full"), Outage.FULL),
        (OSError(errno.EROFS, "read-only"), Outage.UNWRITABLE),
        (PermissionError(errno.EACCES, "no"), Outage.UNWRITABLE),
        (FileNotFoundError(errno.ENOENT, "no"), None),
        (FileNotFoundError(errno.ENOENT, "No usable temporary directory found"), Outage.UNWRITABLE),
        (ConnectionRefusedError(errno.ECONNREFUSED, "no"), None),
        (OperationalError("no cause"), Outage.DOWN),
        (DataError("too long"), None),
        (sqlite3.OperationalError("of the module itself"), None),
        (KeyError("x"), None),
    ],
)
def test_files_and_plain_errors(error, outage):
    assert outage_of(error) == outage


def _from(cause: Exception) -> None:
    raise ValueError from cause


def _while(cause: Exception) -> None:
    try:
        raise cause
    except OSError:
        raise ValueError  # noqa: B904


def _aside(cause: Exception) -> None:
    try:
        raise cause
    except OSError:
        raise ValueError from None


@pytest.mark.parametrize(
    ("fail", "outage"), [(_from, Outage.FULL), (_while, Outage.FULL), (_aside, None)]
)
def test_the_cause_of_an_error_counts_unless_it_is_suppressed(fail, outage):
    with pytest.raises(ValueError) as raised:
        fail(OSError(errno.ENOSPC, "full"))
    assert outage_of(raised.value) == outage


def test_a_session_that_cannot_be_saved_is_not_called_deleted():
    """Django returns 400 for it: "the session was deleted before the request completed"."""
    try:
        try:
            raise OSError(errno.ENOSPC, "full")
        except OSError:
            raise SessionInterrupted("deleted")  # noqa: B904
    except SessionInterrupted as error:
        answer = error_views.bad_request(RequestFactory().post("/desk/"), error)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
    plain = error_views.bad_request(RequestFactory().get("/desk/"), SessionInterrupted("deleted"))
    assert plain.status_code == 400


@pytest.mark.django_db
def test_a_fault_of_ours_is_a_500_still(client, paper, monkeypatch):
    from reader.views import homepage

    def fail(*_args: object) -> None:
        raise KeyError("a fault of ours")

    monkeypatch.setattr(homepage, "render_page", fail)
    client.raise_request_exception = False
    assert client.get("/").status_code == 500


@pytest.mark.parametrize(
    "path", ["/desk/login/", "/desk/account/link/x/", "/desk/password_change/", "/desk/other/"]
)
def test_no_password_is_written_into_the_page(path):
    request = RequestFactory().post(path, {"username": "chief", "new_password1": "opensesame"})
    assert request.POST
    page = _full(request).content.decode()
    assert "opensesame" not in page


def _full(request) -> Any:
    try:
        raise OSError(errno.ENOSPC, "full")
    except OSError:
        return error_views.server_error(request)


def test_a_page_for_an_outage_asks_nothing(db, django_assert_num_queries):
    for path in ("/", "/en/", "/desk/", "/desk/login/"):
        with django_assert_num_queries(0):
            assert _full(RequestFactory().get(path)).status_code == 503


@pytest.mark.django_db
def test_the_counts_of_the_login_report_a_write_that_fails():
    assert cache.add("one", 1) is True
    assert cache.add("one", 1) is False
    with connection.cursor() as cursor:
        sql = "PRAGMA query_only=1" if ON_SQLITE else "SET TRANSACTION READ ONLY"
        cursor.execute(sql)
        try:
            with pytest.raises(Error) as raised:
                cache.add("two", 1)
        finally:
            if ON_SQLITE:
                cursor.execute("PRAGMA query_only=0")
    assert outage_of(raised.value) == Outage.UNWRITABLE

"""Rule: while disk or database do not work, every address says so: 503, in words, nothing lost."""

from __future__ import annotations

import errno
import html
import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest
from django.contrib.sessions.exceptions import SessionInterrupted
from django.core.cache import cache
from django.db import DataError, Error, OperationalError, connection
from django.test import Client, RequestFactory
from django.utils import timezone

from newsroom import error_views
from paper.outages import Outage, outage_of
from photos.sandbox import limits
from press import content_version as press_clock
from tests.helpers import factories
from tests.helpers.outage_scene import LONG, TYPED
from tests.helpers.paths import ROOT
from tests.helpers.processes import SOUND, environ_of

ON_SQLITE = connection.vendor == "sqlite"
WRITES = ["log in", "log in in English", "log in wrongly", "save", "save a new article"]
WRITES += ["autosave", "take", "upload"]
#: What a limit on the pages of the file stops: what is small fits into pages that are there.
LARGE_WRITES = ["save", "save a new article", "autosave"]


def run(*command: str, data: Path, **more: str) -> subprocess.CompletedProcess[str]:
    env = environ_of(data, NEWSROOM_DEMO="1", **more)
    done = subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=env, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done


@pytest.fixture(scope="module")
def demo(tmp_path_factory) -> Path:
    """The data folder of a demo paper, to be copied."""
    data = tmp_path_factory.mktemp("demo")
    run("manage.py", "migrate", "--verbosity", "0", data=data)
    run("manage.py", "demo", data=data)
    return data


def scene(fault: str, data: Path) -> dict[str, dict[str, Any]]:
    done = run("-m", "tests.helpers.outage_scene", fault, data=data)
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert "Traceback" not in done.stderr
    return {row["name"]: row for row in rows}


def check(rows: dict[str, dict[str, Any]], stopped: list[str], words: str, after: str) -> None:
    """What writes answers 503 with a sentence and what was typed, what reads goes on."""
    for name, row in rows.items():
        if name not in stopped:
            if name not in (*WRITES, "login page"):
                assert row["status"] == 200, name
            continue
        assert row["status"] == 503, name
        assert row["headers"]["Retry-After"] == after, name
        assert row["headers"]["Cache-Control"] == "no-store", name
        if row["headers"]["Content-Type"] == "application/json":
            assert words in json.loads(row["text"])["message"], name
        elif name != "log in in English":
            assert words in row["text"], name
        if name in ("save", "save a new article"):
            text = row["text"].replace("\r\n", "\n")
            assert f'name="headline" value="{html.escape(TYPED)}"' in text
            assert html.escape(LONG) in text
    if "log in" in stopped:
        # Right and wrong password get the same answer, which is not "too many attempts".
        assert rows["log in"]["text"] == rows["log in wrongly"]["text"]
        assert "密码错了" in rows["log in"]["text"]
        assert "newsroom-demo" not in rows["log in"]["text"]
        english = rows["log in in English"]
        assert english["headers"]["Content-Language"] == "en"
        assert '<html lang="en">' in english["text"]
        assert "your password is not the problem" in english["text"]


@pytest.mark.parametrize(
    ("fault", "stopped", "words", "after"),
    [
        ("full", LARGE_WRITES, "磁盘满了", "60"),
        ("read-only", WRITES, "只能读", "60"),
        ("unwritable", WRITES, "只能读", "60"),
        ("locked", WRITES, "数据库正忙", "10"),
    ],
)
def test_what_cannot_be_written_is_said_and_reading_goes_on(
    demo, tmp_path, fault, stopped, words, after
):
    data = tmp_path / "data"
    shutil.copytree(demo, data)
    check(scene(fault, data), stopped, words, after)


def test_a_disk_full_to_the_last_byte(demo, tmp_path):
    data = tmp_path / "disk"
    data.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=40m", "tmpfs", str(data)]
    if os.geteuid() or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("may not mount a small disk")
    try:
        shutil.copytree(demo, data, dirs_exist_ok=True)
        check(scene("full disk", data), WRITES, "磁盘满了", "60")
    finally:
        subprocess.run(["umount", str(data)], check=True)


def test_without_a_fault_the_scene_is_an_ordinary_evening(demo, tmp_path):
    """So that the faults above are what stops each write."""
    data = tmp_path / "data"
    shutil.copytree(demo, data)
    rows = scene("none", data)
    assert {rows[name]["status"] for name in ("log in", "save", "save a new article")} == {302}
    assert {rows[name]["status"] for name in ("autosave", "upload")} == {200}


# The database does not answer at all.


def nobody_listens() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


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
        return f"postgres://paper:secret@127.0.0.1:{nobody_listens()}/paper"
    (tmp_path / "no-database.sqlite3").write_text("This is no database.")
    return f"sqlite:///{tmp_path}/no-database.sqlite3"


@pytest.mark.parametrize("kind", ["postgres", "sqlite"])
def test_without_a_database_every_address_says_so_and_when_to_come_again(tmp_path, kind):
    url = _address(tmp_path, kind)
    done = run("manage.py", "shell", "-c", LOOK, data=tmp_path, DATABASE_URL=url)
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
    """The way to PostgreSQL, which can be cut: afterwards nobody listens at its address."""

    def __init__(self, host: str, port: int) -> None:
        self.target = host, port
        self.port = nobody_listens()
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
        # The end of one side, or its reset, reaches the other.
        with suppress(OSError):
            other.shutdown(socket.SHUT_RDWR)

    def cut(self) -> None:
        # Not close() alone: a thread that waits in accept() would take one more.
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
    """A server over the database of the tests, the line between them, and its address."""
    where = connection.settings_dict
    line = Line(where["HOST"], int(where["PORT"] or 5432))
    user = where["USER"] + (f":{where['PASSWORD']}" if where["PASSWORD"] else "")
    host = f"127.0.0.1:{nobody_listens()}"
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
    """Pages that are kept still answer: in a server that is stopped nothing can be withdrawn."""
    line, address = served
    factories.make_paper()
    assert get(f"{address}/")[0] == 200
    line.cut()
    time.sleep(1)  # The process looks at the database again.
    assert get(f"{address}/")[0] == 200
    assert get(f"{address}/issues/")[0] == 503
    assert get(f"{address}/desk/login/")[0] == 503
    assert get(f"{address}/healthz") == (503, '{"status": "database"}')
    line.open()
    assert get(f"{address}/issues/")[0] == 200
    assert get(f"{address}/desk/login/")[0] == 200
    assert get(f"{address}/healthz")[0] == 200
    # A connection that the server ends in between is made again for the next who asks.
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
    """As the desk of a paper whose database has gone over to its standby."""
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
    """SQLite calls it an operational error too, as it does a full disk."""
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
def test_what_caused_an_error_counts_unless_it_was_put_aside(fail, outage):
    with pytest.raises(ValueError) as raised:
        fail(OSError(errno.ENOSPC, "full"))
    assert outage_of(raised.value) == outage


def test_a_session_that_cannot_be_saved_is_not_called_deleted():
    """Django answers 400 to it: "the session was deleted before the request completed"."""
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


# What a process knows of readers' pages while the database does not answer.


class _Fails:
    def __init__(self, error: Error) -> None:
        self.error = error

    def __call__(self, *_args: object) -> str:
        raise self.error


def _unanswered(words: str) -> OperationalError:
    import psycopg

    error = OperationalError("x")
    error.__cause__ = psycopg.OperationalError(words)
    return error


REFUSED = (
    'connection failed: connection to server at "127.0.0.1", port 1 failed: Connection refused'
)
TIMED_OUT = 'connection failed: connection to server at "10.0.0.5", port 5432 failed: timeout'


def test_kept_pages_hold_while_the_server_is_stopped_and_nothing_is_due(paper, monkeypatch):
    clock = press_clock.VersionTracker()
    content_version = clock.content_version()
    monkeypatch.setattr(press_clock, "_read_version", _Fails(_unanswered(REFUSED)))
    assert clock.content_version() is content_version
    late = content_version.until + timezone.timedelta(seconds=1)
    monkeypatch.setattr(press_clock.timezone, "now", lambda: late)
    with pytest.raises(OperationalError):
        clock.content_version()


def test_a_server_that_may_work_for_others_is_not_taken_for_stopped(paper, monkeypatch):
    """Somebody may withdraw a story over another line: then no page is given unasked."""
    clock = press_clock.VersionTracker()
    clock.content_version()
    for words in (TIMED_OUT, f"{TIMED_OUT}\n{REFUSED}", "the connection is closed"):
        monkeypatch.setattr(press_clock, "_read_version", _Fails(_unanswered(words)))
        with pytest.raises(OperationalError):
            clock.content_version()


def test_a_photo_that_found_no_room_is_not_called_damaged(monkeypatch, tmp_path):
    module = tmp_path / "fails.py"
    for words, raised in (
        ("raise OSError(28, 'No space left on device')", OSError),
        ("raise OSError(5, 'x')", OSError),
        ("raise OSError(22, 'x')", None),
        ("raise ValueError('OSError: [Errno 28] no')", None),
    ):
        module.write_text(words)
        monkeypatch.setattr(limits.settings, "BASE_DIR", tmp_path)
        how = limits.Limits(cpu=5, wall=20, memory=2_000_000_000)
        if raised:
            with pytest.raises(raised) as error:
                limits.run_limited("fails", {}, how)
            assert outage_of(error.value)
        else:
            assert limits.run_limited("fails", {}, how) == {"error": "damaged"}


def test_a_command_says_it_in_a_sentence(tmp_path):
    url = f"postgres://paper@127.0.0.1:{nobody_listens()}/paper"
    env = {k: v for k, v in os.environ.items() if not k.startswith("NEWSROOM")}
    env |= SOUND | {"DATABASE_URL": url, "NEWSROOM_DATA_DIR": str(tmp_path)}
    command = [sys.executable, "manage.py", "verify_signatures"]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True)
    assert done.returncode == 1
    assert "数据库没有应答" in done.stderr
    assert "Traceback" not in done.stderr

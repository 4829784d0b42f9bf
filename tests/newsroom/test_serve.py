"""Rule: the server listens at a safe address, alone on its port; slow clients do not block it."""

from __future__ import annotations

import io
import os
import select
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing

import pytest

from newsroom import listen_address, request_bodies
from newsroom.listen_address import Address, CannotListen
from tests.helpers.paths import ROOT
from tests.helpers.processes import SOUND, environ_of, free_port, manage

MANY = 12


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Address]:
    """Start a demo server with one process of two threads."""
    data = tmp_path_factory.mktemp("paper")
    few = {"NEWSROOM_DEMO": "1", "NEWSROOM_WORKERS": "1", "NEWSROOM_THREADS": "2"}
    done = manage("migrate", "--verbosity", "0", data=data, **few)
    assert done.returncode == 0, done.stderr
    address = Address("127.0.0.1", free_port())
    command = [sys.executable, "manage.py", "serve", "--bind", str(address)]
    process = subprocess.Popen(command, cwd=ROOT, env=environ_of(data, **few))
    for _attempt in range(300):
        assert process.poll() is None, "the server stopped"
        with socket.socket() as probe:
            if probe.connect_ex((address.host, address.port)) == 0:
                break
        time.sleep(0.1)
    yield address
    process.send_signal(signal.SIGTERM)
    process.wait(timeout=60)


def dribble(server: Address, path: str = "/desk/login/") -> socket.socket:
    """Open a connection that has announced a body and sent one byte of it."""
    sender = socket.create_connection((server.host, server.port), timeout=60)
    head = f"POST {path} HTTP/1.1\r\nHost: {server}\r\nContent-Length: 7\r\n"
    sender.sendall(f"{head}Cookie: csrftoken={'a' * 32}\r\n\r\na".encode())
    return sender


def status(sender: socket.socket) -> int:
    return int(sender.recv(1000).split()[1])


def look(server: Address, path: str) -> int:
    with urllib.request.urlopen(f"http://{server}{path}", timeout=60) as answer:
        return int(answer.status)


def test_slow_bodies_do_not_keep_readers_out(server):
    senders = [dribble(server) for _n in range(MANY)]
    for path in ("/", "/desk/login/", "/healthz", "/static/desk/desk.css"):
        assert look(server, path) == 200, path
    senders[0].sendall(b"b" * 6)
    assert status(senders[0]) == 403, "a body that is whole is read: it holds no valid token"
    for sender in senders:
        sender.close()


def test_where_too_many_bodies_are_arriving_the_next_is_refused_at_once(server):
    senders = [dribble(server) for _n in range(request_bodies.BODY_THREADS + 1)]
    refused, _writable, _broken = select.select(senders, [], [], 60)
    answer = refused[0].recv(4000).decode()
    assert answer.startswith("HTTP/1.1 503")
    assert "retry-after: 5" in answer.lower()
    assert "过几秒再提交" in answer
    assert look(server, "/") == 200
    for sender in senders:
        sender.close()


def test_nobody_waits_for_a_body_that_no_page_reads(server):
    with closing(dribble(server, "/")) as sender:
        assert status(sender) == 405


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0", "[::]", "localhost"])
def test_a_taken_port_is_refused_in_words(server, tmp_path, host):
    """Also for an address that includes the one in use."""
    bind = f"{host}:{server.port}"
    behind = {"NEWSROOM_PROXIES": "1", "NEWSROOM_BIND": bind}
    done = manage("serve", data=tmp_path, **SOUND, **behind)
    assert done.returncode == 1
    assert f"端口 {server.port} 已被占用" in done.stderr
    assert "Traceback" not in done.stderr
    assert look(server, "/healthz") == 200


def test_a_port_that_another_covers_is_taken():
    """A server that listens on all addresses listens on this one too."""
    with socket.create_server(("0.0.0.0", 0)) as taken, pytest.raises(CannotListen):
        listen_address.require_free(Address("127.0.0.1", taken.getsockname()[1]))
    address = Address("127.0.0.1", free_port())
    listen_address.require_free(address)


def test_an_address_that_this_machine_has_not_is_refused():
    with pytest.raises(CannotListen, match="没有"):
        listen_address.require_free(Address("192.0.2.1", free_port()))


@pytest.mark.parametrize(
    ("bind", "proxies", "is_sound"),
    [
        ("127.0.0.1:8000", 0, True),
        ("127.8.9.1:8000", 0, True),
        ("[::1]:8000", 0, True),
        ("[::ffff:127.0.0.1]:8000", 0, True),
        ("localhost:8000", 0, True),
        ("0.0.0.0:8000", 0, False),
        ("[::]:8000", 0, False),
        ("10.0.0.5:8000", 0, False),
        ("[::ffff:10.0.0.5]:8000", 0, False),
        ("10.0.0.5:8000", 1, True),
    ],
)
def test_only_behind_a_proxy_the_server_listens_for_others(bind, proxies, is_sound):
    address = listen_address.parse(bind)
    if is_sound:
        listen_address.require_proxy(address, proxies)
    else:
        with pytest.raises(CannotListen, match="NEWSROOM_PROXIES"):
            listen_address.require_proxy(address, proxies)


@pytest.mark.parametrize("command", [["check"], ["serve"], ["serve", "--bind", "0.0.0.0:1"]])
def test_without_a_proxy_the_server_does_not_start_for_others(tmp_path, command):
    bind = {} if "--bind" in command else {"NEWSROOM_BIND": "0.0.0.0:8000"}
    done = manage(*command, data=tmp_path, **SOUND, **bind)
    assert done.returncode == 1
    assert "NEWSROOM_PROXIES" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("bind", ["8000", ":8000", "paper.example:8000", "127.0.0.1:x", "[::1:1"])
def test_what_is_no_address_is_refused_in_words(tmp_path, bind):
    done = manage("serve", "--bind", bind, data=tmp_path, **SOUND)
    assert done.returncode == 1
    assert "不是地址" in done.stderr


# Request bodies, without a server


class Source(io.BytesIO):
    """A body as the server provides it; it must not be read twice."""


def sent(body: bytes, seen: list[bytes] | None = None, **environ: object) -> tuple[str, bytes]:
    """Send `body` to the desk; return the status line and the page."""
    said: list[str] = []

    def application(environ: dict, start_response) -> list[bytes]:
        if seen is not None:
            seen.append(environ["wsgi.input"].read())
        start_response("200 OK", [])
        return [b"read"]

    given = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/desk/login/",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": Source(body),
        **environ,
    }
    page = request_bodies.receive_whole_bodies(application)(
        given, lambda line, _headers: said.append(line)
    )
    return said[0], b"".join(page)


@pytest.mark.parametrize("size", [1, request_bodies._PIECE, request_bodies._IN_MEMORY * 3 + 1])
def test_a_body_arrives_as_it_was_sent(size):
    body, seen = os.urandom(size), []
    assert sent(body, seen)[0] == "200 OK"
    assert seen == [body]


def test_a_body_that_breaks_off_is_not_taken_for_a_whole_one():
    """A broken connection must not save half a text."""
    line, page = sent(b"body=%E5%8D%8A", CONTENT_LENGTH="5000")
    assert line == "400 Bad Request"
    assert "没有完整收到" in page.decode()
    assert "Send it again" in page.decode()


@pytest.mark.parametrize(
    "length", [str(request_bodies.MOST_BYTES + 1), "9" * 30, "-1", "１", "abc"]
)
def test_a_body_beyond_all_bounds_is_refused_unread(length):
    source = Source(b"x" * 10)
    environ = {"wsgi.input": source, "CONTENT_LENGTH": length}
    line, page = sent(b"", HTTP_ACCEPT="application/json", **environ)
    assert line == "413 Request Entity Too Large"
    assert b'"message"' in page
    assert source.tell() == 0


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/desk/"), ("POST", "/"), ("PUT", "/stories/1/"), ("HEAD", "/")]
)
def test_what_no_page_reads_is_not_handed_on(method, path):
    seen: list[bytes] = []
    assert sent(b"abc", seen, REQUEST_METHOD=method, PATH_INFO=path)[0] == "200 OK"
    assert seen == [b""]

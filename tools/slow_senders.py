"""Check that requests are served while other clients send slowly.

It needs a running server on this machine, such as `manage.py serve`. It opens connections that send
one byte of a form every half second, and prints the response times of other requests:

    .venv/bin/python -m tools.slow_senders PORT [CONNECTIONS [SECONDS]]
"""

from __future__ import annotations

import socket
import sys
import threading
import time
import urllib.error
import urllib.request
from collections import Counter

MOST_CONNECTIONS, MOST_SECONDS = 100, 60
PAGES = ("/", "/issues/", "/search/?q=a", "/desk/login/", "/healthz")


def main(port: int, connections: int = 12, seconds: float = 10) -> None:
    """Send slowly, request pages, and print the results."""
    until = time.monotonic() + min(seconds, MOST_SECONDS)
    senders = [_begin(port) for _n in range(min(connections, MOST_CONNECTIONS))]
    thread = threading.Thread(target=_dribble, args=(senders, until))
    thread.start()
    time.sleep(1)
    for page in PAGES:
        began = time.perf_counter()
        result = _look(f"http://127.0.0.1:{port}{page}")
        print(f"{page:15} {result}, {time.perf_counter() - began:.3f} s")
    thread.join()
    print(dict(Counter(_answer(sender) for sender in senders)))


def _begin(port: int) -> socket.socket:
    sender = socket.create_connection(("127.0.0.1", port))
    head = f"POST /desk/login/ HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Length: 1000\r\n"
    sender.sendall(f"{head}Cookie: csrftoken={'a' * 32}\r\n\r\n".encode())
    return sender


def _dribble(senders: list[socket.socket], until: float) -> None:
    while time.monotonic() < until:
        for sender in senders:
            try:
                sender.sendall(b"a")
            except OSError:
                continue
        time.sleep(0.5)


def _look(url: str) -> str:
    try:
        with urllib.request.urlopen(url, timeout=4) as answer:
            return str(answer.status)
    except (TimeoutError, urllib.error.URLError) as error:
        return f"no answer ({error})"


def _answer(sender: socket.socket) -> str:
    sender.settimeout(0.2)
    try:
        return sender.recv(100).decode("latin-1").partition("\r\n")[0] or "closed"
    except TimeoutError:
        return "still waiting"
    except OSError as error:
        return str(error)
    finally:
        sender.close()


if __name__ == "__main__":
    main(*(int(value) for value in sys.argv[1:]))

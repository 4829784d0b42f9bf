"""Requests to a WSGI application, without Django's test client."""

from __future__ import annotations


def ask(url: str, door, **environ: str) -> tuple[str, dict[str, str], bytes]:
    """Send a request to the WSGI wrapper."""
    told: list[tuple[str, list[tuple[str, str]]]] = []
    base = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": url,
        "QUERY_STRING": "",
        "wsgi.url_scheme": "http",
    }
    body = b"".join(
        door({**base, **environ}, lambda status, headers: told.append((status, headers)))
    )
    return told[0][0], dict(told[0][1]), body

"""Public pages as they are kept: ready bytes, by address, for one epoch of the press."""

from __future__ import annotations

import gzip
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from threading import Lock
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.utils import timezone
from django.utils.http import http_date

from press.clock import Epoch

from . import shared
from .addresses import canonical_query

Headers = list[tuple[str, str]]
#: Who takes a packed page; "gzip;q=0" refuses it (RFC 9110, 12.5.3).
_GZIP = re.compile(r"\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))", re.I)
#: What is said anew in each answer.
_EACH_TIME = frozenset({"cache-control", "etag", "last-modified", "content-length", "vary"})
#: Before an epoch is so many seconds old its pages bear no Last-Modified, which counts whole ones.
_SETTLED = 2
#: Pages with a query can be had without end: they push out only each other. Their share of memory.
_QUERY_SHARE = 0.25
#: What a page weighs beside its bytes, of which packing makes a third more.
_OVERHEAD = 1500


@dataclass(slots=True)
class Kept:
    """A page: its status line, headers and ETag, and its body; packed once somebody takes it so."""

    status: str
    headers: Headers
    etag: str
    body: bytes
    packed: bytes = b""
    #: The headers that all get alike, plain and packed.
    ready: dict[bool, Headers] = field(default_factory=dict)

    def row(self) -> tuple[Any, ...]:
        """Return what processes share of it."""
        return self.status, self.headers, self.etag, self.body


def keep(response: HttpResponse) -> Kept:
    """Return a finished response as it is kept."""
    headers = [(k, v) for k, v in response.items() if k.lower() not in _EACH_TIME]
    return kept_of(response.status_code, headers, response.content)


def kept_of(code: int, headers: Headers, body: bytes) -> Kept:
    """Return a page of a status code, its own headers and a body as it is kept."""
    digest = hashlib.sha256(repr((code, sorted(headers))).encode() + body)
    # Weak: the same page is sent plain and packed.
    etag = f'W/"{digest.hexdigest()[:32]}"'
    return Kept(f"{code} {HTTPStatus(code).phrase}", headers, etag, body)


def site_of(environ: Mapping[str, Any]) -> tuple[Any, ...]:
    """Return what tells one site from another in a WSGI environment: how and as what it is met."""
    # Django takes the first of several, which stand there behind more than one proxy.
    proto = environ.get("HTTP_X_FORWARDED_PROTO", "").partition(",")[0].strip()
    return environ["wsgi.url_scheme"], proto == "https", environ.get("HTTP_HOST")


def key_of(environ: Mapping[str, Any]) -> str:
    """Return what tells one page from another in a WSGI environment: site, path and query."""
    query = environ.get("QUERY_STRING")
    return f"{site_of(environ)} {environ['PATH_INFO']}" + (
        f"?{canonical_query(query)}" if query else "?"
    )


def answer(kept: Kept, environ: Mapping[str, Any], epoch: Epoch) -> tuple[str, Headers, bytes]:
    """Return status line, headers and body for one request: 304 where the asker has the page."""
    is_packed = bool(_GZIP.search(environ.get("HTTP_ACCEPT_ENCODING", "")))
    modified = _last_modified(epoch)
    if kept.status == "200 OK" and _is_known(kept, environ, modified):
        return "304 Not Modified", _headers(kept, epoch, modified), b""
    # The same for all who ask in this epoch, once it is settled.
    ready = kept.ready if modified and not settings.CDN_SECONDS else {}
    headers = ready.get(is_packed)
    if is_packed and not kept.packed:
        kept.packed = gzip.compress(kept.body, 6, mtime=0)
    body = kept.packed if is_packed else kept.body
    if headers is None:
        headers = _headers(kept, epoch, modified)
        if is_packed:
            headers.append(("Content-Encoding", "gzip"))
        headers.append(("Content-Length", str(len(body))))
        ready[is_packed] = headers
    return kept.status, headers, b"" if environ["REQUEST_METHOD"] == "HEAD" else body


def _headers(kept: Kept, epoch: Epoch, modified: str) -> Headers:
    headers = [
        *kept.headers,
        ("ETag", kept.etag),
        ("Vary", "Accept-Encoding"),
        ("Cache-Control", cache_control(epoch)),
    ]
    return [*headers, ("Last-Modified", modified)] if modified else headers


def cache_control(epoch: Epoch) -> str:
    """Return how long others may keep a page: browsers ask each time, a CDN as the operator says.

    Never beyond the next release or midnight.
    """
    seconds = settings.CDN_SECONDS and min(settings.CDN_SECONDS, epoch.seconds_left())
    if not seconds:
        return "public, no-cache"
    return f"public, max-age=0, s-maxage={seconds}, must-revalidate"


def _last_modified(epoch: Epoch) -> str:
    """Return since when pages are as they are, once nothing else can come in that second; or ""."""
    known: str = epoch.notes.get("modified", "")
    if not known and (timezone.now() - epoch.seen).total_seconds() > _SETTLED:
        known = epoch.notes["modified"] = http_date(epoch.seen.timestamp())
    return known


def _is_known(kept: Kept, environ: Mapping[str, Any], modified: str) -> bool:
    """Return whether the asker has this page already (RFC 9110, 13.2.2)."""
    known = environ.get("HTTP_IF_NONE_MATCH")
    if known is not None:
        return known.strip() == "*" or kept.etag[2:] in known
    since = environ.get("HTTP_IF_MODIFIED_SINCE")
    if not (since and modified):
        return False
    try:
        # What lies ahead was never said by this server, and counts as nothing (RFC 9110, 13.1.3).
        return parsedate_to_datetime(modified) <= parsedate_to_datetime(since) <= timezone.now()
    except (TypeError, ValueError, OverflowError):
        return False


class Store:
    """The pages of one epoch in this process, and beside it those that processes share.

    A new epoch empties it. Beyond its memory the oldest go.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self.clear()

    def clear(self) -> None:
        """Forget all pages of this process."""
        self._epoch, self._begun = "", float("-inf")
        self._plain: dict[str, Kept] = {}
        self._asked: dict[str, Kept] = {}
        self._bytes = {id(self._plain): 0, id(self._asked): 0}

    def get(self, epoch: Epoch, key: str) -> Kept | None:
        """Return the page of an address in `epoch`, or None."""
        if self._epoch != epoch.key:
            return None
        return self._plain.get(key) or self._asked.get(key)

    def fetch(self, epoch: Epoch, key: str) -> Kept | None:
        """Return the page from what processes share, if another one has made it; or None."""
        kept = shared.get(epoch, key)
        if kept:
            self._put(epoch, key, Kept(*kept))
        return Kept(*kept) if kept else None

    def put(self, epoch: Epoch, key: str, kept: Kept) -> None:
        """Keep a page that was made in `epoch`."""
        self._put(epoch, key, kept)
        shared.put(epoch, key, kept.row())

    def _put(self, epoch: Epoch, key: str, kept: Kept) -> None:
        with self._lock:
            if self._epoch != epoch.key:
                if epoch.begun < self._begun:
                    return  # Made slowly, over a change: its epoch is over.
                self.clear()
                self._epoch, self._begun = epoch.key, epoch.begun
            has_query = not key.endswith("?")
            pool = self._asked if has_query else self._plain
            most = settings.PAGE_CACHE_MB * 2**20 * (_QUERY_SHARE if has_query else 1)
            self._bytes[id(pool)] += _weight(kept) - _weight(pool.get(key))
            pool[key] = kept
            while self._bytes[id(pool)] > most and pool:
                self._bytes[id(pool)] -= _weight(pool.pop(next(iter(pool))))


def _weight(kept: Kept | None) -> int:
    return len(kept.body) * 4 // 3 + _OVERHEAD if kept else 0


#: The pages of this process.
store = Store()

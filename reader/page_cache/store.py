"""In-process store of public responses: ready bytes by URL, for one content version."""

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

from press.content_version import ContentVersion

from ..url_helpers import canonical_query
from . import redis as redis_cache

Headers = list[tuple[str, str]]
#: Matches clients that accept gzip; "gzip;q=0" refuses it (RFC 9110, 12.5.3).
_GZIP = re.compile(r"\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))", re.I)
#: Headers that are computed for each request.
_PER_REQUEST = frozenset({"cache-control", "etag", "last-modified", "content-length", "vary"})
#: Age in seconds before which a content version has no Last-Modified, which has a resolution of one
#: second.
_SETTLE_SECONDS = 2
#: URLs with a query string are unlimited in number and evict only each other. Their share of
#: memory.
_QUERY_SHARE = 0.25
#: Bytes of a stored response besides its body; compression adds a third to the body.
_OVERHEAD = 1500


@dataclass(slots=True)
class CachedResponse:
    """A response: status line, headers, ETag and body; compressed on first demand."""

    status: str
    headers: Headers
    etag: str
    body: bytes
    compressed: bytes = b""
    #: Complete headers by whether the body is compressed.
    ready: dict[bool, Headers] = field(default_factory=dict)

    def row(self) -> tuple[Any, ...]:
        """Return the fields that processes share."""
        return self.status, self.headers, self.etag, self.body


def freeze_response(response: HttpResponse) -> CachedResponse:
    """Return the cached form of a finished response."""
    code, body = response.status_code, response.content
    headers = [(k, v) for k, v in response.items() if k.lower() not in _PER_REQUEST]
    digest = hashlib.sha256(repr((code, sorted(headers))).encode() + body)
    # Weak, because the same response is sent plain and compressed.
    etag = f'W/"{digest.hexdigest()[:32]}"'
    return CachedResponse(f"{code} {HTTPStatus(code).phrase}", headers, etag, body)


def _site(environ: Mapping[str, Any]) -> tuple[Any, ...]:
    """Return the part of the cache key that identifies the site: scheme and host."""
    # Django uses the first value if several proxies have added theirs.
    proto = environ.get("HTTP_X_FORWARDED_PROTO", "").partition(",")[0].strip()
    return environ["wsgi.url_scheme"], proto == "https", environ.get("HTTP_HOST")


def key_of(environ: Mapping[str, Any]) -> str:
    """Return the cache key of a WSGI environment: site, path and canonical query."""
    query = environ.get("QUERY_STRING")
    return f"{_site(environ)} {environ['PATH_INFO']}" + (
        f"?{canonical_query(query)}" if query else "?"
    )


def answer(
    cached: CachedResponse, environ: Mapping[str, Any], content_version: ContentVersion
) -> tuple[str, Headers, bytes]:
    """Return status line, headers and body for one request, with 304 for a current copy."""
    is_gzip = bool(_GZIP.search(environ.get("HTTP_ACCEPT_ENCODING", "")))
    modified = _last_modified(content_version)
    if cached.status == "200 OK" and _is_current(cached, environ, modified):
        return "304 Not Modified", _headers(cached, content_version, modified), b""
    # Equal for all clients once the content version is settled.
    ready = cached.ready if modified and not settings.CDN_SECONDS else {}
    headers = ready.get(is_gzip)
    if is_gzip and not cached.compressed:
        cached.compressed = gzip.compress(cached.body, 6, mtime=0)
    body = cached.compressed if is_gzip else cached.body
    if headers is None:
        headers = _headers(cached, content_version, modified)
        if is_gzip:
            headers.append(("Content-Encoding", "gzip"))
        headers.append(("Content-Length", str(len(body))))
        ready[is_gzip] = headers
    return cached.status, headers, b"" if environ["REQUEST_METHOD"] == "HEAD" else body


def _headers(cached: CachedResponse, content_version: ContentVersion, modified: str) -> Headers:
    headers = [
        *cached.headers,
        ("ETag", cached.etag),
        ("Vary", "Accept-Encoding"),
        ("Cache-Control", cache_control(content_version)),
    ]
    return [*headers, ("Last-Modified", modified)] if modified else headers


def cache_control(content_version: ContentVersion) -> str:
    """Return the Cache-Control header: browsers revalidate, a CDN caches as configured.

    A CDN never caches beyond the next release or midnight.
    """
    seconds = settings.CDN_SECONDS and min(settings.CDN_SECONDS, content_version.seconds_left())
    if not seconds:
        return "public, no-cache"
    return f"public, max-age=0, s-maxage={seconds}, must-revalidate"


def _last_modified(content_version: ContentVersion) -> str:
    """Return the Last-Modified date of the content version, or "" in its first seconds."""
    known: str = content_version.cache.get("modified", "")
    if not known and (timezone.now() - content_version.seen).total_seconds() > _SETTLE_SECONDS:
        known = content_version.cache["modified"] = http_date(content_version.seen.timestamp())
    return known


def _is_current(cached: CachedResponse, environ: Mapping[str, Any], modified: str) -> bool:
    """Return whether the client has a current copy (RFC 9110, 13.2.2)."""
    known = environ.get("HTTP_IF_NONE_MATCH")
    if known is not None:
        return known.strip() == "*" or cached.etag[2:] in known
    since = environ.get("HTTP_IF_MODIFIED_SINCE")
    if not (since and modified):
        return False
    try:
        # A date in the future is not from this server and is ignored (RFC 9110, 13.1.3).
        return parsedate_to_datetime(modified) <= parsedate_to_datetime(since) <= timezone.now()
    except (TypeError, ValueError, OverflowError):
        return False


class PageStore:
    """The responses of one content version in this process, backed by the shared cache.

    A new content version empties it. When its memory is full, the oldest responses are evicted.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self.clear()

    def clear(self) -> None:
        """Remove all responses of this process."""
        self._content_version, self._begun = "", float("-inf")
        self._plain: dict[str, CachedResponse] = {}
        self._with_query: dict[str, CachedResponse] = {}
        self._bytes = {id(self._plain): 0, id(self._with_query): 0}

    def get(self, content_version: ContentVersion, key: str) -> CachedResponse | None:
        """Return the response of `key` in `content_version`, or None."""
        if self._content_version != content_version.key:
            return None
        return self._plain.get(key) or self._with_query.get(key)

    def fetch(self, content_version: ContentVersion, key: str) -> CachedResponse | None:
        """Return the response from the shared cache, if another process has built it, or None."""
        cached = redis_cache.get(content_version, key)
        if cached:
            self._put(content_version, key, CachedResponse(*cached))
        return CachedResponse(*cached) if cached else None

    def put(self, content_version: ContentVersion, key: str, cached: CachedResponse) -> None:
        """Store a response that was built in `content_version`."""
        self._put(content_version, key, cached)
        redis_cache.put(content_version, key, cached.row())

    def _put(self, content_version: ContentVersion, key: str, cached: CachedResponse) -> None:
        with self._lock:
            if self._content_version != content_version.key:
                if content_version.begun < self._begun:
                    return  # The content version ended while the response was built.
                self.clear()
                self._content_version, self._begun = content_version.key, content_version.begun
            has_query = not key.endswith("?")
            pool = self._with_query if has_query else self._plain
            most = settings.PAGE_CACHE_MB * 2**20 * (_QUERY_SHARE if has_query else 1)
            self._bytes[id(pool)] += _weight(cached) - _weight(pool.get(key))
            pool[key] = cached
            while self._bytes[id(pool)] > most and pool:
                self._bytes[id(pool)] -= _weight(pool.pop(next(iter(pool))))


def _weight(cached: CachedResponse | None) -> int:
    return len(cached.body) * 4 // 3 + _OVERHEAD if cached else 0


#: The store of this process.
store = PageStore()

"""Request every kind of response from the WSGI application of a surface; print them as JSON.

tests/newsroom/test_security_headers.py runs it in a separate process:
manage.py shell -c "from tests.helpers.wsgi_walk import walk; walk()".
"""

from __future__ import annotations

import datetime as dt
import io
import json
import logging
from collections.abc import Iterator
from typing import Any
from unittest.mock import patch
from wsgiref.util import setup_testing_defaults

from django.conf import settings
from django.test import Client
from django.utils import timezone

from newsroom import request_bodies
from newsroom.middleware.security_headers import with_headers

HOUR = dt.timedelta(hours=1)
PAGES = [
    *(
        "/",
        "/stories/{story}/",
        "/stories/{gone}/",
        "/sections/old/",
        "/nowhere/",
        "/sections/news",
    ),
    *("/en/", "/en", "/search/?q=水", "/search/suggest/?q=水", "{photo}", "/photos/x/w1.webp"),
    *("/feed.rss", "/feed.atom", "/feed.json", "/sitemap.xml", "/robots.txt", "/llms.txt"),
    *("/manifest.webmanifest", "/sw.js", "/offline.json", "/offline/", "/healthz", "/issues/"),
    *("/static/reader/reader.css", "/static/reader/icon-192.png", "/static/nothing.css"),
    *("/static/../settings.py", "/favicon.ico", "/logo/", "/issues/2020-01-01/paper.pdf"),
    *("/desk", "/desk/", "/desk/login/", "/desk/nowhere/", "/desk/account/reset/"),
    *("/desk/account/link/guess/", "/desk/account/signup/", "/desk/jsi18n/", "/desk/logout/"),
    *("/language/en/", "/language/xx/?next=//evil.example"),
]
DESK_PAGES = [
    *("/desk/", "/desk/articles/article/", "/desk/articles/article/add/", "/desk/nowhere/"),
    *("/desk/queue/", "/desk/counts/", "/desk/auth/user/", "/desk/jsi18n/", "/desk/login/"),
    *("/desk/articles/article/1/change/", "/desk/account/", "/desk/account/address/x/"),
]
FACTS = settings.DATA_DIR / "facts.json"
HTTPS = {"HTTP_X_FORWARDED_PROTO": "https", "HTTP_HOST": "paper.example"}


def fill() -> None:
    """Create a paper with a story, a withdrawn one, one with a photo, and a chief's session."""
    from articles.content import PhotoRow
    from paper.services import move_address
    from photos.services import add_photo
    from press import services as press
    from tests.helpers import factories

    now = timezone.now()
    factories.make_paper()
    staff = factories.make_staff()
    photo = add_photo(data=factories.picture(), caption="水闸", user=staff["reporter"], at=now)
    rows = (PhotoRow(photo.pk, "水闸", "张禾 摄"),)
    story = factories.make_story("水闸换了电动机", now - HOUR, photos=rows)
    gone = factories.make_story("误发", now - HOUR)
    press.withdraw_story(gone, reason="待核实", at=now)
    move_address("/sections/old/", "/sections/news/", now)
    client = Client()
    client.force_login(staff["chief"])
    facts = {
        "session": client.session.session_key,
        "story": story.pk,
        "gone": gone.pk,
        "photo": f"/photos/{story.photos.get().token}/w{story.photo_list[0]['widths'][0]}.webp",
    }
    FACTS.write_text(json.dumps(facts), encoding="utf-8")


def ask(
    application: Any, method: str, path: str, body: bytes = b"", **more: Any
) -> tuple[int, list[tuple[str, str]], bytes]:
    """Return status, headers and body of a response."""
    path, _mark, query = path.partition("?")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.input": io.BytesIO(body),
        **({"CONTENT_LENGTH": str(len(body))} if body else {}),
        **HTTPS,
        **more,
    }
    setup_testing_defaults(environ)
    said: list[Any] = []
    answer = application(environ, lambda status, headers, *_info: said.append((status, headers)))
    content = b"".join(answer)
    if hasattr(answer, "close"):
        answer.close()
    status, headers = said[-1]
    return int(status[:3]), headers, content


def answers(application: Any, facts: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Request one response of each kind; yield a name and the response."""
    cookie = f"{settings.SESSION_COOKIE_NAME}={facts['session']}" if settings.HAS_DESK else ""
    chief = {"HTTP_COOKIE": cookie}
    for path in PAGES:
        yield path, ask(application, "GET", path.format(**facts))
        yield f"HEAD {path}", ask(application, "HEAD", path.format(**facts))
        yield f"POST {path}", ask(application, "POST", path.format(**facts), b"x=1")
        status, headers, _body = ask(application, "GET", path.format(**facts))
        etag = {name.lower(): value for name, value in headers}.get("etag")
        if etag and status == 200:
            known = {"HTTP_IF_NONE_MATCH": etag}
            yield f"again {path}", ask(application, "GET", path.format(**facts), **known)
    for path in DESK_PAGES:
        yield f"chief {path}", ask(application, "GET", path.format(**facts), **chief)
    for method in ("PUT", "DELETE", "OPTIONS", "TRACE", "PROPFIND"):
        for path in ("/", "/desk/", "/healthz", "/nowhere/"):
            yield f"{method} {path}", ask(application, method, path)
    insecure = {"HTTP_X_FORWARDED_PROTO": "http"}
    for path in ("/", "/desk/", "/desk/login/"):
        yield f"http {path}", ask(application, "GET", path, **insecure)
        yield f"host {path}", ask(application, "GET", path, HTTP_HOST="evil.example")
        yield f"no host {path}", ask(application, "GET", path, HTTP_HOST="a b")
    yield "NUL", ask(application, "GET", "/search/?q=%00")
    yield "bytes", ask(application, "GET", "/\xff\xfe/?q=\xff")
    form = {"CONTENT_TYPE": "multipart/form-data; boundary="}
    yield "broken form", ask(application, "POST", "/desk/login/", b"--x", **form)
    yield "cut", ask(application, "POST", "/desk/login/", b"x=1", CONTENT_LENGTH="9")
    large = {"CONTENT_LENGTH": str(request_bodies.MOST_BYTES + 1)}
    yield "too large", ask(application, "POST", "/desk/login/", b"x=1", **large)
    fields = b"&".join(b"x=1" for _n in range(2000))
    urlencoded = "application/x-www-form-urlencoded"
    token = {"CONTENT_TYPE": urlencoded, "HTTP_COOKIE": "csrftoken=" + "a" * 32}
    yield "too many fields", ask(application, "POST", "/desk/login/", fields, **token)


def faults(application: Any, facts: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Request responses to errors of the server."""
    from django.db import Error

    from newsroom import health
    from newsroom.middleware import language

    def fail(*_args: Any, **_more: Any) -> Any:
        raise Error

    with patch.object(health.connection, "cursor", fail):
        yield "503", ask(application, "GET", "/healthz")
    with patch.object(health, "JsonResponse", None):
        yield "500", ask(application, "GET", "/healthz")
    with patch.object(language, "HttpResponseRedirect", fail):
        yield "language 500", ask(application, "GET", "/language/en/?next=/desk/")
    if settings.HAS_DESK:
        from accounts.views import account

        with patch.object(account, "roles_of", fail):
            yield "desk 500", ask(application, "GET", "/desk/login/")
        busy = with_headers(request_bodies.receive_whole_bodies(application, at_once=0))
        yield "busy", ask(busy, "POST", "/desk/login/", b"x=1")


def scored(application: Any, facts: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Request the pages whose score is computed, and their redirects over HTTP."""
    chief = {"HTTP_COOKIE": f"{settings.SESSION_COOKIE_NAME}={facts['session']}"}
    for name, path, more in (
        ("home", "/", {}),
        ("story", "/stories/{story}/", {}),
        ("log-in", "/desk/login/", {}),
        ("desk", "/desk/articles/article/add/", chief),
        ("404", "/nowhere/", {}),
        ("404 of the desk", "/desk/nowhere/", chief),
    ):
        path = path.format(**facts)
        status, headers, body = ask(application, "GET", path, **more)
        insecure = {**more, "HTTP_X_FORWARDED_PROTO": "http"}
        code, found, _body = ask(application, "GET", path, **insecure)
        yield {
            "name": name,
            "status": status,
            "headers": headers,
            "body": body.decode(),
            "over_http": (code, dict(found).get("Location", "")),
        }


def walk() -> None:
    """Print the name, status and headers of each response, and the pages to score."""
    from newsroom.wsgi import application

    logging.disable()
    facts = json.loads(FACTS.read_text(encoding="utf-8"))
    found = [*answers(application, facts), *faults(application, facts)]
    settings.PHOTO_ACCEL = "/protected"
    found.append(("accel", ask(application, "GET", facts["photo"])))
    kinds = [(name, status, headers) for name, (status, headers, _body) in found]
    is_both = settings.HAS_DESK and settings.HAS_READER
    pages = list(scored(application, facts)) if is_both else []
    print("=" + json.dumps({"kinds": kinds, "scored": pages}))

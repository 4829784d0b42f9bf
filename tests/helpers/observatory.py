"""The score of Mozilla's HTTP Observatory, as its published table computes it.

Source: "HTTP Observatory tests & scoring", developer.mozilla.org/en-US/observatory/docs/
tests_and_scoring, and the tests in github.com/mdn/mdn-http-observatory (src/analyzer/tests,
src/grader/charts.js), read in November 2026. A site begins with 100 points. Deductions
always count; additions count only if 90 points are left without them. The preload list of browsers
is not checked (5 points more for a host that is on it).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from urllib.parse import urlsplit

BROAD = {"ftp:", "http:", "https:", "*", "http://*", "http://*.*", "https://*", "https://*.*"}
INLINE = {"'unsafe-inline'", "data:"}
HASHED = ("'sha256-", "'sha384-", "'sha512-", "'nonce-")
PRIVATE = {"no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin"}
SIX_MONTHS = 15_552_000


@dataclass
class Answer:
    """Response of a page over HTTPS, and the redirect of HTTP."""

    host: str
    headers: list[tuple[str, str]]
    body: str = ""
    #: Status and Location of the same address over HTTP.
    over_http: tuple[int, str] = (0, "")
    policies: list[dict[str, list[str]]] = field(init=False)

    def __post_init__(self) -> None:
        self.policies = [parse_policy(text) for text in self.all("Content-Security-Policy")]

    def all(self, name: str) -> list[str]:
        return [value for key, value in self.headers if key.lower() == name.lower()]

    def first(self, name: str) -> str:
        return next(iter(self.all(name)), "").strip().lower()


def score(answer: Answer) -> tuple[int, dict[str, int]]:
    """Return the score, and the points of each test."""
    modifiers = {name: test(answer) for name, test in TESTS.items()}
    least = 100 + sum(points for points in modifiers.values() if points < 0)
    total = 100 + sum(modifiers.values()) if least >= 90 else least
    return max(total, 0), modifiers


def parse_policy(text: str) -> dict[str, list[str]]:
    """Return a policy by directive; a repeated directive is an error, as in the Observatory."""
    found: dict[str, list[str]] = {}
    for part in filter(None, (part.split() for part in text.lower().split(";"))):
        if part[0] in found:
            raise ValueError(f"{part[0]} twice")
        found[part[0]] = part[1:] or ["'none'"]
    return found


def csp(answer: Answer) -> int:
    if len(answer.policies) != 1:
        return -25
    policy = answer.policies[0]

    def sources(name: str) -> set[str]:
        found = set(policy.get(name) or policy.get("default-src") or ["*"])
        return found - {"'unsafe-inline'"} if any(s.startswith(HASHED) for s in found) else found

    script, style, objects = (sources(f"{name}-src") for name in ("script", "style", "object"))
    passive = sources("img-src") | sources("media-src")
    active = {
        source
        for directive, given in policy.items()
        if directive not in {"img-src", "media-src"}
        for source in given
    }
    if script & (BROAD | INLINE) or objects & BROAD:
        return -20
    if any(source.startswith(("http:", "ftp:")) for source in active):
        return -20
    if "'unsafe-eval'" in script | style:
        return -10
    if any(source.startswith(("http:", "ftp:")) for source in passive):
        return -10
    if style & (BROAD | INLINE):
        return 0
    return 10 if policy.get("default-src") == ["'none'"] else 5


def cookies(answer: Answer) -> int:
    worst, given = 5, answer.all("Set-Cookie")
    has_hsts = hsts(answer) >= 0
    for cookie in given:
        ((name, morsel),) = SimpleCookie(cookie).items()
        name = name.lower()
        is_session = "login" in name or "sess" in name
        if not morsel["secure"]:
            worst = min(worst, -10 if has_hsts and is_session else -5 if has_hsts else -20)
            worst = min(worst, -40) if is_session and not has_hsts else worst
        if morsel["samesite"].lower() not in {"", "lax", "strict"}:
            worst = min(worst, -20)
        if not morsel["samesite"]:
            worst = min(worst, -20 if "csrf" in name else 0)
        if is_session and not morsel["httponly"]:
            worst = min(worst, -30)
    return worst if given else 0


def cors(answer: Answer) -> int:
    is_open = answer.first("Access-Control-Allow-Origin") not in {"", "*"}
    return -50 if is_open and answer.first("Access-Control-Allow-Credentials") == "true" else 0


def redirection(answer: Answer) -> int:
    status, location = answer.over_http
    target = urlsplit(location)
    if status not in {301, 302, 303, 307, 308}:
        return -20
    if target.scheme != "https":
        return -20
    return 0 if target.hostname == answer.host else -5


def referrer(answer: Answer) -> int:
    value = answer.first("Referrer-Policy")
    return 5 if value in PRIVATE else -5 if value else 0


def hsts(answer: Answer) -> int:
    age = re.search(r"max-age=(\d+)", answer.first("Strict-Transport-Security"))
    return -20 if age is None else 0 if int(age[1]) >= SIX_MONTHS else -10


class _Scripts(HTMLParser):
    """The scripts of a page that have an address."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[dict[str, str | None]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "script" and dict(attrs).get("src"):
            self.found.append(dict(attrs))


def sri(answer: Answer) -> int:
    worst = 5
    for script in _Scripts(answer.body).found:
        address = urlsplit(script["src"] or "")
        is_ours = not address.netloc or (address.scheme and address.hostname == answer.host)
        if not is_ours and address.scheme != "https":
            worst = min(worst, -20 if script.get("integrity") else -50)
        elif not script.get("integrity"):
            worst = min(worst, 0 if is_ours else -5)
    return worst if _Scripts(answer.body).found else 0


def nosniff(answer: Answer) -> int:
    return 0 if answer.first("X-Content-Type-Options") == "nosniff" else -5


def framing(answer: Answer) -> int:
    if any("frame-ancestors" in policy for policy in answer.policies):
        return 5
    return 0 if answer.first("X-Frame-Options") in {"deny", "sameorigin"} else -20


def corp(answer: Answer) -> int:
    value = answer.first("Cross-Origin-Resource-Policy")
    known = {"": 0, "cross-origin": 0, "same-origin": 10, "same-site": 10}
    return known.get(value, -5)


TESTS = {
    "csp": csp,
    "cookies": cookies,
    "cors": cors,
    "redirection": redirection,
    "referrer-policy": referrer,
    "hsts": hsts,
    "sri": sri,
    "nosniff": nosniff,
    "framing": framing,
    "corp": corp,
}

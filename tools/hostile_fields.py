"""Send hostile text in every field of every form, at the desk and on the public site.

`make hostile` runs it last. It follows the links as each role, and sends each form once for each of
its fields with a text of full size. It prints slow requests and every server error.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urljoin, urlsplit

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tools.hostile import FULL, GOAL, prepare, repeat  # noqa: E402
from tools.hostile_requests import Session, set_up  # noqa: E402

#: Fragments that are repeated to full size.
FRAGMENTS = ("甲{n}，", "@a ", "<b>(", "a b ", "（记者 张三、", "1", "\n", '"-', "%", "=&")
#: Size of a text in a URL.
IN_ADDRESS = 60_000
#: Maximum number of visited URLs per user, and per URL pattern.
PAGES, ALIKE = 120, 2
#: URLs that are not followed: they end the session, or create objects at each visit.
SKIPPED = ("/logout/", "/reset", ".pdf", ".zip", "/media", "/static", "/photos/", "password")


@dataclass
class Form:
    """HTML form: its action, its method, and the values of its fields."""

    action: str
    is_post: bool
    fields: dict[str, str] = field(default_factory=dict)

    @property
    def kind(self) -> tuple[str, ...]:
        """Return the identity of a form: its URL without numbers, and its fields."""
        return (pattern(self.action), *sorted(self.fields))


def pattern(url: str) -> str:
    """Return a URL with 0 for each number."""
    path = urlsplit(url).path
    return "/".join("0" if any(c.isdigit() for c in part) else part for part in path.split("/"))


class Page(HTMLParser):
    """Parser that collects the links and forms of an HTML document."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self.url = url
        self.links: list[str] = []
        self.forms: list[Form] = []
        self._open: Form | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Collect a link, a form or a field."""
        facts = {name: value or "" for name, value in attrs}
        if tag == "a" and facts.get("href", "").startswith(("/", "?")):
            self.links.append(urljoin(self.url, facts["href"]))
        elif tag == "form":
            action = urljoin(self.url, facts.get("action") or self.url)
            self._open = Form(action, facts.get("method", "").lower() == "post")
            self.forms.append(self._open)
        elif self._open and tag in {"input", "textarea", "select", "button"} and facts.get("name"):
            self._open.fields.setdefault(facts["name"], facts.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        """Close a form."""
        if tag == "form":
            self._open = None


def walk(session: Session, who: str) -> Iterator[Form]:
    """Yield the forms that a user reaches by links, each kind once."""
    client = session.clients.get(who, session.reader)
    waiting = ["/desk/" if who in session.clients else "/", "/search/"]
    seen: dict[str, int] = {}
    kinds: set[tuple[str, ...]] = set()
    visited = 0
    while waiting and visited < PAGES:
        url = waiting.pop(0)
        shape = pattern(url) + ("?" if "?" in url else "")
        seen[shape] = seen.get(shape, 0) + 1
        if seen[shape] > ALIKE or any(part in url for part in SKIPPED):
            continue
        answer = client.get(url, follow=True)
        visited += 1
        if not answer.headers.get("Content-Type", "").startswith("text/html"):
            continue
        page = Page(url)
        page.feed(answer.content.decode())
        waiting += page.links
        for form in page.forms:
            if form.kind not in kinds and "logout" not in form.action:
                kinds.add(form.kind)
                yield form


def send(session: Session, who: str, form: Form) -> Iterator[tuple[str, str, float, int]]:
    """Send a form with each fragment in each field; yield field, fragment, seconds and status."""
    client = session.clients.get(who, session.reader)
    size = FULL if form.is_post else IN_ADDRESS
    for name in form.fields:
        for fragment in FRAGMENTS:
            data = {**form.fields, name: repeat(fragment, size)}
            start = time.process_time()
            if form.is_post:
                answer = client.post(form.action, data)
            else:
                answer = client.get(form.action, data)
            yield name, fragment, time.process_time() - start, answer.status_code


def main() -> None:
    """Send the forms of each role, and print slow or failing ones."""
    with tempfile.TemporaryDirectory() as folder:
        prepare(folder)
        session = set_up()
        for client in (*session.clients.values(), session.reader):
            client.raise_request_exception = False
        fill(session)
        count, worst = 0, (0.0, "")
        for who in sys.argv[1:] or ("reader of the paper", "admin", "chief", "correspondent"):
            forms = list(walk(session, who))
            print(f"{who}: {len(forms)} forms", flush=True)
            for form in forms:
                for name, fragment, spent, status in send(session, who, form):
                    count += 1
                    what = f"{form.action} {name} {fragment!r} {status}"
                    worst = max(worst, (spent, what))
                    if spent > GOAL / 2 or status >= 500:
                        print(f"{spent:>8.2f} s  {what}", flush=True)
        print(f"{count} requests, the slowest {worst[0]:.2f} s: {worst[1]}")


def fill(session: Session) -> None:
    """Create an article, so that its views can be visited."""
    for who in ("correspondent", "chief"):
        form = session.form("light", "水闸换了电动机。\n", window_id=f"tab-of-{who}")
        session.ask("made", who, "/desk/articles/article/add/", form)


if __name__ == "__main__":
    main()

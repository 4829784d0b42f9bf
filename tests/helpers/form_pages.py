"""Forms on a page: read their fields, fill them with strings, send them."""

from __future__ import annotations

import itertools
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from urllib.parse import quote

from django.test import Client

from tests.helpers.naughty_strings import STRINGS
from textkit.characters import clean_text, is_unseen

#: How often each form is sent: once with another string in every field, then in a few, so that the
#: refusal of one string does not hide the result of the others. Each form starts elsewhere.
EACH, FULL, FEW = 9, 1, 2
#: Scripts that contain data, or have the nonce of the page.
DATA = {"importmap", "application/ld+json"}
TYPED = {"text", "search", "email", "password", "url", "tel", "date", "time", "number", "hidden"}


@dataclass
class Form:
    """A form as a browser reads it: its URL, the values of its fields, and its text fields."""

    action: str
    method: str
    values: dict[str, list[str]] = field(default_factory=dict)
    typed: list[str] = field(default_factory=list)
    ticks: set[str] = field(default_factory=set)
    #: Fields of free text; the others are hidden, or a choice.
    texts: list[str] = field(default_factory=list)


class Page(HTMLParser):
    """The forms of a page; `bad` contains what must not be in it."""

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[Form] = []
        self.bad: list[str] = []
        self.area: str | None = None
        self.text = ""
        self.select: str | None = None
        self.feed(source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.bad += [f"{tag} {name}" for name in given if name.startswith("on") or name == "style"]
        self.bad += [tag for src in ("src", "href") if given.get(src, "").startswith("javascript:")]
        if tag in {"iframe", "base", "object", "math", "style"}:
            self.bad.append(tag)
        if tag == "script" and "src" not in given and given.get("type") not in DATA:
            self.bad.append("script")
        if tag == "form":
            self.forms.append(Form(given.get("action", ""), given.get("method", "get").lower()))
        if tag == "option" and self.select and self.forms:
            self._option(self.forms[-1].values[self.select], given)
        name = given.get("name", "")
        if not name or not self.forms or "disabled" in given:
            return
        form = self.forms[-1]
        if tag == "textarea":
            self.area, self.text = name, ""
        elif tag == "select":
            self.select = None if "multiple" in given else name
            form.typed.append(name)
            form.values.setdefault(name, [])
        elif tag == "input":
            self._input(form, name, given)

    def _option(self, values: list[str], given: dict[str, str]) -> None:
        """Return the option that a browser sends: the chosen one, or else the first."""
        if "selected" in given or not values:
            values[:] = [given.get("value", "")]

    def _input(self, form: Form, name: str, given: dict[str, str]) -> None:
        kind = given.get("type", "text")
        if kind in {"checkbox", "radio"}:
            form.ticks.add(name)
        if kind in {"checkbox", "radio"} and "checked" not in given:
            form.typed.append(name)
        elif kind in TYPED | {"checkbox", "radio"}:
            form.values.setdefault(name, []).append(given.get("value", ""))
            if name != "csrfmiddlewaretoken":
                form.typed.append(name)
            if kind != "hidden" and name not in form.ticks:
                form.texts.append(name)

    def handle_data(self, data: str) -> None:
        if self.area is not None:
            self.text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self.area is not None:
            # The first line break after the tag is not part of the text.
            self.forms[-1].values[self.area] = [self.text.removeprefix("\n")]
            self.forms[-1].typed.append(self.area)
            self.forms[-1].texts.append(self.area)
            self.area = None

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)


def squash(text: str) -> str:
    """Return the part of a text that must come back: visible characters in their usual form."""
    seen = (c for c in clean_text(text) if not (c.isspace() or is_unseen(c)))
    kept = (c for c in seen if unicodedata.category(c) not in {"Cc", "Cs"})
    return unicodedata.normalize("NFC", "".join(kept))


def arrived(text: str) -> str:
    """Return the part of a text that arrives: without surrogates and NUL."""
    return text.encode("utf-8", "surrogatepass").decode("utf-8", "replace").replace("\x00", "")


def strings_for(name: str, many: int = EACH) -> Iterator[str]:
    """Return strings of all kinds, starting elsewhere in the list for each name."""
    start = sum(map(ord, name)) * 37
    step = len(STRINGS) // many
    yield from (STRINGS[(start + n * step) % len(STRINGS)] for n in range(many))


def fours(texts: list[str]) -> Iterator[list[str]]:
    yield from (texts[n : n + 4] for n in range(0, len(texts), 4))


def rounds(
    name: str, fields: list[str], texts: list[str], many: int, full: int, few: int = 1
) -> Iterator[dict[str, list[str]]]:
    """Yield the input of a form, `many` times: all `fields` `full` times, then a few `texts`."""
    own = list(dict.fromkeys(one for one in texts if "__prefix__" not in one)) or fields
    strings = strings_for(name, full * len(fields) + few * (many - full))
    sequence = itertools.cycle(own)
    for number in range(many):
        chosen = fields if number < full else list(itertools.islice(sequence, min(few, len(own))))
        yield {one: [next(strings)] for one in chosen}


def send(client: Client, url: str, values: dict[str, list[str]]):
    """Post like a browser; surrogates are sent like a broken browser does."""
    pairs = [(name, value) for name, found in values.items() for value in found]
    body = b"&".join(
        quote(name).encode() + b"=" + quote(value.encode("utf-8", "surrogatepass")).encode()
        for name, value in pairs
    )
    return client.post(url, body, content_type="application/x-www-form-urlencoded")


def page_of(response) -> Page:
    source = response.content.decode()
    source.encode("utf-8")
    return Page(source)


def form_in(client: Client, url: str, name: str) -> Form:
    """Return the form on the page that has the field `name`."""
    found = page_of(client.get(url))
    form = next(f for f in found.forms if f.method == "post" and name in [*f.typed, *f.values])
    return replace(form, action=form.action or url)

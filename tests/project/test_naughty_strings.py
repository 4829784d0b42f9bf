"""Rule: any input in any field is shown again as typed, or refused with a message.

Every form of the desk is found on its page. Blanks at the ends and repeated blanks, and
characters that nobody sees, need not come back.
"""

from __future__ import annotations

import datetime as dt
import html
import itertools
import re
from collections.abc import Callable, Iterator
from functools import partial
from urllib.parse import quote, urljoin

import pytest
from django.contrib.auth.models import User
from django.test import Client

from articles import services
from articles.exceptions import Invalid
from articles.models import Article, ReasonPhrase
from articles.services import authorship, comments
from bylines.models import Contributor
from issues.services import plan_issue
from paper.models import Paper, Section, Town
from photos.services import add_photo
from proofing.models import HouseWord
from tests.helpers import factories
from tests.helpers.form_pages import (
    EACH,
    FEW,
    FULL,
    Form,
    Page,
    arrived,
    form_in,
    fours,
    page_of,
    rounds,
    send,
    squash,
    strings_for,
)
from tests.helpers.naughty_strings import GROUPS, STRINGS


@pytest.fixture(autouse=True)
def _no_limit_of_tries(settings):
    """Disable rate limits, because the forms are sent more often than the limits allow."""
    settings.ACCOUNT_RATE_LIMITS = False


@pytest.fixture
def article(staff, now) -> Article:
    photo = add_photo(data=factories.picture(), caption="", user=staff["editor"], at=now)
    made = factories.make_in("first_review", staff["correspondent"], now)
    made.article_photos.create(photo=photo)
    services.take(made, user=staff["editor"], at=now)
    made.refresh_from_db()
    return made


def _surfaces() -> dict[str, tuple[str, str, Callable[..., str]]]:
    """Return, by name: the user, a field that identifies the form on its page, and its URL."""

    def of(model: type, app: str) -> Callable[..., str]:
        return lambda article: f"/desk/{app}/{model.objects.first().pk}/change/"

    def at(url: str) -> Callable[..., str]:
        return lambda article: url.format(pk=article.pk)

    desk = "/desk/articles/article/{pk}/"
    return {
        "article": ("editor", "headline", at(desk + "change/")),
        "new article": ("reporter", "headline", at("/desk/articles/article/add/")),
        "return": ("editor", "reason", at(desk + "return/")),
        "spike": ("editor", "reason", at(desk + "spike/")),
        "approve": ("editor", "note", at(desk + "approve/")),
        "comment": ("editor", "text", at(desk + "comments/")),
        "plan": ("chief", "pages", at("/desk/issues/issue/add/")),
        "page": ("editor", "text", at("/desk/paste/")),
        "paper": ("administrator", "motto", of(Paper, "paper/paper")),
        "section": ("administrator", "english_name", of(Section, "paper/section")),
        "town": ("administrator", "short_name", of(Town, "paper/town")),
        "old address": ("administrator", "old", at("/desk/paper/oldaddress/add/")),
        "house word": ("administrator", "better", of(HouseWord, "proofing/houseword")),
        "phrase": ("head", "text", of(ReasonPhrase, "articles/reasonphrase")),
        "contributor": ("administrator", "unit", of(Contributor, "bylines/contributor")),
        "login": ("administrator", "last_name", of(User, "auth/user")),
        "new login": ("administrator", "username", at("/desk/auth/user/add/")),
        "password": ("chief", "old_password", at("/desk/password_change/")),
        "log in": ("", "username", at("/desk/login/")),
    }


SURFACES = _surfaces()


@pytest.fixture
def surface(desk, article) -> Callable[[str], tuple[Client, Form, Callable[[], None]]]:
    """Return a form of the desk, its user, and a function that undoes a transition."""
    HouseWord.objects.create(word="最高级")

    def reset() -> None:
        state = {"state": "first_review", "taken_by": article.taken_by, "version": article.version}
        Article.objects.filter(pk=article.pk).update(taken_at=article.taken_at, **state)
        article.reviews.all().delete()

    def find(name: str):
        role, key, url = SURFACES[name]
        client = desk(role) if role else Client()
        return client, form_in(client, url(article), key), reset

    return find


@pytest.mark.parametrize("name", SURFACES)
def test_a_form_takes_or_refuses_anything(surface, name):
    client, form, reset = surface(name)
    typed = [one for one in dict.fromkeys(form.typed) if one not in {"action", "_save"}]
    assert typed
    seen_refused = False
    for changed in rounds(name, typed, form.texts, EACH, FULL, FEW):
        response = send(client, form.action, {**form.values, **changed})
        where = (name, changed)
        assert response.status_code in {200, 302, 400, 404, 409}, where
        if response.status_code == 302:
            reset()
            if name in EDITED and len(changed) <= FEW:
                check_stored(client, form, changed)
            continue
        page = page_of(response)
        assert page.bad == [], where
        if response.status_code in {200, 400}:
            seen_refused = True
            check_said_and_kept(response, page, changed, where)
    assert seen_refused or name in {"approve", "log in"}


#: Forms that show what they have saved, with fields that are parsed instead of stored as typed.
EDITED = {"article", "paper", "section", "town", "house word", "phrase", "contributor", "login"}
READ = {
    "note",
    "username",
    "byline",
    "tag_line",
    "photos-0-credit",
    "section",
    "towns",
    "version",
    "editors",
    "logo",
}


def check_stored(client: Client, form: Form, changed: dict[str, list[str]]) -> None:
    """Check that the form shows the saved input when it is opened again."""
    shown = form_in(client, form.action, next(iter(changed))).values
    for name, (text,) in changed.items():
        if (
            name not in shown
            or name in READ | form.ticks
            or name.startswith(("initial-", "photos-1-"))
        ):
            continue
        if name == "body":
            assert len(shown[name]) == 1
        else:
            assert squash(shown[name][0]) == squash(arrived(text)), (name, text)


def check_said_and_kept(response, page: Page, changed: dict[str, list[str]], where) -> None:
    """Check that a refused form has a message and shows the input again."""
    source = response.content.decode()
    assert re.search("errorlist|note-error|note-warning|story-card", source), where
    shown = {name: value for form in page.forms for name, value in form.values.items()}
    for name, (text,) in changed.items():
        # Passwords are never shown again; an invalid choice cannot be shown.
        kept = shown.get(name)
        if kept and "password" not in name and squash(kept[0]):
            assert squash(kept[0]) == squash(arrived(text)) or is_choice(source, name), where


def is_choice(source: str, name: str) -> bool:
    return bool(
        re.search(rf'<(select|input type="(hidden|radio|checkbox)")[^>]*name="{name}"', source)
    )


def crawl(client: Client, most: int = 60) -> Iterator[tuple[str, Page]]:
    """Yield every page of the desk that links lead to, one of each kind."""
    seen: set[str] = set()
    todo = ["/desk/"]
    while todo and len(seen) < most:
        url = todo.pop(0)
        kind = re.sub(r"\d+", "N", url.partition("?")[0])
        if kind in seen or not url.startswith("/desk/") or "logout" in url:
            continue
        seen.add(kind)
        response = client.get(url, follow=True)
        if "html" not in response.headers.get("Content-Type", ""):
            continue
        yield url, page_of(response)
        links = re.findall(r'href="([^"#]+)"', response.content.decode())
        todo += [urljoin(url, html.unescape(link)) for link in links]


@pytest.mark.parametrize("role", ["correspondent", "head", "administrator"])
def test_no_form_that_links_lead_to_breaks(desk, article, now, role):
    """Forms that the list above lacks are found by following links."""
    plan_issue(date=now.date() + dt.timedelta(days=2), user=None)
    client, sent = desk(role), set()
    strings = itertools.cycle(strings_for(role, 80))
    for url, page in list(crawl(client)):
        for form in page.forms:
            typed = [name for name in dict.fromkeys(form.typed) if name not in form.ticks]
            kind = (re.sub(r"\d+", "N", urljoin(url, form.action)), *typed)
            if form.method != "post" or not typed or kind in sent:
                continue
            sent.add(kind)
            changed = {name: [next(strings)] for name in typed}
            response = send(client, urljoin(url, form.action), {**form.values, **changed})
            assert response.status_code < 500, (url, form.action, changed)
            if "html" in response.headers.get("Content-Type", ""):
                assert page_of(response).bad == [], (url, form.action, changed)
    assert len(sent) >= 5


def test_a_preview_of_a_page_takes_or_refuses_anything(desk, db, staff):
    client = desk("editor")
    text = "白沙镇\n六座水闸换了电动机\n\n云溪讯 入冬前，白沙镇换了电动机。\n\n（通讯员 罗小满）\n"
    found = page_of(send(client, "/desk/paste/", {"text": [text]}))
    form = next(f for f in found.forms if "s-0-headline" in f.values)
    typed = list(dict.fromkeys(form.typed))
    for changed in rounds("preview", typed, form.texts, 8, 4):
        values = {**form.values, "bring-in": ["1"], **changed}
        response = send(client, "/desk/paste/", values)
        assert response.status_code in {200, 302, 400}, changed
        assert page_of(response).bad == [], changed


def test_the_autosave_accepts_or_refuses_anything(desk, article):
    client = desk("editor")
    form = form_in(client, f"/desk/articles/article/{article.pk}/change/", "headline")
    url = f"/desk/articles/article/{article.pk}/autosave/"
    for changed in rounds("autosave", form.typed, form.texts, 12, 4):
        response = send(client, url, {**form.values, **changed})
        assert response.status_code in {200, 400, 409}, changed
        assert response.json()


def test_the_strings_are_many_and_of_all_kinds():
    assert len(STRINGS) > 500
    assert all(len(list(group())) >= 9 for group in GROUPS)


def test_every_string_goes_through_print_to_the_reader(client, staff, now):
    """All strings as paragraphs of one text: stored, shown at the desk, published, read."""
    texts = [text for text in map(arrived, STRINGS) if text.strip() and len(text) < 2000]
    body = "".join(f"<p>{html.escape(text)}</p>" for text in texts)
    article = factories.make_in(
        "first_review", staff["correspondent"], now, body=body, has_code=True
    )
    shown = squash(html.unescape(re.sub("<[^>]*>", "", article.body)))
    assert shown == squash("".join(texts))
    client.force_login(staff["head"])
    screen = page_of(client.get(f"/desk/articles/article/{article.pk}/change/"))
    assert screen.bad == []
    for role in ("editor", "head", "chief"):
        # The strings contain the name of a role, which is also the login of the test staff.
        asked = authorship.standing_of(article, staff[role]).questions
        answers = {one.key: "other" for one in asked}
        factories.sign_review(article, user=staff[role], at=now, answers=answers)
        article.refresh_from_db()
    services.release(article, user=staff["chief"], at=now, release_at=now)
    article.refresh_from_db()
    client.logout()
    for url in (article.story.get_absolute_url(), "/", "/sections/news/"):
        response = client.get(url)
        assert response.status_code == 200, url
        assert page_of(response).bad == [], url


def test_every_string_as_a_heading(staff, now):
    """Headings, kickers, units and datelines, four at a time, within the limits of the fields."""
    author = staff["correspondent"]
    article = factories.make_draft(author, now)
    texts = [text for text in map(arrived, STRINGS[::4]) if text.strip()]
    for few in fours(texts):
        values = dict(zip(("headline", "kicker", "unit", "dateline"), few, strict=False))
        values = {name: text[: 300 if name == "headline" else 60] for name, text in values.items()}
        content = factories.content(**values)
        save = partial(services.save_article, article, content, user=author, at=now)
        save(base_version=article.version, has_code=True)
        article.refresh_from_db()
        for name, text in values.items():
            assert squash(getattr(article, name)) == squash(text), (name, text)


def test_every_string_as_a_comment(desk, article, staff, now):
    def kept(text: str) -> str:
        try:
            return comments.add_comment(article, text=text, user=staff["editor"], at=now).text
        except Invalid as invalid:
            return "" if invalid.problems else "nothing said"

    texts = [text for text in map(arrived, STRINGS[::2]) if text.strip()]
    short = [text for text in texts if len(text) < 150]
    # Several strings in a comment; a long one is refused, and sent alone.
    sent = ["\n¶\n".join(few) for few in fours(short)] + [t for t in texts if len(t) >= 150]
    found = [line for text in map(kept, sent) for line in text.split("¶")]
    assert len(found) > 200
    page = desk("head").get(f"/desk/articles/article/{article.pk}/change/")
    assert page_of(page).bad == []
    shown = squash(html.unescape(re.sub("<[^>]*>", "", page.content.decode())))
    assert [text for text in found if squash(text)[:200] not in shown] == []


ASKED = (
    "q",
    "list",
    "state",
    "section",
    "review",
    "page",
    "p",
    "o",
    "town",
    "since",
    "until",
    "view",
)


@pytest.mark.parametrize(
    "url",
    [
        "/desk/articles/article/",
        "/desk/queue/",
        "/desk/issues/issue/",
        "/desk/bylines/contributor/",
    ],
)
def test_an_address_asks_anything(desk, article, url):
    client = desk("chief")
    for asked in rounds(url, list(ASKED), list(ASKED), 3 + len(ASKED), 3):
        query = "&".join(
            f"{name}={quote(text.encode('utf-8', 'surrogatepass'))}"
            for name, (text,) in asked.items()
        )
        response = client.get(f"{url}?{query}", follow=True)
        assert response.status_code in {200, 400}, asked
        assert page_of(response).bad == [], asked


@pytest.mark.parametrize("do", ["approve", "return", "place"])
def test_a_bulk_form_takes_or_refuses_anything(desk, article, now, do):
    client = desk("chief")
    names = ("row", "note", "reason", "phrases", "page", "back", "do", "has_read", "confirmed")
    for changed in rounds(do, list(names), list(names), 1 + len(names), 1):
        values = {"do": [do], "row": [f"{article.pk}:0"], "confirmed": ["1"]}
        response = send(client, "/desk/queue/bulk/", {**values, **changed})
        assert response.status_code in {200, 302, 400}, changed
        assert page_of(response).bad == [], changed


def test_a_page_of_every_string_is_read(desk, db, staff):
    """The paste screen gets all strings as the lines of one page, and shows the result."""
    page = "\n".join(text for text in map(arrived, STRINGS) if len(text) < 400)
    response = send(desk("editor"), "/desk/paste/", {"text": [page]})
    assert response.status_code in {200, 400}
    assert page_of(response).bad == []


def test_the_language_and_unknown_addresses(client, desk):
    for text in strings_for("next", 48):
        raw = quote(text.encode("utf-8", "surrogatepass"), safe="")
        assert client.get(f"/language/en/?next={raw}").status_code in {302, 400}
        for url in (f"/desk/{raw}/", f"/tags/{raw}/", f"/sections/{raw}/", f"/desk/articles/{raw}"):
            assert client.get(url).status_code in {200, 301, 302, 400, 404}, url

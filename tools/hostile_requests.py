"""Measure requests with hostile texts of full size, for each view of an article.

`make hostile` runs it after the search of functions (`tools/hostile.py`). Every text is saved
(automatically, by hand, as a conflict copy), shown in each view, reviewed, published, and requested
by readers. Times are processor seconds of the process that responds.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tools.hostile import FULL, Shape, prepare  # noqa: E402

#: Texts that were expensive in some place, by label: (body format, shape).
TEXTS: dict[str, tuple[str, Shape]] = {
    "a table of tabs": ("light", Shape("", "a\t" * 100 + "\n", "")),
    "a table of tabs in a line": ("light", Shape("", "a\t" * 200_000 + "\n", "")),
    "tables of two tabs": ("light", Shape("", "a\tb\nc\td\n\n", "")),
    "empty lines": ("light", Shape("", "\u2028", "")),
    "one paragraph": ("light", Shape("", "水闸换了电动机", "")),
    "paragraphs alike": ("light", Shape("", "全县的水闸都换了电动机。" * 13 + "\n", "")),
    "paragraphs of their own": ("light", Shape("", "第{n}座水闸换了{n}电动机{n}。\n", "")),
    "bold": ("light", Shape("", "**字**字", "")),
    "links": ("light", Shape("", "[字](/a)", "")),
    "escapes": ("light", Shape("", "\\*\\#", "")),
    "line breaks": ("light", Shape("", "字\\\n", "")),
    "quotation marks": ("light", Shape("", "“", "")),
    "half-width marks": ("light", Shape("", "字,", "")),
    "doubled words": ("light", Shape("", "的的", "")),
    "combining marks": ("light", Shape("", "e\u0301", "")),
    "ligatures": ("light", Shape("", "\ufdfa", "")),
    "words": ("light", Shape("", "ab ", "")),
    "marks of a search": ("light", Shape("", "水闸，", "")),
    "angle brackets": ("light", Shape("", "<", "")),
    "ampersands": ("light", Shape("", "&", "")),
    "comments of HTML": ("html", Shape("", "-->", "字&", 50)),
    "bold in HTML": ("html", Shape("", "<b>字</b>字字字字", "")),
    "cells": ("html", Shape("<table>", "<tr><td>格<td>格", "")),
    "lists in lists": ("html", Shape("", "<ul><li>项", "")),
    "breaks in HTML": ("html", Shape("<p>", "字<br>", "")),
    "spaces of a line": ("html", Shape("", "<p><br>字\u3000", "\u3000")),
    "fonts": ("html", Shape("", "</a><font><dd>1</a><font></a>", "")),
}


class Session:
    """Paper with one article, whose views are requested; `costs` has the seconds of each."""

    def __init__(self, now: Any) -> None:
        from django.contrib.auth.models import User
        from django.test import Client

        self.now = now
        self.users = {user.username: user for user in User.objects.all()}
        self.clients = {name: Client() for name in self.users}
        for name, client in self.clients.items():
            client.force_login(self.users[name])
        self.reader = Client()
        self.costs: dict[str, tuple[float, int]] = {}
        self.sequence = 0

    def ask(self, what: str, who: str, url: str, data: dict[str, Any] | None = None) -> Any:
        """Request a URL, with POST if there is `data`, and record its time."""
        client = self.reader if who == "reader" else self.clients[who]
        start = time.process_time()
        answer = client.get(url) if data is None else client.post(url, data)
        if answer.streaming:
            b"".join(answer.streaming_content)
        spent = time.process_time() - start
        if spent > self.costs.get(what, (-1.0, 0))[0]:
            self.costs[what] = (spent, answer.status_code)
        return answer

    def form(self, how: str, body: str, **more: Any) -> dict[str, Any]:
        """Return the data of the article form."""
        from paper.models import Section

        self.sequence += 1
        return {
            "kind": "story",
            "headline": "水闸换了电动机",
            "body": body,
            "body_format": how,
            "byline": "通讯员 甲乙丙",
            "version": 0,
            "section": Section.objects.get(slug="news").pk,
            "window_id": "tab-one-0001",
            "sequence": self.sequence,
            "photos-TOTAL_FORMS": 0,
            "photos-INITIAL_FORMS": 0,
            **more,
        }


def changed(body: str, every: int, word: str) -> str:
    """Return a text with one in `every` Han characters replaced, but no markup."""
    return "".join(
        word if place % every == every - 1 and "\u4e00" <= char <= "\u9fff" else char
        for place, char in enumerate(body)
    )


def run(session: Session, how: str, body: str) -> None:
    """Make all requests with one text."""
    from articles.models import Article

    base = "/desk/articles/article/"
    session.ask("body to editor", "reporter", f"{base}body/", {"body": body, "body_format": how})
    session.ask("refused or made", "reporter", f"{base}add/", session.form(how, body))
    made = Article.objects.order_by("-pk").first()
    if made is None or made.form_key != "tab-one-0001":
        return
    page = f"{base}{made.pk}/"
    desk(session, made, page, how, body)
    print_it(session, made, page)
    made.refresh_from_db()
    Article.objects.filter(pk=made.pk).update(form_key=None)


def desk(session: Session, made: Any, page: str, how: str, body: str) -> None:
    """Save the article automatically, by hand and as a conflict copy, and view it."""
    ask, form = session.ask, session.form
    made.refresh_from_db()
    first = made.version
    ask("form", "reporter", f"{page}change/")
    other = changed(body, 3, "改")
    ask("autosave", "reporter", f"{page}autosave/", form(how, other, version=made.version))
    made.refresh_from_db()
    ask("saved by hand", "reporter", f"{page}change/", form(how, other, version=made.version))
    third = changed(body, 7, "另")
    ask("kept aside", "reporter", f"{page}change/",
        form(how, third, version=first, window_id="tab-two-0002", headline="另一个"))  # fmt: skip
    number = made.revisions.order_by("-number").values_list("number", flat=True).first()
    ask("merge", "reporter", f"{page}merge/{number}/")
    ask("merge, sent", "reporter", f"{page}merge/{number}/", {"version": 0})
    last = made.revisions.filter(is_side=False).order_by("-number").first().number
    ask("compare, turned", "reporter", f"{page}compare/?old={last}&new=1")
    last = made.revisions.filter(is_side=False).order_by("-number").first().number
    ask("compare", "reporter", f"{page}compare/?old=1&new={last}")
    ask("compare, inline", "reporter", f"{page}compare/?old=1&new={last}&view=inline")
    ask("compare, aside", "reporter", f"{page}compare/?old={last}&new={number}")
    ask("comment", "reporter", f"{page}comments/", {"text": "看", "paragraph": 0})
    ask("form with a comment", "reporter", f"{page}change/")
    ask("list", "reporter", "/desk/articles/article/?q=水闸")


def print_it(session: Session, made: Any, page: str) -> None:
    """Review the article, print its sheet, hand it over, publish it and view it as a reader."""
    from articles.models import Article
    from articles.workflow.states import State

    ask = session.ask
    for state, who in (
        ("first_review", "editor"), ("second_review", "head"), ("final_review", "chief"),
    ):  # fmt: skip
        Article.objects.filter(pk=made.pk).update(state=state, round=1, submitted_at=session.now)
        ask("reading", who, f"{page}change/")
    chosen = Article.objects.get(pk=made.pk)
    head = chosen.revisions.filter(is_side=False).order_by("-number").first()
    Article.objects.filter(pk=made.pk).update(state=State.APPROVED, approved_revision=head)
    ask("sign-off sheet", "chief", f"{page}sheet/")
    ask("sign-off sheet, PDF", "chief", f"{page}sheet.pdf")
    hand_over(session, made, page)
    release(session, made)


def hand_over(session: Session, made: Any, page: str) -> None:
    """Place the article on a page and make the print hand-off, twice."""
    from issues import services
    from issues.models import Issue, Placement

    issue = Issue.objects.first()
    Placement.objects.all().delete()
    made.refresh_from_db()
    services.place(made, issue.pages.first(), user=session.users["chief"], at=session.now)
    session.ask("board", "chief", f"/desk/issues/issue/{issue.pk}/")
    url = f"/desk/issues/issue/{issue.pk}/handoff/"
    session.ask("hand-off", "chief", url, {"page": "1"})
    from issues.models import Handoff

    handed = Handoff.objects.order_by("-pk").first()
    if handed is not None:
        for facts in handed.manifest.values():
            facts["revision"], facts["text"] = 1, "another"
        handed.save()
    session.ask("hand-off of changes", "chief", url, {"page": "1"})


def release(session: Session, made: Any) -> None:
    """Publish the article, and request its story in every view."""
    from articles.services import publishing

    made.placements.all().delete()
    made.refresh_from_db()
    start = time.process_time()
    publishing.publish_articles([publishing.PrintedPlace(made)], release_at=session.now)
    spent = (time.process_time() - start, 200)
    session.costs["print"] = max(session.costs.get("print", spent), spent)
    made.save()
    ask = session.ask
    ask("story", "reader", made.story.get_absolute_url())
    ask("story in English pages", "reader", f"/en{made.story.get_absolute_url()}")
    ask("search", "reader", "/search/?q=水闸换了")
    ask("front page", "reader", "/")
    for feed in ("/feed.rss", "/feed.atom", "/feed.json"):
        ask("feed", "reader", feed)
    made.story.delete()


def paste(session: Session, body: str) -> None:
    """Send the text to the page import."""
    answer = session.ask("page text, preview", "chief", "/desk/paste/", {"text": body})
    if answer.status_code != 200 or "stories" not in (answer.context or {}):
        return
    rows = answer.context["stories"].initial_forms
    data: dict[str, Any] = {"bring-in": "1", "target": "drafts", "s-TOTAL_FORMS": len(rows)}
    data["s-INITIAL_FORMS"] = 0
    for number, row in enumerate(rows):
        for name, value in row.initial.items():
            data[f"s-{number}-{name}"] = "" if value is None else value
        data[f"s-{number}-take"] = "on"
    session.ask("page text, brought in", "chief", "/desk/paste/", data)


def main() -> None:
    """Send all texts, or the named ones, and print the most expensive requests."""
    with tempfile.TemporaryDirectory() as folder:
        prepare(folder)
        worst: dict[str, tuple[float, int, str]] = {}
        session, count = set_up(), 0
        named = [one for one in TEXTS if not sys.argv[1:] or any(w in one for w in sys.argv[1:])]
        for name in named:
            session.costs = {}
            everything(session, *TEXTS[name])
            for what, (spent, status) in session.costs.items():
                count += 1
                worst[what] = max(worst.get(what, (0.0, 0, "")), (spent, status, name))
        for what, (spent, status, name) in sorted(worst.items(), key=lambda row: -row[1][0]):
            print(f"{what:<26}{spent:>8.2f} s  {status}  {name}")
        what, (spent, _status, name) = max(worst.items(), key=lambda row: row[1][0])
        print(f"{f'hostile text, the slowest of {count} requests':<46} {f'{spent:.2f} s':>18}")
        print(f"  {what}: {name}")


def everything(session: Session, how: str, shape: Shape) -> None:
    """Send a text at full size, at the largest size that is accepted, and to the page import."""
    full = session.form(how, shape.text(FULL), window_id="tab-else-0001")
    session.ask("refused or made", "reporter", "/desk/articles/article/add/", full)
    run(session, how, shape.text(largest(how, shape)))
    paste(session, shape.text(FULL))


def largest(how: str, shape: Shape) -> int:
    """Return the size up to which the text can be saved."""
    from django.core.exceptions import ValidationError

    from articles.content import Content, tidy
    from articles.forms.body_field import body_of
    from articles.text_limits import excess_of
    from tools.hostile import Target, room

    def takes(text: str) -> bool:
        try:
            return not excess_of(tidy(Content(body=body_of(text, how, {}))).body)
        except ValidationError:
            return False

    return room(Target("", lambda text: None, (), takes=takes), shape)


def set_up() -> Session:
    """Create a paper with its people and a planned issue."""
    import datetime as dt

    from django.conf import settings
    from django.core.management import call_command
    from django.utils import timezone

    from issues import services
    from newsroom.demo import build

    settings.ALLOWED_HOSTS = ["testserver"]
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    build.set_up_paper()
    build.set_up_people()
    now = timezone.now()
    session = Session(now)
    services.plan_issue(
        date=timezone.localdate(now) + dt.timedelta(days=1),
        user=session.users["chief"],
        pages=[(1, "要闻")],
        cutoff_at=now + dt.timedelta(hours=5),
        release_at=now + dt.timedelta(hours=9),
    )
    return session


if __name__ == "__main__":
    main()

"""What every public page has around it: masthead, sections, footer."""

from __future__ import annotations

import re
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import get_template, render_to_string
from django.utils import timezone
from django.utils.encoding import escape_uri_path
from django.utils.html import conditional_escape, escape
from django.utils.safestring import mark_safe
from django.utils.translation import get_language

from paper.querysets import sections_in_use, the_paper
from press.models import Edition, Story
from textkit.dates import dateline

from . import structured
from .addresses import ENGLISH

#: Links of an English page to the paper's own pages; files and the desk have one address.
_LINK = re.compile(r'(\s(?:href|action)=")/(?!static/|desk/|en/|/)')
#: In the footer that many pages share, where each page's address in the other language goes.
_OTHER_LANGUAGE = "https://other-language.invalid/"
#: In the frame that all stories share: where what is a story's own goes.
_PLACES = ("title", "address", "path", "card", "head", "masthead", "nav", "main", "bottom")
_PLACE = re.compile(r"⟦(\w+)⟧")
_WRITTEN = {"head": "story_head.html", "main": "story.html"}
_IN_NAVIGATION = {"/", "/issues/"}
#: Mastheads of old issues are kept up to this number.
_MOST_PARTS = 500


def latest_edition() -> Edition | None:
    """Return the newest edition that is out, with its number of pages as `page_count`."""
    return Edition.objects.visible().with_page_count().order_by("-date", "-part").first()


def site(request: HttpRequest) -> str:
    """Return what stands before a path in an absolute address, such as https://paper.example.cn."""
    return settings.DESK_ADDRESS or f"{request.scheme}://{request.get_host()}"


def address(request: HttpRequest) -> str:
    """Return the absolute address of the page that `request` asks for, without its query.

    Of the Chinese page: the English one says the same in another frame.
    """
    return site(request) + escape_uri_path(request.path_info)


def public(response: HttpResponse) -> HttpResponse:
    """Mark an answer that is the same for everybody, so that the page cache keeps it.

    What cannot be kept must be asked for again each time: release and withdrawal count at once.
    """
    response.is_public = True  # type: ignore[attr-defined]
    response.headers["Cache-Control"] = "no-cache"
    return response


def render_page(
    request: HttpRequest,
    template: str,
    context: dict[str, Any],
    *,
    status: int = 200,
    of_issue: bool = False,
) -> HttpResponse:
    """Return a public page: `template` with `context` and what surrounds it.

    What surrounds it is read once in an epoch of the press. The masthead bears the day of the
    edition on a page `of_issue`, else today's. A context may bring its own `edition`.
    """
    shell = _shell(request, context, status=status, of_issue=of_issue)
    return _answer(render_to_string(template, shell), status)


def render_story(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    """Return the page of the `story` in `context`, as `render_page` would, only ten times as fast.

    Its parts are written by Jinja and put into a frame that is made once in an epoch.
    """
    story: Story = context["story"]
    lead = next(iter(story.photo_list), None)
    shell = _shell(request, {**context, "title": story.title, "lead": lead}, of_issue=True)
    card = {"name": story.title, "text": story.summary, "photo": lead, "kind": "article"}
    shell["card"] = structured.card(shell["paper"], shell["site"], **card)
    shell["tools"] = _part(request, "tools", (), shell)
    for place, template in _WRITTEN.items():
        written = get_template(template, using="jinja").render(shell)
        shell[place] = mark_safe(written)  # noqa: S308 - escaped by the engine
    marks = {place: f"⟦{place}⟧" for place in _PLACES}
    frame = _part(request, "frame", (shell["site"],), {**shell, **marks})
    return _answer(_PLACE.sub(lambda place: conditional_escape(shell[place[1]]), frame))


def _shell(
    request: HttpRequest, context: dict[str, Any], *, status: int = 200, of_issue: bool = False
) -> dict[str, Any]:
    """Return `context` with what surrounds it."""
    around = surroundings(request)
    edition = context.setdefault("edition", around["edition"])
    is_english, path = get_language() == "en", escape_uri_path(request.path_info)
    query = request.META.get("QUERY_STRING", "")
    asked = f"{path}?{query}" if query else path
    here = site(request)
    shell = {
        **around,
        "masthead_date": dateline(edition.date) if edition and of_issue else around["today"],
        "is_todays": edition is not None and edition.date == around["date"],
        "site": here,
        "path": path,
        # What is not there has no address of its own.
        "address": here + path if status == 200 else "",
        "is_english": is_english,
        "is_installable": settings.OFFLINE,
        "other_language": _OTHER_LANGUAGE,
        "LANGUAGE_CODE": get_language(),
        **context,
    }
    section = shell.get("current_section")
    pages = edition and (edition.pk, getattr(edition, "page_count", None))
    shell["masthead"] = _part(request, "masthead", (pages, shell["masthead_date"]), shell)
    current = path if path in _IN_NAVIGATION else section and section.pk
    shell["nav"] = _part(request, "nav", (current,), shell)
    bottom = _part(request, "bottom", (), shell)
    other = escape(here + (asked if is_english else ENGLISH + asked))
    shell["bottom"] = mark_safe(bottom.replace(_OTHER_LANGUAGE, other))  # noqa: S308 - escaped
    return shell


def _answer(page: str, status: int = 200) -> HttpResponse:
    return public(
        HttpResponse(in_english(page) if get_language() == "en" else page, status=status)
    )


def _part(request: HttpRequest, name: str, of: tuple[Any, ...], shell: dict[str, Any]) -> str:
    """Return a part of the frame, made once in an epoch for all pages that are alike in `of`."""
    epoch = getattr(request, "epoch", None)
    kept: dict[Any, str] = epoch.notes.setdefault("frame", {}) if epoch else {}
    alike = (name, get_language(), *of)
    made = kept.get(alike)
    if made is None:
        if len(kept) >= _MOST_PARTS:
            kept.clear()
        made = kept[alike] = render_to_string(f"reader/_{name}.html", shell)
    return made


def surroundings(request: HttpRequest) -> dict[str, Any]:
    """Return paper, sections, newest edition and day: two queries, once in an epoch."""
    epoch = getattr(request, "epoch", None)
    kept = epoch.notes.get("surroundings") if epoch else None
    if kept is None:
        sections, today = list(sections_in_use()), timezone.localdate()
        kept = {
            "paper": sections[0].paper if sections else the_paper(),
            "sections": sections,
            "edition": latest_edition(),
            "date": today,
            "today": dateline(today),
        }
        if epoch:
            epoch.notes["surroundings"] = kept
    return kept


def in_english(page: str) -> str:
    """Return `page` with links that stay in the English paper."""
    return _LINK.sub(rf"\1{ENGLISH}/", page)

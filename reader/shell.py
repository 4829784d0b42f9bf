"""What every public page has around it: masthead, sections, footer."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.encoding import escape_uri_path
from django.utils.html import escape
from django.utils.safestring import mark_safe
from django.utils.translation import get_language

from paper.querysets import sections_in_use, the_paper
from press.models import Edition

from .addresses import ENGLISH, in_english
from .masthead import day_line, issue_line
from .story_page import Frame, marks, pieces_of

#: In parts that many pages share, where each page's address in the other language goes.
_OTHER_LANGUAGE = "https://other-language.invalid/"
_IN_NAVIGATION = {"/", "/issues/"}
#: Mastheads of old issues are kept up to this number.
_MOST_PARTS = 500
#: A paper has a name or two, and two languages; who allows every host shall not fill the memory.
_MOST_FRAMES = 20


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
    page = render_to_string(template, shell)
    return public(HttpResponse(in_english(page) if shell["is_english"] else page, status=status))


def story_frame(request: HttpRequest) -> Frame:
    """Return what all stories of this epoch have around them, in the language of `request`.

    The page cache finds it as `request.story_frame`.
    """
    epoch = getattr(request, "epoch", None)

    def make() -> Frame:
        shell = _shell(request, {**marks(), "edition": None})
        return Frame(
            pieces_of(render_to_string("reader/_frame.html", shell)),
            shell["paper"],
            shell["site"],
            shell["date"],
            shell["is_english"],
            render_to_string("reader/_tools.html"),
            epoch.notes.setdefault("newest", {}) if epoch else {},
        )

    alike = (get_language(), site(request))
    frame = epoch.keep("story_frames", alike, make, most=_MOST_FRAMES) if epoch else make()
    request.story_frame = frame  # type: ignore[attr-defined]
    return frame


def _shell(
    request: HttpRequest, context: dict[str, Any], *, status: int = 200, of_issue: bool = False
) -> dict[str, Any]:
    """Return `context` with what surrounds it."""
    around = surroundings(request)
    edition = context.setdefault("edition", around["edition"])
    is_todays = edition is not None and edition.date == around["date"]
    is_english, path = get_language() == "en", escape_uri_path(request.path_info)
    query = request.META.get("QUERY_STRING", "")
    asked = f"{path}?{query}" if query else path
    here = site(request)
    shell = {
        **around,
        "day": day_line(edition.date if edition and of_issue else around["date"]),
        "is_todays": is_todays,
        "issue": issue_line(edition, is_todays=is_todays),
        "site": here,
        "path": path,
        # What is not there has no address of its own.
        "address": here + path if status == 200 else "",
        "is_english": is_english,
        "is_installable": settings.OFFLINE,
        "LANGUAGE_CODE": get_language(),
        **context,
        "other_language": _OTHER_LANGUAGE,
    }
    section = shell.get("current_section")
    pages = edition and (edition.pk, getattr(edition, "page_count", None))
    masthead = _part(request, "masthead", (pages, shell["day"]), shell)
    current = path if path in _IN_NAVIGATION else section and section.pk
    shell["nav"] = _part(request, "nav", (current,), shell)
    bottom = _part(request, "bottom", (), shell)
    other = here + (asked if is_english else ENGLISH + asked)
    other = escape(context.get("other_language", other))
    for name, part in (("masthead", masthead), ("bottom", bottom)):
        shell[name] = mark_safe(part.replace(_OTHER_LANGUAGE, other))  # noqa: S308 - escaped
    return shell


def _part(request: HttpRequest, name: str, of: tuple[Any, ...], shell: dict[str, Any]) -> str:
    """Return a part of the frame, made once in an epoch for all pages that are alike in `of`."""
    epoch = getattr(request, "epoch", None)

    def make() -> str:
        return render_to_string(f"reader/_{name}.html", shell)

    alike = (name, get_language(), *of)
    return epoch.keep("frame", alike, make, most=_MOST_PARTS) if epoch else make()


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
        }
        if epoch:
            epoch.notes["surroundings"] = kept
    return kept

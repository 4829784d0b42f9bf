"""Template context and response helpers shared by all public views: masthead, sections, footer."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.encoding import escape_uri_path
from django.utils.html import escape
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from taggit.models import Tag

from paper.querysets import get_paper, sections_in_use
from press.merged_contributors import Merged, merged_contributors
from press.models import Edition
from press.tags import TagAliases, public_tags, spelled_like, tag_aliases

from .masthead import day_line, issue_line
from .story_page import Frame, placeholder_context, split_frame
from .url_helpers import ENGLISH, in_english

#: Placeholder for the view's URL in the other language, in fragments that many views share.
_OTHER_LANGUAGE = "https://other-language.invalid/"
_IN_NAVIGATION = {"/", "/issues/"}
#: Maximum number of cached fragments, such as mastheads of old issues.
_MAX_FRAGMENTS = 500
#: Maximum number of cached frames. A paper has one or two host names and two languages; the limit
#: protects the memory of a server that accepts every host.
_MAX_FRAMES = 20


def latest_edition() -> Edition | None:
    """Return the newest visible edition, with its number of pages as `page_count`."""
    return Edition.objects.visible().with_page_count().order_by("-date", "-part").first()


def site(request: HttpRequest) -> str:
    """Return the scheme and host of absolute URLs, such as https://paper.example.cn."""
    return settings.DESK_ADDRESS or f"{request.scheme}://{request.get_host()}"


def address(request: HttpRequest) -> str:
    """Return the absolute URL of the requested view, without its query string.

    Under /en/ too this is the URL of the Chinese view, which has the same content.
    """
    return site(request) + escape_uri_path(request.path_info)


def desk_address() -> str:
    """Return the URL of the desk, or "" if this process does not know it."""
    if settings.HAS_DESK:
        return "/desk/"
    return f"{settings.DESK_ADDRESS}/desk/" if settings.DESK_ADDRESS else ""


def public(response: HttpResponse) -> HttpResponse:
    """Mark a response that is the same for everybody, so that the page cache stores it.

    "no-cache" makes browsers revalidate each time: a release or withdrawal takes effect at once.
    """
    response.is_public = True  # type: ignore[attr-defined]
    response.headers["Cache-Control"] = "no-cache"
    return response


def permanent_redirect(request: HttpRequest, path: str) -> HttpResponse:
    """Return a 301 to `path`, in the language of the request."""
    start = ENGLISH if get_language() == "en" else ""
    query = request.META.get("QUERY_STRING", "")
    return public(HttpResponsePermanentRedirect(f"{start}{path}" + (f"?{query}" if query else "")))


def render_page(
    request: HttpRequest,
    template: str,
    context: dict[str, Any],
    *,
    status: int = 200,
    of_issue: bool = False,
) -> HttpResponse:
    """Render a public view: `template` with `context` and the frame around it.

    The frame is computed once per content version. With `of_issue` the masthead shows the date of
    the edition, else today's. A context may set its own `edition`.
    """
    frame_context = _frame_context(request, context, status=status, of_issue=of_issue)
    page = render_to_string(template, frame_context)
    return public(
        HttpResponse(in_english(page) if frame_context["is_english"] else page, status=status)
    )


def story_frame(request: HttpRequest) -> Frame:
    """Return the frame shared by all stories of this content version in the request's language."""
    content_version = getattr(request, "content_version", None)

    def make() -> Frame:
        frame_context = _frame_context(request, {**placeholder_context(), "edition": None})
        return Frame(
            split_frame(render_to_string("reader/_frame.html", frame_context)),
            frame_context["paper"],
            frame_context["site"],
            frame_context["date"],
            frame_context["is_english"],
            render_to_string("reader/_tools.html"),
            content_version.cache.setdefault("newest", {}) if content_version else {},
            merged_of(request),
            aliases_of(request),
        )

    alike = (get_language(), site(request))
    return (
        content_version.get_or_set("story_frames", alike, make, limit=_MAX_FRAMES)
        if content_version
        else make()
    )


def _frame_context(
    request: HttpRequest, context: dict[str, Any], *, status: int = 200, of_issue: bool = False
) -> dict[str, Any]:
    """Return `context` with everything that the frame needs."""
    shared = surroundings(request)
    edition = context.setdefault("edition", shared["edition"])
    is_todays = edition is not None and edition.date == shared["date"]
    is_english, path = get_language() == "en", escape_uri_path(request.path_info)
    query = request.META.get("QUERY_STRING", "")
    asked = f"{path}?{query}" if query else path
    here = site(request)
    frame_context = {
        **shared,
        "day": day_line(edition.date if edition and of_issue else shared["date"]),
        "is_todays": is_todays,
        "issue": issue_line(edition, is_todays=is_todays),
        "site": here,
        "path": path,
        # An error response has no canonical URL.
        "address": here + path if status == 200 else "",
        "is_english": is_english,
        "is_installable": settings.OFFLINE,
        "desk": desk_address(),
        "LANGUAGE_CODE": get_language(),
        **context,
        "other_language": _OTHER_LANGUAGE,
    }
    section = frame_context.get("current_section")
    pages = edition and (edition.pk, getattr(edition, "page_count", None))
    masthead = _fragment(request, "masthead", (pages, frame_context["day"]), frame_context)
    current = path if path in _IN_NAVIGATION else section and section.pk
    frame_context["nav"] = _fragment(request, "nav", (current,), frame_context)
    bottom = _fragment(request, "footer", (), frame_context)
    other = here + (asked if is_english else ENGLISH + asked)
    other = escape(context.get("other_language", other))
    for name, part in (("masthead", masthead), ("bottom", bottom)):
        frame_context[name] = mark_safe(part.replace(_OTHER_LANGUAGE, other))  # noqa: S308 - escaped
    return frame_context


def _fragment(
    request: HttpRequest, name: str, of: tuple[Any, ...], frame_context: dict[str, Any]
) -> str:
    """Return a fragment of the frame, rendered once per content version for equal `of`."""
    content_version = getattr(request, "content_version", None)

    def make() -> str:
        return render_to_string(f"reader/_{name}.html", frame_context)

    alike = (name, get_language(), *of)
    return (
        content_version.get_or_set("frame", alike, make, limit=_MAX_FRAGMENTS)
        if content_version
        else make()
    )


def surroundings(request: HttpRequest) -> dict[str, Any]:
    """Return paper, sections, newest edition and date: two queries per content version."""
    content_version = getattr(request, "content_version", None)
    cached = content_version.cache.get("surroundings") if content_version else None
    if cached is None:
        sections, today = list(sections_in_use()), timezone.localdate()
        cached = {
            "paper": sections[0].paper if sections else get_paper(),
            "sections": sections,
            "edition": latest_edition(),
            "date": today,
        }
        if content_version:
            content_version.cache["surroundings"] = cached
    return cached


def merged_of(request: HttpRequest) -> Merged:
    """Return the merged contributors: at most one query per content version, when needed."""
    content_version = getattr(request, "content_version", None)
    cached: Merged | None = content_version.cache.get("merged") if content_version else None
    if cached is None:
        cached = merged_contributors()
        if content_version:
            content_version.cache["merged"] = cached
    return cached


def aliases_of(request: HttpRequest) -> TagAliases:
    """Return the former names of tags: at most one query per content version, when needed."""
    content_version = getattr(request, "content_version", None)
    return (
        content_version.get_or_set("tag_aliases", "", tag_aliases, limit=1)
        if content_version
        else tag_aliases()
    )


def tag_of(request: HttpRequest, name: str) -> tuple[Tag, str]:
    """Return the tag `name` and its current name if `name` is not it, else "".

    A former name and any other spelling lead to the current one. Raises Http404 if there is no
    such tag, or if the current tag has no visible story.
    """
    targets = aliases_of(request).targets
    exact = Tag.objects.filter(name=name).first()
    found = exact or spelled_like(name)
    if found is None:
        raise Http404
    target = targets.get(found.pk, found.pk)
    if exact is not None and target == exact.pk:
        return exact, ""
    return found, get_object_or_404(public_tags(), pk=target).name

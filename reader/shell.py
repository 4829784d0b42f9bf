"""What every public page has around it: masthead, sections, footer."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.encoding import escape_uri_path

from paper.querysets import sections_in_use, the_paper
from press.models import Edition
from textkit.dates import dateline


def latest_edition() -> Edition | None:
    """Return the newest edition that is out, with its number of pages as `page_count`."""
    return Edition.objects.visible().with_page_count().order_by("-date", "-part").first()


def site(request: HttpRequest) -> str:
    """Return what stands before a path in an absolute address of the paper."""
    return settings.DESK_ADDRESS or f"{request.scheme}://{request.get_host()}"


def address(request: HttpRequest) -> str:
    """Return the absolute address of the page that `request` asks for, without its query."""
    return site(request) + escape_uri_path(request.path)


def public(response: HttpResponse) -> HttpResponse:
    """Mark an answer that is the same for everybody, and have everybody ask for it each time."""
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

    Costs one query for paper and sections, and one for the masthead's edition, unless `context`
    brings them as `sections` and `edition`. The masthead bears the day of the edition on a page
    `of_issue`, else today's. A cache must ask again each time: release and
    withdrawal count at once.
    """
    sections = context.pop("sections", None) or list(sections_in_use())
    if "edition" not in context:
        context["edition"] = latest_edition()
    today, edition = timezone.localdate(), context["edition"]
    shell = {
        "paper": sections[0].paper if sections else the_paper(),
        "sections": sections,
        "masthead_date": dateline(edition.date if edition and of_issue else today),
        "is_todays": edition is not None and edition.date == today,
        "site": site(request),
        # What is not there has no address of its own.
        "address": address(request) if status == 200 else "",
    }
    response = render(request, template, {**shell, **context}, status=status)
    response.headers["Cache-Control"] = "no-cache"
    patch_vary_headers(response, ["Cookie"])
    return response

"""PDF views of an issue and of a page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from photos import responses
from press import pdf
from press.models import Edition, day_slug

from ..base_context import render_page

#: Seconds after which a client may retry while another PDF is being rendered.
_SOON = "5"


@require_safe
def issue_pdf(request: HttpRequest, key: tuple[dt.date, int]) -> HttpResponse | FileResponse:
    """Return the whole issue as PDF, without withdrawn stories."""
    edition = _edition(*key)
    return _answer(request, edition, "", lambda: pdf.issue_pdf(edition, at=timezone.now()))


@require_safe
def page_pdf(
    request: HttpRequest, key: tuple[dt.date, int], number: int
) -> HttpResponse | FileResponse:
    """Return a page as PDF: the uploaded file, or one typeset from its stories."""
    edition = _edition(*key)

    def find() -> str | None:
        return pdf.page_pdf(edition, number, at=timezone.now())

    return _answer(request, edition, f"-{number:02d}", find)


def _edition(date: dt.date, part: int) -> Edition:
    found = Edition.objects.visible().filter(date=date, part=part).first()
    if found is None:
        raise Http404(_("No issue was published on this day."))
    return found


def _answer(
    request: HttpRequest, edition: Edition, part: str, find: Callable[[], str | None]
) -> HttpResponse | FileResponse:
    try:
        name = find()
    except pdf.Busy:
        return _later(
            request, _("Another PDF is being created. Please try again in a few seconds.")
        )
    except pdf.PdfFailed:
        return _later(
            request, _("The PDF cannot be created right now. You can read the pages here.")
        )
    if name is None:
        raise Http404(_("This issue has no such page."))
    answer = responses.answer(request, name, version=name, cache="no-cache")
    file = f"{day_slug(edition.date, edition.part)}{part}.pdf"
    answer.headers["Content-Disposition"] = f'inline; filename="{file}"'
    return answer


def _later(request: HttpRequest, words: str) -> HttpResponse:
    answer = render_page(request, "reader/later.html", {"words": words}, status=503)
    answer.headers["Retry-After"] = _SOON
    return answer

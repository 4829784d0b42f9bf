"""Views for crawlers and other programs: sitemaps, robots.txt, llms.txt, the default icon."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone, translation
from django.views.decorators.http import require_safe

from paper.querysets import get_paper, sections_in_use, towns_in_use

from .. import sitemaps
from ..base_context import public, site


@require_safe
def sitemap_index(request: HttpRequest) -> HttpResponse:
    """Return the index of all sitemaps."""
    paths = [
        reverse("reader:sitemap_news"),
        *(reverse("reader:sitemap", args=[name]) for name in sitemaps.LISTS),
        *(reverse("reader:sitemap_stories", args=[n]) for n in sitemaps.block_numbers()),
    ]
    return _xml(sitemaps.index(site(request), paths))


@require_safe
def sitemap(request: HttpRequest, name: str) -> HttpResponse:
    """Return the sitemap of pages, issues, contributors or tags."""
    if name not in sitemaps.LISTS:
        raise Http404
    return _xml(sitemaps.urlset(site(request), sitemaps.LISTS[name]()))


@require_safe
def sitemap_stories(request: HttpRequest, number: int) -> HttpResponse:
    """Return the sitemap of one block of stories; 404 while none of them is visible."""
    rows = sitemaps.stories(number)
    if not rows:
        raise Http404
    return _xml(sitemaps.urlset(site(request), rows))


@require_safe
def sitemap_news(request: HttpRequest) -> HttpResponse:
    """Return the sitemap of the newest stories, for news search engines."""
    return _xml(sitemaps.news(site(request), get_paper(), timezone.now()))


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Return robots.txt: all but responses computed for each request."""
    closed = ["/search/", "/language/", *(["/desk/"] if settings.HAS_DESK else [])]
    lines = [
        "User-agent: *",
        *(f"Disallow: {path}" for path in closed),
        "Allow: /",
        "",
        f"Sitemap: {site(request)}{reverse('reader:sitemap_index')}",
    ]
    return _text("\n".join(lines) + "\n")


@require_safe
def llms(request: HttpRequest) -> HttpResponse:
    """Return llms.txt: a short description of the site in the paper's language."""
    sections = list(sections_in_use())
    context = {
        "paper": sections[0].paper if sections else get_paper(),
        "sections": sections,
        "towns": towns_in_use(),
        "site": site(request),
    }
    with translation.override(settings.LANGUAGE_CODE):
        return _text(render_to_string("reader/llms.txt", context))


@require_safe
def icon(request: HttpRequest) -> HttpResponse:
    """Redirect programs that look for /favicon.ico to the icon.

    The target URL contains a version of the paper, so the redirect must not be cached.
    """
    return redirect(static("reader/icon-192.png"))


def _xml(text: str) -> HttpResponse:
    return public(HttpResponse(text, content_type="application/xml; charset=utf-8"))


def _text(text: str) -> HttpResponse:
    return public(HttpResponse(text, content_type="text/plain; charset=utf-8"))

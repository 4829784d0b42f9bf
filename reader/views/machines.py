"""What only machines read: sitemaps, robots.txt, llms.txt, the icon that nobody names."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone, translation
from django.views.decorators.http import require_safe

from paper.querysets import sections_in_use, the_paper, towns_in_order

from .. import sitemaps
from ..shell import public, site


@require_safe
def sitemap_index(request: HttpRequest) -> HttpResponse:
    """The index of all sitemaps."""
    paths = [
        reverse("reader:sitemap_news"),
        *(reverse("reader:sitemap", args=[name]) for name in sitemaps.LISTS),
        *(reverse("reader:sitemap_stories", args=[n]) for n in sitemaps.block_numbers()),
    ]
    return _xml(sitemaps.index(site(request), paths))


@require_safe
def sitemap(request: HttpRequest, name: str) -> HttpResponse:
    """The sitemap of pages, issues, contributors or tags."""
    if name not in sitemaps.LISTS:
        raise Http404
    return _xml(sitemaps.urlset(site(request), sitemaps.LISTS[name]()))


@require_safe
def sitemap_stories(request: HttpRequest, number: int) -> HttpResponse:
    """The sitemap of one block of stories; unknown while none of them is out."""
    rows = sitemaps.stories(number)
    if not rows:
        raise Http404
    return _xml(sitemaps.urlset(site(request), rows))


@require_safe
def sitemap_news(request: HttpRequest) -> HttpResponse:
    """The sitemap of the newest stories, for news searches."""
    return _xml(sitemaps.news(site(request), the_paper(), timezone.now()))


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """What a crawler may read: the paper, not what is made anew for each who asks."""
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
    """What the paper is and where things are, in short, in the paper's own language."""
    sections = list(sections_in_use())
    context = {
        "paper": sections[0].paper if sections else the_paper(),
        "sections": sections,
        "towns": towns_in_order(),
        "site": site(request),
    }
    with translation.override(settings.LANGUAGE_CODE):
        return _text(render_to_string("reader/llms.txt", context))


@require_safe
def icon(request: HttpRequest) -> HttpResponse:
    """Where the icon is, for programs that look for it without reading a page.

    Its address ends with a version of the paper: nobody should remember it.
    """
    return redirect(static("reader/icon-192.png"))


def _xml(text: str) -> HttpResponse:
    return public(HttpResponse(text, content_type="application/xml; charset=utf-8"))


def _text(text: str) -> HttpResponse:
    return public(HttpResponse(text, content_type="text/plain; charset=utf-8"))

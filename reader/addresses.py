"""Which addresses are the paper's, and what of an address tells one page from another."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, quote, urlencode

from django.conf import settings

#: The paper in English; /en/stories/1/ is /stories/1/ with English around it.
ENGLISH = "/en"
#: Links of an English page to the paper's own pages; files and the desk have one address.
_LINK = re.compile(r'(<(?:a|form|link)\s(?:[^<>]*?\s)?(?:href|action)=")/(?!static/|desk/|en/|/)')
#: An element that names no language and in whose text Chinese stands.
_CHINESE = re.compile(
    r"<(a|b|dd|dt|em|figcaption|h[1-6]|li|mark|option|p|small|span|strong|td|th)(?![\w-])"
    r"((?:(?!\slang=)[^>])*)>(?=[^<]*[\u3400-\u9fff])"
)
#: What holds the text of a story, on its own page and on a page of an issue.
_TEXT = re.compile(r'<(div)( class="(?:body|set-text)"[^>]*)>')
#: What may stand as it is in the path of an address (RFC 3986, 3.3).
_UNQUOTED = "!$&'()*+,;=/~:@"
_NOT_PUBLIC = ("/desk/", "/language/", "/healthz", "/static/")
#: What a public page may be asked for; anything else that stands behind a "?" was put there by
#: those who pass links on, and no page sees it.
PARAMETERS = {
    "q",
    "before",
    "after",
    "section",
    "town",
    "contributor",
    "issue",
    "since",
    "until",
    "year",
}


def is_public(path: str) -> bool:
    """Return whether `path` is an address of the paper, not of the desk or the server."""
    return settings.HAS_READER and not path.startswith(_NOT_PUBLIC)


def inside(path: str) -> str:
    """Return the address that one under /en/ stands for; "" where `path` is not one."""
    rest = path.removeprefix(ENGLISH)
    if rest == path or not rest.startswith("/") or rest.startswith((*_NOT_PUBLIC, ENGLISH + "/")):
        return ""
    return rest


def in_english(page: str) -> str:
    """Return `page` with links that stay in the English paper, and what is Chinese marked as such.

    The paper's own texts are in no other language: a voice has to know (WCAG 2.2, 3.1.2).
    """
    page = _LINK.sub(rf"\1{ENGLISH}/", page)
    for chinese in (_TEXT, _CHINESE):
        page = chinese.sub(r'<\1 lang="zh-Hans"\2>', page)
    return page


def canonical_query(query: str) -> str:
    """Return the parameters that a page knows, in order, each once: one spelling for one page."""
    # A WSGI string holds bytes; some send Chinese as it is.
    text = query.encode("latin-1", "replace").decode("utf-8", "replace")
    try:
        given = parse_qsl(text, max_num_fields=40)
    except ValueError:
        return ""
    known = {name: value.strip() for name, value in given if name in PARAMETERS}
    return urlencode(sorted((name, value) for name, value in known.items() if value))


def tag_address(name: str) -> str:
    """Return the address of a tag's page: what `reverse` says, in a tenth of its time."""
    return f"/tags/{quote(name, safe=_UNQUOTED)}/"

"""Rule: odd pastes keep what they say, at every door and on every output (`odd_pastes`)."""

from __future__ import annotations

import datetime as dt
import html
import io
import json
import re
from collections import Counter

import pypdfium2 as pdfium
import pytest
from docx import Document

from articles.models import Article
from issues.handoff_text import as_docx, as_text
from press import services as press
from press.models import Story
from tests.helpers import factories
from tests.helpers.article_forms import ADD, form
from tests.helpers.html_bodies import handed_over
from tests.helpers.odd_pastes import PASTES
from textkit.body import Body
from textkit.characters import fold

HOUR = dt.timedelta(hours=1)


@pytest.mark.parametrize("name", PASTES)
def test_a_paste_keeps_what_it_says(name):
    paste = PASTES[name]
    body = Body.from_html(paste.html)
    assert body == paste.body
    assert Body.from_html(str(body)) == body


@pytest.mark.parametrize("name", PASTES)
def test_the_plain_area_shows_the_body_as_it_is(name):
    """What light markup writes is read as the same body again, or it is shown as HTML."""
    body = Body(PASTES[name].body)
    text = body.as_markup({})
    if PASTES[name].light:
        assert text is None or Body.from_markup(text, {}) == body
    else:
        assert text is not None
        assert Body.from_markup(text, {}) == body


def test_the_form_takes_them(desk, staff):
    source = "".join(paste.html for paste in PASTES.values())
    answer = desk("editor").post(ADD, form(body=source, body_format="html"))
    assert answer.status_code == 302
    assert Article.objects.get().body == Body.from_html(source)


def test_every_output_has_them(client, paper, now):
    body = Body("\n".join(paste.body for paste in PASTES.values()))
    story = factories.make_story("题", now - HOUR, body=body)
    page = client.get(story.get_absolute_url()).content.decode()
    seen = solid(html.unescape(re.sub(r"<[^>]*>", "", page)))
    assert solid(html.unescape(re.sub(r"<[^>]*>", "", body))) in seen
    lines = Document(io.BytesIO(as_docx(handed_over(body)))).paragraphs
    assert solid(body.text) in solid("".join(line.text for line in lines))
    assert all(line in as_text(handed_over(body)) for line in body.paragraphs)


def test_feeds_have_them(client, paper, now):
    """A feed has the beginning of a story, so each paste is one."""
    bodies = {}
    for paste in PASTES.values():
        story = factories.make_story("题", now - HOUR, body=Body(paste.body))
        bodies[story.get_absolute_url()] = Body(paste.body)
    items = json.loads(client.get("/feed.json").content)["items"]
    assert len(items) > 10
    for item in items:
        body = next(body for url, body in bodies.items() if item["url"].endswith(url))
        if len(body.text) <= 80:
            assert solid(item["content_text"]) == solid(body.text)


#: Characters that the fonts of the machine may lack: emoji, and the newest extensions.
RARE = re.compile("[\u20e3\u2600-\u27bf\U0001f000-\U0001faff\U00020000-\U0003ffff]")


def test_the_pdf_has_them(client, paper, now):
    body = Body("\n".join(paste.body for paste in PASTES.values()))
    edition = press.publish_edition(
        press.Imprint(number=7, date=(now - HOUR).date(), year_number=3),
        release_at=now - HOUR,
        pages=[(1, "要闻")],
        signed_by="总编",
        signed_at=now,
    )
    story = factories.make_story("题", now - HOUR, body=body)
    Story.objects.filter(pk=story.pk).update(page=edition.pages.get(), position=1)
    answer = client.get(f"{edition.get_absolute_url()}1/page.pdf")
    pages = pdfium.PdfDocument(b"".join(answer.streaming_content))
    text = "".join(pages[n].get_textpage().get_text_range() for n in range(len(pages)))
    missing = Counter(fold(solid(body.text))) - Counter(fold(solid(text)))
    assert not {character for character in missing if not RARE.fullmatch(character)}


def solid(text: str) -> str:
    return "".join(text.split())

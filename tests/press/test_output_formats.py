"""Rule: every visible character of a body is in each output: reader, feed, PDF, DOCX, plain text."""

from __future__ import annotations

import datetime as dt
import html
import io
import json
import re
from collections import Counter

import pypdfium2 as pdfium
from docx import Document
from hypothesis import HealthCheck, assume, given, settings

from issues.handoff_text import as_docx, as_text
from press import services as press
from press.models import Story
from tests.helpers import factories
from tests.helpers.html_bodies import bodies, handed_over
from textkit.body import Body, escaped_markup

HOUR = dt.timedelta(hours=1)
MANY = settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def solid(text: str) -> str:
    """Return `text` without white space."""
    return "".join(text.split())


def shown(source: str) -> str:
    """Return what a browser shows of HTML, without white space."""
    return solid(html.unescape(re.sub(r"<[^>]*>", "", source)))


@MANY
@given(source=bodies())
def test_readers_see_every_character(client, paper, now, source):
    body = Body.from_html(source, [])
    assume(body.text and not escaped_markup(body.text))
    story = factories.make_story("题", now - HOUR, body=body)
    page = client.get(story.get_absolute_url()).content.decode()
    assert shown(body) in shown(page)
    if len(body.text) <= 80:
        items = json.loads(client.get("/feed.json").content)["items"]
        told = next(item for item in items if item["url"].endswith(story.get_absolute_url()))
        assert solid(told["content_text"]) == solid(body.text)


@MANY
@given(source=bodies())
def test_the_layout_gets_every_character(source):
    body = Body.from_html(source, [])
    article = handed_over(body)
    lines = [paragraph.text for paragraph in Document(io.BytesIO(as_docx(article))).paragraphs]
    assert solid(body.text) in solid("".join(lines))
    text = as_text(article)
    assert all(line in text for line in body.paragraphs)


def test_the_pdf_has_every_character(client, paper, now):
    source = (
        "<p>水位涨到10<sup>5</sup>立方米，CO<sub>2</sub>减排3.5%——“𠮷祥村”……</p><h2>小标题：甲、乙</h2>"
        "<ul><li>一项《条例》</li><li>二项·丙</li></ul><blockquote><p>引文！</p></blockquote>"
        "<table><tr><td>表格甲</td><td>12</td></tr></table><p>R&amp;D &lt;三&gt; 〇二六年？（完）</p>"
    )
    body = Body.from_html(source)
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
    missing = Counter(shown(body)) - Counter(solid(text))
    assert not missing

"""Rule: browser and server count the length of a field alike: a line break is one, 𠮷 is one."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest

from articles.models import Article, Comment
from tests.helpers import factories
from tests.helpers.paths import ROOT

NODE = shutil.which("node")
MODULE = ROOT / "static/desk/text_limits.js"
ADD = "/desk/articles/article/add/"


def sent(headline: str) -> dict[str, str]:
    return {
        "version": "0",
        "kind": "story",
        "headline": headline,
        "photos-TOTAL_FORMS": "0",
        "photos-INITIAL_FORMS": "0",
    }


def test_a_headline_as_long_as_the_browser_allows_is_saved(desk, staff):
    """Forms are sent with \\r\\n, which `maxlength` counts as one."""
    page = desk("reporter").get(ADD).content.decode()
    limit = int(re.search(r'<textarea[^>]*name="headline"[^>]*maxlength="(\d+)"', page)[1])
    headline = "甲" * 100 + "\r\n" + "\U00020bb7" * (limit - 101)
    response = desk("reporter").post(ADD, sent(headline))
    assert response.status_code == 302
    assert Article.objects.get().headline == headline.replace("\r\n", "\n")


def test_a_longer_headline_is_refused(desk, staff):
    response = desk("reporter").post(ADD, sent("甲" * 301))
    assert response.status_code != 302
    assert not Article.objects.exists()


def test_a_comment_of_lines_has_the_length_that_the_browser_counts(desk, staff, now):
    article = factories.make_in("first_review", staff["reporter"], now)
    text = "\r\n".join(["查" * 9] * 100)
    response = desk("editor").post(f"/desk/articles/article/{article.pk}/comments/", {"text": text})
    assert response.status_code == 302
    assert len(Comment.objects.get().text) == 999


@pytest.mark.skipif(NODE is None, reason="node is not installed: the script is not run")
def test_the_browser_counts_a_character_outside_the_basic_plane_once():
    """A field of 4 accepts four of them, and no further character."""
    code = f"""
    const listeners = {{}};
    globalThis.document = {{
      addEventListener: (name, listener) => {{ listeners[name] = listener; }},
      querySelectorAll: () => [],
    }};
    await import({MODULE.as_uri()!r});
    const type = (field, text) => {{
      listeners.beforeinput({{ type: "beforeinput", target: field, data: text }});
      const room = field.maxLength - field.value.length;
      field.value += text.slice(0, Math.max(0, room));
      field.selectionStart = field.selectionEnd = field.value.length;
      listeners.input({{ type: "input", target: field }});
    }};
    const results = [["\\u{{20bb7}}"], ["a"], ["\\u{{20bb7}}".repeat(9)], ["ab\\u{{20bb7}}cd"], ["abcdefg"]]
      .map(([text]) => {{
        const field = {{ value: "", maxLength: 4, selectionStart: 0, selectionEnd: 0, dataset: {{}} }};
        for (let n = 0; n < 9; n++) type(field, text);
        return [...field.value].length;
      }});
    console.log(results.join(" "));
    """
    done = subprocess.run(
        [str(NODE), "--input-type=module", "-e", code],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert done.stdout.split() == ["4"] * 5

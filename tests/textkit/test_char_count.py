"""Rule: lengths are counted as WPS, layout and fees count them; browser and server agree."""

from __future__ import annotations

import importlib
import json
import random
import shutil
import subprocess

import pytest
from django.apps import apps
from django.urls import reverse

from articles import services
from articles.models import Article
from articles.services.audit_verify import verify
from articles.services.lengths import recount_articles
from paper.models import Paper
from paper.querysets import counts_marks
from tests.helpers import factories
from tests.helpers.paths import ROOT
from textkit.body import Body
from textkit.char_count import count_chars

NODE = shutil.which("node")
MODULE = ROOT / "static/desk/char_count.js"
#: Text, length, length without marks.
LENGTHS = [
    ("", 0, 0),
    ("水闸换了，电动机。", 9, 7),
    ("，。 \n　", 2, 0),
    ("——……", 4, 0),
    ("“好”‘好’", 6, 2),
    ("买买提·艾力", 6, 5),
    ("2023年WTO", 3, 3),
    ("3.5", 1, 1),
    ("5.6%", 1, 1),
    ("5G", 1, 1),
    ("COVID-19", 1, 1),
    ("10:30", 1, 1),
    ("name@paper.example", 1, 1),
    ("don't don’t", 2, 2),
    ("3–5 3—5", 4, 3),
    ("½ 3½", 2, 2),
    ("m² 10⁵ CO₂", 3, 3),
    ("20℃ 8㎡ Ⅳ ①", 6, 6),
    ("ＷＴＯ２", 4, 4),
    ("（记者）", 4, 2),
    ("(记者) (2023) ... -", 3, 3),
    ("水,闸", 2, 2),
    ("〇\U00020bb7\U00030000\ue123龴", 5, 5),
    ("W\u200bTO\u00ad", 1, 1),
    ("水\u200b\u200d闸", 2, 2),
    ("\U0001f468\u200d\U0001f469\u200d\U0001f467\u2764\ufe0f\U0001f44d\U0001f3fd", 3, 0),
    ("\U0001f1e8\U0001f1f3 1\ufe0f\u20e3", 2, 1),
    ("かな カナ 한글", 6, 6),
]


@pytest.mark.parametrize(("text", "chars", "without_marks"), LENGTHS)
def test_a_text_has_the_length_that_wps_shows(text, chars, without_marks):
    assert count_chars(text) == chars
    assert count_chars(text, marks=False) == without_marks


def in_browser(script: str, texts: list[str]) -> list[int]:
    """Return the results of an expression of `text` in JavaScript."""
    code = (
        f"import * as m from {json.dumps(MODULE.as_uri())};"
        "import { readFileSync } from 'node:fs';"
        "const texts = JSON.parse(readFileSync(0, 'utf8'));"
        f"console.log(JSON.stringify(texts.map((text) => {script})));"
    )
    done = subprocess.run(
        [str(NODE), "--input-type=module", "-e", code],
        input=json.dumps(texts),
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    found: list[int] = json.loads(done.stdout)
    return found


@pytest.mark.skipif(NODE is None, reason="node is not installed: the twin is not run")
def test_the_browser_counts_as_the_server_does():
    dice = random.Random(18)
    signs = (
        "".join(text for text, _chars, _without in LENGTHS) + " \n—’–-.,0aＡ。，\ufe0f\u200d\u200b"
    )
    texts = [text for text, _chars, _without in LENGTHS]
    texts += ["".join(dice.choices(signs, k=dice.randrange(1, 12))) for _ in range(3000)]
    for marks in (True, False):
        script = f"m.countChars(text, {{ marks: {json.dumps(marks)} }})"
        ours = [count_chars(text, marks=marks) for text in texts]
        wrong = [
            (text, here, there)
            for text, here, there in zip(texts, ours, in_browser(script, texts), strict=True)
            if here != there
        ]
        assert wrong == []


@pytest.mark.skipif(NODE is None, reason="node is not installed: the twin is not run")
def test_the_marks_of_the_plain_text_area_count_nothing():
    sources = [
        "# 小标题\n\n第一段，有**粗体**。\n- 甲\n- 乙\n1. 丙\n> 引文\n",
        "[水利局](https://water.example/a)说：abc\ndef",
        "| 镇 | 亩 |\n|---|---|\n| 白沙 | 12 |\n",
        "一行\\\n又一行 \\*星号\\*",
    ]
    ours = [count_chars(Body.from_markup(source, {}).text) for source in sources]
    assert in_browser("m.countChars(m.textOfLight(text))", sources) == ours


def test_cards_budgets_and_hand_off_show_the_length_with_marks(staff, now):
    article = factories.make_draft(staff["reporter"], now, body="<p>水闸换了，电动机。</p>")
    assert article.chars == 9


def test_the_paper_may_leave_marks_out_and_articles_are_counted_again(desk, staff, now):
    """The settings form changes it; published stories keep their sealed length."""
    body = "<p>水闸换了，电动机。</p>"
    article = factories.make_draft(staff["reporter"], now, body=body)
    services.submit(article, user=staff["reporter"], at=now)
    factories.pass_all(article, staff, now)
    services.release(article, user=staff["chief"], at=now)
    client, url = desk("administrator"), "/desk/paper/paper/1/change/"
    initial = client.get(url).context["adminform"].form.initial
    values = {name: value for name, value in initial.items() if value}
    values |= {"release_time": "06:00", "cutoff_time": "22:00"}
    assert values.pop("counts_marks") is True
    assert client.post(url, values).status_code == 302
    assert counts_marks() is False
    article = Article.objects.get()
    assert (article.chars, article.story.chars) == (7, 9)
    assert verify(article) is None
    page = client.get(reverse("admin:articles_article_change", args=[article.pk])).content.decode()
    assert "7 字" in page
    assert client.post(url, {**values, "counts_marks": "on"}).status_code == 302
    assert Article.objects.get().chars == 9


def test_the_live_count_follows_the_setting(desk, staff):
    page = desk("reporter").get("/desk/articles/article/add/").content.decode()
    assert "data-no-marks" not in page
    Paper.objects.update(counts_marks=False)
    page = desk("reporter").get("/desk/articles/article/add/").content.decode()
    assert "data-no-marks" in page


def test_the_migration_counts_as_the_application_does(staff, now):
    texts = [text for text, _c, _w in LENGTHS if "\u200d" not in text and "\u20e3" not in text]
    body = "".join(f"<p>{text}</p>" for text in texts if "\u200b" not in text)
    body += "<ul><li>abc</li><li>def</li></ul><table><tbody><tr><td>1</td><td>2</td></tr></tbody></table>"
    body = body.replace("\U0001f1e8\U0001f1f3", "")
    article = factories.make_draft(staff["reporter"], now, body=body)
    right = article.chars
    Article.objects.update(chars=1)
    migration = importlib.import_module("articles.migrations.0003_recount_lengths")
    migration.recount(apps, None)
    assert Article.objects.get().chars == right
    assert recount_articles() == 0

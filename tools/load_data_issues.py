"""Fill a database with many published issues, one per day backwards, for benchmarks and tests.

`python tools/load_data_issues.py 3000` adds them to the paper in the configured database. Rows of
`press` are written in bulk, not through the services: texts are invented and not signed.
"""

from __future__ import annotations

import datetime as dt
import itertools
import random
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
BATCH = 100
PAGE_NAMES = ("要闻", "民生", "文化", "副刊")
#: Number of days between special issues.
SPECIAL_EVERY = 50
PLACES = ("城东", "河湾", "上渡", "石桥", "白沙", "柳湾", "古渡", "梅坑", "松岭", "茶坪")
THINGS = ("水渠", "粮站", "学校", "集市", "茶园", "村路", "桥梁", "书屋", "诊所", "果园", "码头")
ACTIONS = ("修好了", "换新装", "迎来客人", "开了夜班", "通了公交", "添了好帮手", "省下一半工夫")
SENTENCES = (
    "天刚亮，{place}村口已经停满了三轮车，等着过秤的人排到了晒谷场。",
    "负责这件事的老人说，过去要走上半天的路，如今一顿饭的工夫就到了。",
    "记者看到，{thing}边上新立的牌子写着开放的钟点和管护人的名字。",
    "据了解，全县今年安排了两批资金，先修最急的，再修最远的。",
    "“账是一笔一笔记在墙上的，谁都可以来看。”会计翻开本子，指给大家看。",
    "入冬以前，还有六处{thing}要完工，工期按天排到了下个月初。",
    "风从河面上吹过来，带着新翻的泥土的气味。",
    "孩子们放学以后到这里写作业，灯一直亮到九点。",
)
KICKERS = ("", "", "一线见闻", "民生小事", "冬修进行时")
#: Number of sentences of each story of a page, from the lead to the briefs.
SENTENCES_OF = (22, 14, 10, 8, 6, 12, 3, 3, 4, 2)


def fill(
    issues: int,
    now: dt.datetime,
    *,
    pages: int = 3,
    stories: int = 10,
    before: dt.date | None = None,
) -> None:
    """Add `issues` editions with `pages` pages of `stories` stories each.

    The newest is dated the day before `before` (default: today). The lead of the first page
    continues on the last page.
    """
    from django.db import transaction
    from django.db.models import Max
    from django.utils import timezone

    from paper.models import Section
    from press.models import Edition

    rolls = random.Random(20221018)
    sections = list(Section.objects.all())
    texts = [_text(rolls, n) for n in SENTENCES_OF for _variant in range(12)]
    first = before or timezone.localdate(now)
    number = (Edition.objects.aggregate(high=Max("number"))["high"] or 0) + issues
    days = _days(first, issues)
    while batch := list(itertools.islice(days, BATCH)):
        with transaction.atomic():
            editions = [_edition(day, part, number - i) for i, (day, part) in enumerate(batch)]
            number -= len(batch)
            _pages(Edition.objects.bulk_create(editions), pages, stories, sections, texts, rolls)


def _days(before: dt.date, issues: int) -> Any:
    """Yield date and part of each issue, the newest first."""
    back = itertools.count(1)
    given = 0
    while given < issues:
        n = next(back)
        for part in (2, 1) if n % SPECIAL_EVERY == 0 else (1,):
            if given < issues:
                given += 1
                yield before - dt.timedelta(days=n), part


def _edition(day: dt.date, part: int, number: int) -> Any:
    from django.utils import timezone

    from press.models import Edition

    return Edition(
        number=number,
        year_number=day.timetuple().tm_yday if part == 1 else None,
        date=day,
        part=part,
        special="特刊" if part > 1 else "",
        release_at=timezone.make_aware(dt.datetime.combine(day, dt.time(6))),
        sha256="0" * 64,
    )


def _pages(
    editions: list[Any],
    pages: int,
    stories: int,
    sections: list[Any],
    texts: list[tuple[str, str, int]],
    rolls: random.Random,
) -> None:
    from press.models import EditionPage, Story

    names = itertools.cycle(PAGE_NAMES)
    made = EditionPage.objects.bulk_create(
        EditionPage(edition=edition, number=n + 1, name=next(names))
        for edition in editions
        for n in range(pages)
    )
    rows = []
    for at, page in enumerate(made):
        last = made[at - at % pages + pages - 1]
        for position in range(1, stories + 1):
            story = _story(page, position, sections, texts, rolls)
            if page.number == 1 and position == 1 and last is not page:
                story.continued_on = last
            rows.append(story)
    Story.objects.bulk_create(rows, batch_size=2000)


def _story(
    page: Any,
    position: int,
    sections: list[Any],
    texts: list[tuple[str, str, int]],
    rolls: random.Random,
) -> Any:
    from press.models import Story

    place = (position - 1) % len(SENTENCES_OF)
    body, summary, chars = texts[place * 12 + rolls.randrange(12)]
    line = f"{rolls.choice(PLACES)}{rolls.choice(THINGS)}{rolls.choice(ACTIONS)}"
    return Story(
        kicker=rolls.choice(KICKERS),
        headline=line if place else f"{line}\n{rolls.choice(PLACES)}村里又多一件喜事",
        body=body,
        summary=summary,
        chars=chars,
        section=sections[position % len(sections)],
        byline=[{"id": 1, "name": "甲乙丙", "role": "通讯员", "label": ""}],
        page=page,
        position=position,
        revision=1,
        sha256="0" * 64,
        release_at=page.edition.release_at,
    )


def _text(rolls: random.Random, sentences: int) -> tuple[str, str, int]:
    """Return a body of `sentences` sentences, its summary, and its length."""
    from textkit.char_count import count_chars

    lines = [
        rolls.choice(SENTENCES).format(place=rolls.choice(PLACES), thing=rolls.choice(THINGS))
        for _n in range(sentences)
    ]
    paragraphs = ["".join(lines[n : n + 3]) for n in range(0, sentences, 3)]
    body = "\n".join(f"<p>{text}</p>" for text in paragraphs)
    return body, paragraphs[0][:80], count_chars("".join(lines))


def main() -> None:
    """Fill the configured database."""
    import os

    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")
    import django

    django.setup()
    from django.utils import timezone

    from press.models import Edition

    oldest = Edition.objects.order_by("date").values_list("date", flat=True).first()
    fill(int(sys.argv[1]), timezone.now(), before=oldest)


if __name__ == "__main__":
    main()

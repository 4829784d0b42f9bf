"""Fill a database with many published stories, for benchmarks of the public site and search.

`python tools/load_data_stories.py 300000` adds them to the paper in the configured database: issues
of forty stories, one per day backwards, each story with a town, two contributors, a tag and its row
in the index. Rows are written in bulk, not through the services: texts are invented and not signed.
The words are pairs of characters of the demo's texts, some in every third story, some in a
hundredth.
"""

from __future__ import annotations

import datetime as dt
import random
import sys
from itertools import accumulate
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PER_ISSUE, PAGES, BATCH = 40, 4, 4000
WORDS, PER_STORY = 6000, 150
WRITERS, TAGS = 400, 300
#: Number of stories of which one contains a unique name.
RARE_EVERY = 1000


class Texts:
    """Generator of invented texts over one vocabulary, determined by `seed`."""

    def __init__(self, seed: int = 20221018) -> None:
        self.rolls = random.Random(seed)
        pages = (ROOT / "newsroom" / "demo" / "pages").glob("*.txt")
        text = "".join(path.read_text(encoding="utf-8") for path in sorted(pages))
        han = sorted({c for c in text if "\u4e00" <= c <= "\u9fff"})
        self.han = han
        pairs = sorted({"".join(self.rolls.choices(han, k=2)) for _n in range(WORDS)})
        self.rolls.shuffle(pairs)
        self.words = pairs
        self.weights = list(accumulate(1 / (rank + 8) for rank in range(len(pairs))))

    def pick(self, count: int) -> list[str]:
        """Return `count` random words, common ones more often."""
        return self.rolls.choices(self.words, cum_weights=self.weights, k=count)

    def name(self, number: int) -> str:
        """Return a distinct name of four characters for each number."""
        rolls = random.Random(number)
        return "".join(rolls.choices(self.han, k=4))

    def body(self, number: int) -> str:
        """Return the HTML of a story of about 350 characters."""
        words = self.pick(PER_STORY)
        if number % RARE_EVERY == 0:
            words[PER_STORY // 2] = self.name(number)
        for at in range(6, PER_STORY, 7):
            words[at] += "，" if at % 3 else "。"
        third = PER_STORY // 3
        cut = (words[:third], words[third : 2 * third], words[2 * third :])
        return "".join(f"<p>{''.join(part)}。</p>" for part in cut)


def fill(count: int, now: dt.datetime) -> None:
    """Add `count` stories to the paper, the newest one hour old."""
    from django.db import connection
    from django.utils import timezone

    from bylines.models import Contributor
    from paper.models import Section, Town
    from press.services.tags import tags_named

    texts = Texts()
    # A small paper has fewer, so that each still has more than one list page of stories.
    writers, tag_count = min(WRITERS, max(10, count // 100)), min(TAGS, max(10, count // 100))
    people = Contributor.objects.bulk_create(
        Contributor(name=texts.name(-n)[:3], kind="correspondent") for n in range(1, writers + 1)
    )
    tags = list(
        tags_named([f"{word}{n}" for n, word in enumerate(texts.words[:tag_count])]).values()
    )
    things = (list(Section.objects.all()), list(Town.objects.all()), people, tags)
    indexes = _drop_indexes(connection)
    today = timezone.localdate(now)
    for start in range(0, count, BATCH):
        _batch(range(start, min(start + BATCH, count)), today, texts, *things)
        print(f"\r{min(start + BATCH, count)} stories", end="", file=sys.stderr, flush=True)
    with connection.cursor() as cursor:
        for sql in indexes:
            cursor.execute(sql)
        cursor.execute("ANALYZE")
    print(file=sys.stderr)


def _drop_indexes(connection: Any) -> list[str]:
    """Drop indexes that PostgreSQL builds faster afterwards; return the SQL to create them."""
    if connection.vendor != "postgresql":
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'search_press'"
            " AND indexdef LIKE '%% gin %%'"
        )
        found = cursor.fetchall()
        for name, _sql in found:
            cursor.execute(f"DROP INDEX {name}")
    return ["SET maintenance_work_mem = '1GB'", *(sql for _name, sql in found)]


def _batch(numbers: range, today: dt.date, texts: Texts, *things: list[Any]) -> None:
    from django.db import transaction

    from press import search_index
    from press.models import Story

    with transaction.atomic():
        pages = _pages({n // PER_ISSUE for n in numbers}, today)
        made = Story.objects.bulk_create(
            _story(n, pages[n // PER_ISSUE], texts, *things) for n in numbers
        )
        _file(made, texts, *things)
        search_index.put(made)


def _pages(issues: set[int], today: dt.date) -> dict[int, list[Any]]:
    from django.utils import timezone

    from press.models import Edition, EditionPage

    editions = {}
    for n in sorted(issues):
        day = today - dt.timedelta(days=n + 10)
        editions[n] = Edition(
            number=1_000_000 - n,
            date=day,
            release_at=timezone.make_aware(dt.datetime.combine(day, dt.time(6))),
            sha256="0" * 64,
        )
    Edition.objects.bulk_create(editions.values())
    pages = [
        EditionPage(edition=edition, number=n, name="要闻")
        for edition in editions.values()
        for n in range(1, PAGES + 1)
    ]
    EditionPage.objects.bulk_create(pages)
    return {n: pages[i * PAGES : (i + 1) * PAGES] for i, n in enumerate(editions)}


def _story(
    n: int,
    pages: list[Any],
    texts: Texts,
    sections: list[Any],
    towns: list[Any],
    people: list[Any],
    tags: list[Any],
) -> Any:
    from press.models import Story

    page, town = pages[n % PAGES], towns[n % len(towns)]
    body = texts.body(n)
    return Story(
        headline="".join(texts.pick(7)),
        body=body,
        summary=body[3:90].replace("<", "").replace(">", "").replace("/p", ""),
        chars=350,
        section=sections[n % len(sections)],
        page=page,
        position=n % PER_ISSUE // PAGES,
        byline=[
            {"id": one.pk, "name": one.name, "role": "通讯员", "label": ""}
            for one in (people[n % len(people)], people[(n * 7 + 1) % len(people)])
        ],
        places=[{"name": town.name, "url": f"/towns/{town.slug}/"}],
        tag_names=[tags[n % len(tags)].name],
        revision=1,
        sha256="0" * 64,
        release_at=page.edition.release_at,
    )


def _file(
    stories: list[Any],
    texts: Texts,
    sections: list[Any],
    towns: list[Any],
    people: list[Any],
    tags: list[Any],
) -> None:
    from press.models import StoryContributor, StoryTag, StoryTown

    by_slug = {f"/towns/{town.slug}/": town for town in towns}
    by_name = {tag.name: tag for tag in tags}
    StoryTown.objects.bulk_create(
        StoryTown(story=s, release_at=s.release_at, town=by_slug[s.places[0]["url"]])
        for s in stories
    )
    StoryTag.objects.bulk_create(
        StoryTag(story=s, release_at=s.release_at, tag=by_name[s.tag_names[0]]) for s in stories
    )
    StoryContributor.objects.bulk_create(
        (
            StoryContributor(
                story=s, release_at=s.release_at, contributor_id=p["id"], role="通讯员", order=n
            )
            for s in stories
            for n, p in enumerate(s.byline)
        ),
        ignore_conflicts=True,
    )


if __name__ == "__main__":
    import os

    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")
    import django

    django.setup()
    from django.utils import timezone

    fill(int(sys.argv[1]), timezone.now())

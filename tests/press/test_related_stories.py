"""Rule: near a story stand who shares most with it, and its neighbours in an issue that is out."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter

import pytest
from django.utils import timezone
from taggit.models import Tag

from articles.services.transitions import release
from bylines.models import Contributor
from issues import services as issues
from paper.models import Section, Town
from press import services as press
from press.models import Edition, EditionPage, Story, StoryContributor, StoryTag, StoryTown
from press.related_stories import RELATED, related_stories
from tests.helpers import factories

HOUR = dt.timedelta(hours=1)
#: Names that a badly written question would trip over.
TAGS = ["水", "AI", "5G/6G", "a'b", '引"号', "%s", "百%", "a\\b", "x;--"]


def related(story: Story, at: dt.datetime) -> list[int]:
    return [one.pk for one in related_stories(story, at=at, cache={}).related]


def make_some(rolls: random.Random, now: dt.datetime) -> None:
    """Seventy stories, some withdrawn, some not out, that share what they share by chance."""
    tags = [Tag.objects.create(name=name, slug=f"t{n}") for n, name in enumerate(TAGS)]
    people = [Contributor.objects.create(name=f"作者{n}") for n in range(6)]
    pages: list[EditionPage | None] = [None]
    for n in (-1, 0, 1, 2):
        date = timezone.localdate(now) - dt.timedelta(days=n)
        at = now - n * dt.timedelta(days=1)
        edition = Edition.objects.create(number=n + 9, date=date, release_at=at, sha256="x")
        pages += [EditionPage.objects.create(edition=edition, number=m, name="版") for m in (2, 1)]
    times = [now + dt.timedelta(seconds=n) for n in (-86400, -3600, -1, 0, 9)]
    for n in range(70):
        at = rolls.choice(times)
        gone = now if at <= now and rolls.random() < 0.15 else None
        chosen = rolls.sample(tags, rolls.choice([0, 0, 1, 2, 7]))
        signed = [
            {"id": one.pk, "name": one.name, "role": role, "label": ""}
            for one in rolls.sample(people, rolls.choice([0, 1, 1, 2, 5]))
            for role in rolls.sample(["write", "photograph"], rolls.choice([1, 1, 2]))
        ]
        towns = rolls.sample(list(Town.objects.all()), rolls.choice([0, 1, 2]))
        story = Story.objects.create(
            headline=f"第{n}篇",
            section=Section.objects.first(),
            page=rolls.choice(pages),
            position=rolls.randrange(3),
            tag_names=[tag.name for tag in chosen],
            byline=signed,
            places=[{"name": town.name, "url": town.get_absolute_url()} for town in towns],
            revision=1,
            sha256="x",
            release_at=at,
            withdrawn_at=gone,
            withdrawal_reason="待核实" if gone else "",
        )
        filed = {"story": story, "release_at": at}
        for tag in chosen:
            StoryTag.objects.create(tag=tag, **filed)
        for row in signed:
            StoryContributor.objects.create(contributor_id=row["id"], role=row["role"], **filed)
        for town in towns:
            StoryTown.objects.create(town=town, **filed)


def by_hand(story: Story, at: dt.datetime) -> tuple[int | None, int | None, list[int]]:
    """The same, by plain querysets and without any care for time."""
    seen = {one.pk: one for one in Story.objects.visible(at)}
    weights: Counter[int] = Counter()
    for rows, weight in [
        *((StoryTag.objects.filter(tag__name=name), 4) for name in story.tag_names[:6]),
        *(
            (StoryContributor.objects.filter(contributor=pk), 3)
            for pk in list(dict.fromkeys(row["id"] for row in story.byline))[:4]
        ),
        *((StoryTown.objects.filter(town__name=place["name"]), 2) for place in story.places[:4]),
    ]:
        filed = dict.fromkeys(rows.newest().values_list("story_id", flat=True))
        weights.update(dict.fromkeys([pk for pk in filed if pk in seen][:8], weight))
    sides: list[int | None] = [None, None]
    if story.page and story.page.edition.release_at <= at:
        places = {
            pk: (one.page.number, one.position, pk)
            for pk, one in seen.items()
            if one.page and one.page.edition_id == story.page.edition_id
        }
        order = sorted(places, key=places.__getitem__)
        here = order.index(story.pk)
        sides = [order[here - 1] if here else None, (*order, None)[here + 1]]
    for pk in (story.pk, *sides):
        weights.pop(pk, None)
    rank = {pk: (weights[pk], seen[pk].release_at, pk) for pk in weights}
    return *sides, sorted(rank, key=rank.__getitem__, reverse=True)[:RELATED]


@pytest.mark.parametrize("seed", range(4))
def test_it_is_what_one_finds_by_hand(paper, now, seed):
    make_some(random.Random(seed), now)
    kept: dict = {}
    for story in Story.objects.visible(now).select_related("page__edition"):
        found = related_stories(story, at=now, cache=kept)
        sides = [side and side.pk for side in (found.previous, found.next)]
        assert (*sides, [one.pk for one in found.related]) == by_hand(story, now)


def photographs_too(story: Story) -> None:
    row = StoryContributor.objects.get(story=story)
    StoryContributor.objects.create(
        story=story, release_at=story.release_at, contributor=row.contributor, role="photograph"
    )


def test_who_writes_and_photographs_counts_once(paper, now):
    asked = factories.make_story("问", now - HOUR, tags=("水",))
    same_topic = factories.make_story("同题", now - 2 * HOUR, tags=("水",), writer="别人")
    same_writer = factories.make_story("同人", now - 3 * HOUR)
    photographs_too(same_writer)
    assert related(asked, now) == [same_topic.pk, same_writer.pk]
    for n in range(9):
        photographs_too(factories.make_story(f"第{n}篇", now - HOUR))
    assert len(related(asked, now)) == RELATED


def test_what_was_withdrawn_takes_no_place(paper, now):
    asked = factories.make_story("问", now - 3 * HOUR, tags=("水",))
    old = factories.make_story("旧", now - 2 * HOUR, tags=("水",), writer="别人")
    for n in range(8):
        story = factories.make_story(f"撤{n}", now - HOUR, tags=("水",), writer="又一人")
        press.withdraw_story(story, reason="待核实", at=now)
    assert related(asked, now) == [old.pk]


def test_a_story_that_is_out_tells_nothing_of_the_coming_issue(client, staff, now):
    """It was let out by itself, and stands in an issue that is signed for later."""
    issue = issues.plan_issue(
        date=timezone.localdate(now) + dt.timedelta(days=1),
        user=staff["chief"],
        pages=[(1, "要闻")],
        cutoff_at=now + 6 * HOUR,
        release_at=now + 12 * HOUR,
    )
    page = issue.pages.get()
    early, late = (
        factories.make_in("approved", staff["correspondent"], now, headline=headline)
        for headline in ("先上网的稿", "琥珀未出")
    )
    for article in (early, late):
        issues.place(article, page, user=staff["editor"], at=now)
    release.release(early, user=staff["chief"], at=now)
    issues.close(issue, user=staff["head"], at=now)
    edition = factories.sign_issue(issue, user=staff["chief"], at=now).edition
    story = Story.objects.get(headline="先上网的稿")
    assert story.page_id
    for url in (story.get_absolute_url(), f"/en{story.get_absolute_url()}"):
        shown = client.get(url).content.decode()
        assert "琥珀" not in shown
        assert edition.get_absolute_url() not in shown
        assert 'masthead-issue"></p>' in shown

"""Many published stories, created with few queries."""

from __future__ import annotations

import datetime as dt

from bylines.models import Contributor
from paper.models import Section, Town
from press.models import Edition, EditionPage, Story, StoryContributor, StoryTag, StoryTown
from press.services.tags import tags_named

HOUR = dt.timedelta(hours=1)


def print_many(count: int, now: dt.datetime) -> Story:
    """Publish `count` stories an hour apart, on page 1 of one issue; return the last."""
    day = (now - HOUR).date()
    edition = Edition.objects.create(number=7, date=day, release_at=now - HOUR, sha256="0" * 64)
    page = EditionPage.objects.create(edition=edition, number=1, name="要闻")
    person = Contributor.objects.create(name="甲乙丙")
    town = Town.objects.get(slug="baisha")
    tag = tags_named(["水利"])["水利"]
    section = Section.objects.get(slug="news")
    stories = Story.objects.bulk_create(
        Story(
            headline=f"第{n}篇",
            body=f"<p>正文{n}</p>",
            summary=f"正文{n}",
            section=section,
            page=page,
            position=n,
            byline=[{"id": person.pk, "name": person.name, "role": "通讯员", "label": ""}],
            places=[{"name": town.name, "url": town.get_absolute_url()}],
            tag_names=["水利"],
            revision=1,
            sha256="0" * 64,
            release_at=now - n * HOUR,
        )
        for n in range(1, count + 1)
    )
    filed = [
        (StoryTown, {"town": town}),
        (StoryTag, {"tag": tag}),
        (StoryContributor, {"contributor": person, "role": "通讯员"}),
    ]
    for model, under in filed:
        model.objects.bulk_create(model(story=s, release_at=s.release_at, **under) for s in stories)
    return stories[-1]

"""A signed issue with unique words, and every URL that shows it."""

from __future__ import annotations

import datetime as dt

from django.contrib.auth.models import User
from django.urls import reverse
from django.utils import timezone

from articles.content import PhotoRow
from issues import services
from issues.models import Issue, PageImage
from photos.services import add_photo
from press.models import Story
from reader.sitemaps import BLOCK, LISTS
from tests.helpers import factories
from tests.helpers.page_files import page_picture

HOUR = dt.timedelta(hours=1)

CANARY = "琥珀色金丝雀"


def sign_canary_issue(staff: dict[str, User], now: dt.datetime) -> Issue:
    """Sign an issue whose story has a photo, a town, a tag, a writer and a page image."""
    issue = services.plan_issue(
        date=timezone.localdate(now) + dt.timedelta(days=1),
        user=staff["chief"],
        pages=[(1, "要闻"), (2, "镇街")],
        cutoff_at=now + HOUR,
        release_at=now + 9 * HOUR,
    )
    photo = add_photo(data=factories.picture(), caption="水闸", user=staff["reporter"], at=now)
    first, second = issue.pages.all()
    town = factories.Town.objects.get(slug="baisha")
    for page, kind in ((first, "story"), (second, "photo")):
        article = factories.make_in(
            "approved",
            staff["reporter"],
            now,
            headline=f"{CANARY}{page.number}",
            kind=kind,
            writer=CANARY,
            towns=(town.pk,),
            tags=(CANARY,),
            photos=(PhotoRow(photo.pk, CANARY, "张禾 摄"),),
        )
        services.place(article, page, user=staff["chief"], at=now)
    services.set_image(first, page_picture(), user=staff["editor"], at=now)
    (one,) = services.stories_on_page(first)
    area = {"article": one.article_id, "x": 1, "y": 1, "w": 500, "h": 500}
    image = PageImage.objects.get()
    services.set_areas(
        first, [area], user=staff["editor"], at=now, seen=services.page_image_version(image)
    )
    services.close(issue, user=staff["head"], at=now)
    return factories.sign_issue(issue, user=staff["chief"], at=now)


def surfaces(signed: Issue) -> dict[str, str]:
    """Return the URL of each kind of page that shows the issue or its story."""
    story = Story.objects.get(page__number=1)
    key = (signed.date, signed.part)
    # The archive is sorted by the day of release.
    out = timezone.localdate(signed.release_at)
    image = signed.edition.pages.get(number=1).image
    token = story.photos.get().token
    kinds: dict[str, list[object]] = {
        "homepage": [],
        "story": [story.pk],
        "gallery": [story.pk, 1],
        "photo_news": [],
        "photo": [token, f"w{story.photo_list[0]['widths'][0]}.webp"],
        "section": ["news"],
        "town": ["baisha"],
        "contributor": [story.byline[0]["id"]],
        "tag": [CANARY],
        "issues": [],
        "issue_year": [signed.date.year],
        "issue_month": [signed.date.year, signed.date.month],
        "issue": [key],
        "page": [key, 1],
        "page_image": [key, 1, image["token"], image["widths"][0]],
        "issue_pdf": [key],
        "page_pdf": [key, 1],
        "archive": [],
        "archive_year": [out.year],
        "archive_month": [out.year, out.month],
        "archive_day": [out.year, out.month, out.day],
        "towns": [],
        "feed": ["rss"],
        "section_feed": ["news", "atom"],
        "town_feed": ["baisha", "json"],
        "contributor_feed": [story.byline[0]["id"], "rss"],
        "tag_feed": [CANARY, "atom"],
        "sitemap_index": [],
        "sitemap_stories": [story.pk // BLOCK],
        "sitemap_news": [],
        "offline_list": [],
        "offline": [],
    }
    urls = {name: reverse(f"reader:{name}", args=args) for name, args in kinds.items()}
    # The search term is on the result page, so it must not be one of the unique words.
    urls |= {name: f"{reverse(f'reader:{name}')}?q={CANARY[:2]}" for name in ("search", "suggest")}
    lists = {name: reverse("reader:sitemap", args=[name]) for name in LISTS}
    return urls | lists

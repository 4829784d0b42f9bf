"""Builder of the demo paper, through the services that the desk uses."""

from __future__ import annotations

import dataclasses
import datetime as dt
from pathlib import Path

from django.contrib.auth.models import Group, User
from django.utils import timezone

from articles.content import PhotoRow
from articles.services import ArchiveMark
from bylines.models import Contributor, Role
from bylines.services import contributor_for, give_login, match_or_create
from ingest import services as ingest
from ingest.services import Candidate
from paper.models import Paper, Section, Town
from photos.services import add_photo, credit_line
from proofing.models import HouseWord

from . import people, planned_issue
from .photos import draw_picture

PAGES = Path(__file__).parent / "pages"
#: From this hour on, the demo's next issue is dated the day after tomorrow.
LATE = 20


def is_empty() -> bool:
    """Return whether nothing has been set up in this database yet."""
    return not (Paper.objects.exists() or Section.objects.exists() or User.objects.exists())


def build(now: dt.datetime) -> None:
    """Fill an empty database with the paper, its people, three old issues and the next one."""
    set_up_paper()
    users = set_up_people()
    today = timezone.localdate(now)
    for issue in (1, 2, 3):
        date = today - dt.timedelta(days=4 - issue)
        _old_issue(issue, date, now)
    planned_issue.correct_one(users, now)
    # Late in the evening, tomorrow's issue would close before a user has looked at it.
    ahead = 1 if timezone.localtime(now).hour < LATE else 2
    planned_issue.build(users, today + dt.timedelta(days=ahead), now)


def set_up_paper() -> None:
    """Create the paper, its sections, its towns and two house words."""
    Paper.objects.create(pk=1, **people.PAPER)
    for order, (name, english, slug) in enumerate(people.SECTIONS):
        Section.objects.create(name=name, english_name=english, slug=slug, order=order)
    for order, (name, short, slug, column, row) in enumerate(people.TOWNS):
        Town.objects.create(
            name=name, short_name=short, slug=slug, order=order, map_column=column, map_row=row
        )
    HouseWord.objects.create(word="帐本", better="账本", is_blocking=True)
    HouseWord.objects.create(word="截止目前", better="截至目前")


def set_up_people() -> dict[str, User]:
    """Create correspondents and logins; return the logins by user name."""
    towns = {town.name: town for town in Town.objects.all()}
    for name, town in people.CORRESPONDENTS.items():
        match_or_create(name, Role.CORRESPONDENT, towns.get(town))
    users = {login.username: _login(login) for login in people.LOGINS}
    editors = Section.objects.exclude(slug="literature")
    for section in editors:
        section.editors.add(users["editor"])
    return users


def _login(login: people.Login) -> User:
    user = User.objects.create_user(
        login.username,
        password=people.PASSWORD,
        last_name=login.last_name,
        first_name=login.first_name,
    )
    user.groups.add(Group.objects.get(name=login.role))
    known = Contributor.objects.named(login.name).first()
    if known is not None:
        give_login(known, user)
    else:
        contributor_for(user, Town.objects.filter(name=login.town).first())
    return user


def _old_issue(issue: int, date: dt.date, at: dt.datetime) -> None:
    for number, name in enumerate(people.PAGE_NAMES, start=1):
        text = (PAGES / f"{issue}-{number}.txt").read_text(encoding="utf-8")
        chosen = ingest.default_choice(ingest.read_page(text))
        ingest.import_printed(
            [_with_photo(new, issue * 100 + number * 10 + i, at) for i, new in enumerate(chosen)],
            date=date,
            page_number=number,
            page_name=name,
            issue_number=people.FIRST_NUMBER + issue - 1,
            file=f"{issue}-{number}.txt",
            mark=ArchiveMark("demo"),
            at=at,
        )


def _with_photo(new: Candidate, seed: int, now: dt.datetime) -> Candidate:
    """Add pictures to photo news and to the first story of a front page."""
    is_lead = seed % 100 == 10
    if new.story.kind != "photo" and not is_lead:
        return new
    names = [credit.name for credit in new.story.credits] or ["叶知秋"]
    credits = [(match_or_create(names[-1], Role.PHOTOGRAPH)[0], Role.PHOTOGRAPH, "")]
    caption = "晚稻收割接近尾声，田野换上了冬装。" if is_lead else "".join(new.story.paragraphs)
    rows = []
    # A lead has one photo; photo news of the third issue are galleries of three.
    for n in range(3 if not is_lead and seed // 100 == 3 else 1):
        photo = add_photo(
            data=draw_picture(seed + 1000 * n), caption=caption, user=None, at=now, credits=credits
        )
        rows.append(PhotoRow(photo.pk, caption, credit_line(photo)))
    return dataclasses.replace(new, photos=tuple(rows))

"""From a page's text to the desk: drafts on a page, or the archive of an issue already printed."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles import services as articles
from articles.content import BylineRow, Content, PhotoRow
from articles.errors import Conflict, Forbidden, Invalid
from articles.models import Article
from articles.workflow import Role as HouseRole
from articles.workflow import actor_of
from bylines.credit_line import Credit
from bylines.models import Contributor, Role
from issues import archive
from issues import services as issues
from issues.models import Issue, Page
from paper.models import Town
from paper.querysets import towns_in_order
from textkit import html

from .lookups import Lookups
from .page_headings import is_unit
from .page_reading import PageReading, StoryReading
from .page_text import read

_HEADS = (HouseRole.HEAD, HouseRole.CHIEF)
_STAFF = (HouseRole.REPORTER, HouseRole.EDITOR, *_HEADS)


@dataclass(slots=True)
class Report:
    """What an import did: articles made, stories that were there already, and what to look at."""

    made: list[Article] = field(default_factory=list)
    known: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def read_page(text: str) -> PageReading:
    """Read a page, knowing the paper's own towns. Raises Invalid where no story is found."""
    reading = read(text, [town.name for town in towns_in_order()])
    if not any(story.all_paragraphs for story in reading.stories):
        raise Invalid([_("No story was found in this text. Paste the text of a whole page.")])
    return reading


def may_import(user: User) -> bool:
    """Return whether `user` brings in pages: the staff that writes."""
    return actor_of(user).has(*_STAFF)


def may_print(user: User) -> bool:
    """Return whether `user` brings in issues that are printed already: heads and the chief."""
    return actor_of(user).has(*_HEADS)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A story to bring in: as read or as mended, and the key of what stood in the page's text."""

    story: StoryReading
    key: str
    photos: tuple[PhotoRow, ...] = ()


def default_choice(reading: PageReading) -> list[Candidate]:
    """Return what an import takes unless told otherwise: all stories but those printed twice."""
    return [
        Candidate(story, import_key(story))
        for story in reading.stories
        if story.all_paragraphs and not is_again(story)
    ]


def is_again(story: StoryReading) -> bool:
    """Return whether the page holds this story a second time."""
    return any(flag.startswith("duplicate_of") for flag in story.flags)


def import_drafts(
    candidates: Sequence[Candidate],
    *,
    user: User,
    at: dt.datetime,
    page: Page | None = None,
    is_console: bool = False,
) -> Report:
    """Make a draft of each story, placed on `page` in order where one is given.

    A story that was imported before makes nothing new. `is_console` is the operator, who may
    place on any open page. Nothing is written unless all of it is. Raises Forbidden, Conflict,
    Invalid.
    """
    if not may_import(user):
        raise Forbidden(_("Only the staff brings in pages."))
    report, lookups = Report(), Lookups()
    known = _known_keys([new.key for new in candidates])
    with _whole_page():
        for new in candidates:
            if new.key in known:
                report.known.append(title_of(new.story))
                continue
            known.add(new.key)
            name = page.name if page else ""
            content = content_of_story(new.story, name, report, lookups)
            content = replace(content, photos=new.photos)
            made = articles.create_article(content, user=user, at=at, import_key=new.key)
            articles.log_import(made, user=user, at=at, note=", ".join(new.story.flags))
            if page is not None:
                placer = None if is_console else user
                issues.place(made, page, user=placer, at=at)
            report.made.append(made)
    return report


def import_printed(
    candidates: Sequence[Candidate],
    *,
    date: dt.date,
    page_number: int,
    page_name: str = "",
    issue_number: int | None = None,
    user: User | None,
    at: dt.datetime,
) -> Report:
    """Put the stories of a page that an old issue has printed into the archive and in print.

    `user` None is the operator at the console. Raises Forbidden, Conflict, Invalid; nothing is
    written unless all of it is.
    """
    page = PrintedPage(page_number, page_name, candidates)
    return import_issue([page], date=date, issue_number=issue_number, user=user, at=at)


@dataclass(frozen=True, slots=True)
class PrintedPage:
    """One page of an old issue: its number, its name where it is known, and its stories."""

    number: int
    name: str
    candidates: Sequence[Candidate]


def import_issue(
    pages: Sequence[PrintedPage],
    *,
    date: dt.date,
    issue_number: int | None = None,
    user: User | None,
    at: dt.datetime,
    lookups: Lookups | None = None,
) -> Report:
    """Put pages of an old issue into the archive and in print, whole or not at all.

    What was brought in before makes nothing new. `lookups` are those of an import of many issues:
    throw them away where this raises. Raises Forbidden, Conflict, Invalid.
    """
    if user is not None and not may_print(user):
        raise Forbidden(_("Only the desk head or the chief brings in printed issues."))
    if date > timezone.localdate(at):
        raise Invalid([_("An issue that is printed already cannot have a date in the future.")])
    lookups = lookups or Lookups()
    report = Report()
    known = _known_keys([new.key for page in pages for new in page.candidates])
    with _whole_page():
        issue = archive.archive_issue(date=date, number=issue_number, at=at)
        rows: list[articles.Archived] = []
        placed: list[Page] = []
        for printed in pages:
            page, edition_page, last = archive.archive_page(issue, printed.number, printed.name)
            for new in printed.candidates:
                if new.key in known:
                    report.known.append(title_of(new.story))
                    continue
                known.add(new.key)
                last += 1
                content = content_of_story(new.story, page.name, report, lookups)
                content = replace(content, photos=new.photos)
                rows.append(articles.Archived(content, new.key, edition_page, last))
                placed.append(page)
        report.made = articles.archive_articles(rows, user=user, at=at, release_at=issue.release_at)
        places = [(page, row.position) for page, row in zip(placed, rows, strict=True)]
        archive.archive_placements(report.made, places, at=at)
        archive.seal(issue)
    return report


def _known_keys(keys: Sequence[str]) -> set[str]:
    """Return those of `keys` under which an article was brought in already."""
    rows = Article.objects.filter(import_key__in=keys)
    return {str(key) for key in rows.values_list("import_key", flat=True)}


@contextmanager
def _whole_page() -> Iterator[None]:
    """Write all or nothing; raise Conflict where the same page comes in at the same moment."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        raise Conflict(_("Somebody has just brought in this page. Please look again.")) from error


def title_of(story: StoryReading) -> str:
    """Return the headline of a story on one line; without one, the start of its text."""
    return " ".join(story.headline) or "".join(story.all_paragraphs)[:16]


def import_key(story: StoryReading) -> str:
    """Return what tells that a story was imported before: a hash of heading and text."""
    text = "\n".join([*story.headline, *story.all_paragraphs])
    return hashlib.sha256("".join(text.split()).encode()).hexdigest()


def content_of_story(
    story: StoryReading, page_name: str, report: Report, lookups: Lookups
) -> Content:
    """Return a story as the content of an article; contributors are matched or made."""
    town = _town(story, report, lookups)
    unit = story.kicker if story.kicker and is_unit(story.kicker) and town is None else ""
    return Content(
        kind=story.kind,
        kicker=story.kicker or "",
        headline="\n".join(story.headline),
        dateline=story.dateline or "",
        body=html.from_paragraphs(flat_paragraphs(story)),
        unit=unit,
        section=lookups.section(story.section or "", story.kind, page_name).pk,
        towns=(town.pk,) if town else (),
        bylines=tuple(_bylines(story.credits, town, report, lookups)),
    )


def _town(story: StoryReading, report: Report, lookups: Lookups) -> Town | None:
    if not story.town:
        return None
    town = lookups.towns.get(story.town)
    if town is None:
        report.notes.append(
            _("The town “%(name)s” is not known: add it, then file the article under it.")
            % {"name": story.town}
        )
    return town


def flat_paragraphs(story: StoryReading) -> list[str]:
    """Return the paragraphs of a story; a roundup's parts keep their datelines and signatures."""
    texts = list(story.paragraphs)
    for part in story.parts:
        first, *rest = part.paragraphs or ("",)
        texts += [f"{part.dateline} {first}" if part.dateline else first, *rest]
        texts += [signature(part.credits)] if part.credits else []
    return texts


def signature(credits: Sequence[Credit]) -> str:
    """Return credits as a signature in full-width parentheses: （融媒体 张三 通讯员 李四）."""
    words: list[str] = []
    last = ""
    for credit in credits:
        label = credit.label or credit.role
        words += [credit.name] if label == last else [label, credit.name]
        last = label
    return f"（{' '.join(words)}）"


def _bylines(
    credits: Sequence[Credit], town: Town | None, report: Report, lookups: Lookups
) -> list[BylineRow]:
    rows = []
    for credit in credits:
        role = credit.role if credit.role in Role.values else Role.EDITOR.value
        label = credit.label or ("" if role == credit.role else credit.role)
        person, others = lookups.people.match_or_create(credit.name[:40], role, town)
        if others:
            report.notes.append(_ambiguous(person, others))
        rows.append(BylineRow(person.pk, role, label[:20]))
    return rows


def _ambiguous(person: Contributor, others: Collection[Contributor]) -> str:
    return _("%(count)d contributors are named %(name)s: the one of %(place)s was taken.") % {
        "count": len(others) + 1,
        "name": person.name,
        "place": person.place or _("no place"),
    }


def find_page(date: dt.date, number: int, *, at: dt.datetime) -> Page:
    """Return a page of an issue in planning, made with its issue where there is none yet.

    Raises Conflict where the issue is signed, Invalid where it has no such page.
    """
    issue = Issue.objects.filter(date=date, special="").first() or issues.plan_issue(
        date=date, user=None
    )
    if issue.state == Issue.State.SIGNED:
        raise Conflict(_("The issue is signed. Reopen it to change it."))
    page = issue.pages.filter(number=number).first()
    if page is None:
        raise Invalid(
            [_("The issue of %(date)s has no page %(number)d.") % {"date": date, "number": number}]
        )
    return page


def default_importer() -> User:
    """Return the login in whose name the console imports: the oldest active one of the staff."""
    for role in _STAFF:
        user = User.objects.filter(is_active=True, groups__name=role).order_by("id").first()
        if user:
            return user
    raise Invalid([_("There is no reporter, editor, head or chief yet. Make a login first.")])

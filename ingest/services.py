"""Services that import parsed pages, as drafts or into the archive of a printed issue."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from articles import services as articles
from articles.content import BylineRow, Content, PhotoRow
from articles.exceptions import Conflict, Forbidden, Invalid
from articles.forms.namesakes import doubt_message
from articles.models import Article
from articles.services import ArchiveMark
from bylines.credits.line import Credit
from bylines.credits.settle import answer_of, as_printed
from bylines.models import Contributor, Role
from bylines.services import LONGEST_NAME, Doubt, RunDoubt, fits, name_key, named, signing_role
from issues import services as issues
from issues.models import Issue, Page
from issues.services import archive_import
from paper.models import Town
from paper.permissions import CAPABILITIES, Capability, may
from paper.permissions import Role as HouseRole
from paper.querysets import towns_in_order
from textkit.body import Body
from textkit.characters import clean_text

from .import_keys import earlier_import_key, import_key
from .name_index import NameIndex
from .page_parser.headings import is_unit
from .page_parser.parsed_page import ParsedPage, ParsedStory
from .page_parser.text import read


@dataclass(slots=True)
class ImportReport:
    """Result of an import: new articles, titles of known stories, and notes to check."""

    made: list[Article] = field(default_factory=list)
    known: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def read_page(text: str) -> ParsedPage:
    """Parse a page with the paper's towns. Raises Invalid if it contains no story."""
    page = read(clean_text(text), [town.name for town in towns_in_order()])
    if not any(story.all_paragraphs for story in page.stories):
        raise Invalid([_("No story was found in this text. Paste the text of a whole page.")])
    return page


def may_import(user: User) -> bool:
    """Return whether `user` may import pages: staff who write."""
    return may(user, Capability.IMPORT_PAGES)


def may_print(user: User) -> bool:
    """Return whether `user` may import printed issues: the chief."""
    return may(user, Capability.IMPORT_ARCHIVE)


@dataclass(frozen=True, slots=True)
class Candidate:
    """Story to import, as parsed or corrected, with the key of the original text."""

    story: ParsedStory
    key: str
    photos: tuple[PhotoRow, ...] = ()

    @property
    def keys(self) -> tuple[str, str]:
        """Return the key, and the key under which version 0.2.0 stored this story."""
        return self.key, earlier_import_key(self.story)


class NamesAsked(Invalid):
    """Some printed names may mean several people: the importing user must say who is meant."""

    def __init__(self, doubts: Sequence[Doubt]) -> None:
        self.doubts = doubts
        super().__init__([doubt_message(doubts)])


def default_choice(page: ParsedPage) -> list[Candidate]:
    """Return the stories that are selected by default: all except duplicates."""
    return [
        Candidate(story, import_key(story))
        for story in page.stories
        if story.all_paragraphs and not is_again(story)
    ]


def is_again(story: ParsedStory) -> bool:
    """Return whether this story is a duplicate on its page."""
    return any(flag.startswith("duplicate_of") for flag in story.flags)


def import_drafts(
    candidates: Sequence[Candidate],
    *,
    user: User,
    at: dt.datetime,
    page: Page | None = None,
    is_console: bool = False,
    answers: Mapping[str, str] | None = None,
) -> ImportReport:
    """Create a draft of each story, placed on `page` in order if one is given.

    A story that was imported before is skipped. `is_console` stands for the operator, who may place
    on any open page; the report lists how doubtful names were matched. `answers` resolves doubtful
    names. Everything is written or nothing. Raises Forbidden, Conflict, Invalid, NamesAsked.
    """
    if not may_import(user):
        raise Forbidden(_("Only newsroom staff can import pages."))
    report, name_index = ImportReport(), NameIndex(None if is_console else user, answers)
    if not is_console:
        _require_names(candidates, name_index)
    known = _known_keys(candidates)
    with _whole_page():
        for new in candidates:
            if new.key in known:
                report.known.append(title_of(new.story))
                continue
            known.add(new.key)
            name = page.name if page else ""
            content = content_of_story(new.story, name, report, name_index)
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
    file: str = "",
    mark: ArchiveMark,
    at: dt.datetime,
    answers: Mapping[str, str] | None = None,
) -> ImportReport:
    """Import the stories of a page of an old issue into the archive, and publish them.

    `answers` resolves doubtful names. Everything is written or nothing. Raises Forbidden, Conflict,
    Invalid, NamesAsked.
    """
    page = PrintedPage(page_number, page_name, candidates, file)
    name_index = NameIndex(mark.user, answers)
    if mark.user is not None and may_print(mark.user):
        _require_names(candidates, name_index)
    return import_issue(
        [page], date=date, issue_number=issue_number, mark=mark, at=at, name_index=name_index
    )


def _require_names(candidates: Sequence[Candidate], name_index: NameIndex) -> None:
    """Raise NamesAsked if a name or run is doubtful, and `answers` does not say."""
    found: dict[str, Doubt] = {}
    for new in candidates:
        people = name_index.people.settle(new.story.credits)
        runs = name_index.people.run_doubts(people)
        asked = {doubt.key for doubt in runs}
        credits = [
            (one.name[:LONGEST_NAME], signing_role(one.role, one.label or ""))
            for one in people
            if name_key(one.run) not in asked
        ]
        town = name_index.towns.get(new.story.town or "")
        doubts: list[Doubt] = [*runs, *name_index.people.doubts(credits, town)]
        for doubt in doubts:
            found.setdefault(doubt.key, doubt)
    if found:
        raise NamesAsked(list(found.values()))


@dataclass(frozen=True, slots=True)
class PrintedPage:
    """Page of an old issue: its number, its name or "", and its stories.

    `file` is the name of the page's file, or "" if its text was pasted.
    """

    number: int
    name: str
    candidates: Sequence[Candidate]
    file: str = ""


def import_issue(
    pages: Sequence[PrintedPage],
    *,
    date: dt.date,
    issue_number: int | None = None,
    mark: ArchiveMark,
    at: dt.datetime,
    name_index: NameIndex | None = None,
) -> ImportReport:
    """Import pages of an old issue into the archive and publish them, completely or not at all.

    They were never reviewed here: the issue is dated before the paper's start date, and `mark`
    names who is responsible. Stories that were imported before are skipped. An import of many
    issues shares `name_index`; discard it if this raises. Raises Forbidden, Conflict, Invalid.
    """
    if mark.user is not None and not may_print(mark.user):
        raise Forbidden(_("Only the chief editor can import printed issues."))
    name_index = name_index or NameIndex()
    report = ImportReport()
    archive_import.require_old(date)
    asked = [new for page in pages for new in page.candidates]
    known = _known_keys(asked)
    if asked and known >= {new.key for new in asked}:
        # Nothing is new: create no empty issue.
        report.known = [title_of(new.story) for new in asked]
        return report
    with _whole_page():
        issue = archive_import.archive_issue(date=date, number=issue_number)
        rows: list[articles.ArchivedArticle] = []
        placed: list[Page] = []
        for printed in pages:
            page, target, last = archive_import.archive_page(issue, printed.number, printed.name)
            for new in printed.candidates:
                if new.key in known:
                    report.known.append(title_of(new.story))
                    continue
                known.add(new.key)
                last += 1
                content = content_of_story(new.story, page.name, report, name_index)
                content = replace(content, photos=new.photos)
                rows.append(articles.ArchivedArticle(content, new.key, target, last, printed.file))
                placed.append(page)
        report.made = articles.archive_articles(rows, mark=mark, at=at, release_at=issue.release_at)
        places = [(page, row.position) for page, row in zip(placed, rows, strict=True)]
        archive_import.archive_placements(report.made, places, at=at)
        archive_import.seal(issue, mark, [one.file for one in pages if one.file], at=at)
    return report


def _known_keys(candidates: Sequence[Candidate]) -> set[str]:
    """Return the keys of those of `candidates` that were imported already."""
    keys = {key for new in candidates for key in new.keys}
    rows = Article.objects.filter(import_key__in=keys)
    known = set(rows.values_list("import_key", flat=True))
    return {new.key for new in candidates if not known.isdisjoint(new.keys)}


@contextmanager
def _whole_page() -> Iterator[None]:
    """Write all or nothing; raise Conflict if the same page is imported concurrently."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        raise Conflict(_("Somebody has just imported this page. Please check again.")) from error


def title_of(story: ParsedStory) -> str:
    """Return the headline of a story on one line; without one, the start of its text."""
    return " ".join(story.headline) or "".join(story.all_paragraphs)[:16]


def content_of_story(
    story: ParsedStory, page_name: str, report: ImportReport, name_index: NameIndex
) -> Content:
    """Return the article content of a story; contributors are matched or created."""
    town = _town(story, report, name_index)
    unit = story.kicker if story.kicker and is_unit(story.kicker) and town is None else ""
    return Content(
        kind=story.kind,
        kicker=story.kicker or "",
        headline="\n".join(story.headline),
        dateline=story.dateline or "",
        body=Body.from_paragraphs(flat_paragraphs(story)),
        unit=unit,
        section=name_index.section(story.section or "", story.kind, page_name).pk,
        towns=(town.pk,) if town else (),
        bylines=tuple(_bylines(story.credits, town, report, name_index)),
    )


def _town(story: ParsedStory, report: ImportReport, name_index: NameIndex) -> Town | None:
    if not story.town:
        return None
    town = name_index.towns.get(story.town)
    if town is None:
        report.notes.append(
            _("The town “%(name)s” does not exist. Add it, then assign the article to it.")
            % {"name": story.town}
        )
    return town


def flat_paragraphs(story: ParsedStory) -> list[str]:
    """Return the paragraphs of a story; parts of a roundup include dateline and signature."""
    texts = list(story.paragraphs)
    for part in story.parts:
        first, *rest = part.paragraphs or ("",)
        texts += [f"{part.dateline} {first}" if part.dateline else first, *rest]
        texts += [signature(part.credits)] if part.credits else []
    return texts


def signature(credits: Sequence[Credit]) -> str:
    """Return credits as a signature in full-width parentheses: （融媒体 张三 通讯员 李四）."""
    parts: list[str] = []
    last = ""
    for credit in as_printed(credits):
        label = credit.label or credit.role
        parts += [credit.name] if label == last else [label, credit.name]
        last = label
    return f"（{' '.join(parts)}）"


def _bylines(
    credits: Sequence[Credit], town: Town | None, report: ImportReport, name_index: NameIndex
) -> list[BylineRow]:
    rows = []
    people = name_index.people.settle(credits)
    report.notes += map(_parted, name_index.people.run_doubts(people))
    for credit in people:
        role = credit.role if credit.role in Role.values else Role.EDITOR.value
        label = credit.label or ("" if role == credit.role else credit.role)
        name = credit.name[:LONGEST_NAME]
        person, others = name_index.people.match_or_create(name, role, town)
        if others:
            report.notes.append(_ambiguous(person, others))
        elif name_index.people.user is None and _is_login_of_another_kind(person, credit, town):
            report.notes.append(
                _("“%(name)s” was matched to %(person)s, who has a login here. Please check.")
                % {"name": name, "person": named(person)}
            )
        rows.append(BylineRow(person.pk, role, label[:20]))
    return rows


def _parted(doubt: RunDoubt) -> str:
    """Return the note that an import without questions chose one reading of a run."""
    first, *others = map(answer_of, doubt.readings)
    if not others:
        return _("“%(name)s” was taken for one name. Please check.") % {"name": doubt.name}
    values = {"name": doubt.name, "first": first, "others": " / ".join(others)}
    return _("“%(name)s” was read as %(first)s, but it can be %(others)s. Please check.") % values


def _is_login_of_another_kind(person: Contributor, credit: Credit, town: Town | None) -> bool:
    signs_as = signing_role(credit.role, credit.label or "")
    return person.user_id is not None and not fits(person, signs_as, town)


def _ambiguous(person: Contributor, others: Collection[Contributor]) -> str:
    return _("%(count)d contributors are named %(name)s; the one from %(place)s was chosen.") % {
        "count": len(others) + 1,
        "name": person.name,
        "place": person.place or _("no place"),
    }


def find_page(date: dt.date, number: int, *, at: dt.datetime) -> Page:
    """Return a page of a planned issue; the issue is created if it does not exist.

    Raises Conflict if the issue is signed, Invalid if it has no such page.
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
    """Return the login for imports from the console: the oldest active one of the staff."""
    able = CAPABILITIES[Capability.IMPORT_PAGES]
    for role in (role for role in HouseRole if role in able):
        user = User.objects.filter(is_active=True, groups__name=role).order_by("id").first()
        if user:
            return user
    raise Invalid([_("There is no reporter, editor, head or chief yet. Create a login first.")])

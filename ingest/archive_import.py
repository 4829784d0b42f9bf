"""Bulk import of old issues from folders into the archive.

Texts come first, at full speed: other processes parse them while this one writes each issue in one
transaction. Page images follow, because each takes seconds to process. The database records what is
done, so an import that was interrupted continues when it is started again.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import multiprocessing
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles import services as articles
from articles.exceptions import Invalid, Refusal
from issues import services as issues
from issues.models import Issue, PageImage, Placement
from paper.querysets import towns_in_order
from photos.error_messages import PAGE_REFUSALS
from photos.validation import MAX_BYTES

from . import services
from .name_index import NameIndex
from .page_files import IssueFolder, PageFileProblem, ParsedPageFile, read_issue
from .services import Candidate, ImportReport, PrintedPage, default_choice, title_of

#: Number of issues that are parsed ahead of the one that is written.
AHEAD = 24
MESSAGES = {
    "no-issue": gettext_lazy("is not an issue folder (YYYY-MM-DD); skipped"),
    "no-page": gettext_lazy("is not a page file (01.txt, 01.jpg, 01.pdf); skipped"),
    "twice": gettext_lazy("is a second file for the same page as %(what)s; skipped"),
    "no-pages": gettext_lazy("contains no page"),
    "no-text": gettext_lazy("has a page image but no text, so readers cannot find it in search"),
    "empty": gettext_lazy("has no text in its file"),
    "too-large": gettext_lazy("is larger than 2 MB, too large for the text of one page; skipped"),
    "binary": gettext_lazy("is not a text file; skipped"),
    "unreadable": gettext_lazy("cannot be opened; skipped"),
    "no-story": gettext_lazy("contains no recognizable stories"),
    "again": gettext_lazy("appears twice on this page; imported once: %(what)s"),
    "elsewhere": gettext_lazy("was already imported with another issue; skipped: %(what)s"),
    "headless": gettext_lazy("a story without a headline starts with: %(what)s"),
    "flags": gettext_lazy("needs checking: %(what)s"),
    "refused": gettext_lazy("was not imported: %(what)s"),
    "unnumbered": gettext_lazy("has no issue number; the assigned number is No. %(what)s"),
    "image": gettext_lazy("the page image was not imported: %(what)s"),
}
#: Flags that the report lists; the result of the import shows the others.
_FLAGS = {"continued", "stray_credit_line", "repeated_run", "private_character"}


def describe(problem: PageFileProblem) -> str:
    """Return a problem as a line of the report."""
    message = MESSAGES[problem.code] % {"what": problem.what} if problem.code else problem.what
    # A file name may be in another encoding.
    return f"{problem.place}: {message}".encode("utf-8", "backslashreplace").decode()


@dataclass(slots=True)
class ImportOutcome:
    """Progress and result of an import."""

    issues: int = 0
    stories: int = 0
    known: int = 0
    images: int = 0
    problems: list[PageFileProblem] = field(default_factory=list)


Progress = Callable[[int, ImportOutcome], object]


def import_archive(
    found: Sequence[IssueFolder],
    *,
    at: dt.datetime,
    operator: str,
    progress: Progress,
    workers: int = 1,
    is_dry: bool = False,
) -> ImportOutcome:
    """Import the texts of issues; `progress` is called after each with the number done.

    `operator` names who runs it, for the archive mark of each story and issue. `workers` processes
    parse (0: this one does). With `is_dry` everything is parsed and nothing written.
    """
    outcome = ImportOutcome()
    towns = [town.name for town in towns_in_order()]
    name_index, mark = NameIndex(), articles.ArchiveMark(operator)
    for done, (issue, pages) in enumerate(_parsed_issues(found, towns, workers), start=1):
        stories = {page.number: _candidates(issue, page, outcome) for page in pages}
        if is_dry:
            outcome.issues += 1
            outcome.stories += sum(map(len, stories.values()))
        else:
            try:
                _write(issue, pages, stories, name_index, outcome, mark, at)
            except Refusal as refusal:
                outcome.problems.append(
                    PageFileProblem(
                        f"{issue.date}", "refused", " ".join(_refusal_messages(refusal))
                    )
                )
                # The old one may contain contributors that were rolled back.
                name_index = NameIndex()
        progress(done, outcome)
    return outcome


def _refusal_messages(refusal: Refusal) -> list[str]:
    return refusal.problems if isinstance(refusal, Invalid) else [str(refusal)]


def _parsed_issues(
    found: Sequence[IssueFolder], towns: list[str], workers: int
) -> Iterator[tuple[IssueFolder, list[ParsedPageFile]]]:
    """Yield each issue with its parsed pages, in order; other processes parse ahead."""
    if not workers:
        yield from ((issue, read_issue(issue, towns)) for issue in found)
        return
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=spawn) as pool:
        pending: deque[tuple[IssueFolder, Future[list[ParsedPageFile]]]] = deque()
        for issue in found:
            pending.append((issue, pool.submit(read_issue, issue, towns)))
            if len(pending) > AHEAD:
                done, pages = pending.popleft()
                yield done, pages.result()
        for done, pages in pending:
            yield done, pages.result()


def _candidates(
    issue: IssueFolder, page: ParsedPageFile, outcome: ImportOutcome
) -> list[Candidate]:
    """Return the stories of a page, and report what needs checking."""
    place = f"{issue.date}/{page.number:02d}"
    if page.reason:
        outcome.problems.append(PageFileProblem(place, page.reason))
    if page.parsed is None:
        return []
    for story in page.parsed.stories:
        if services.is_again(story):
            outcome.problems.append(PageFileProblem(place, "again", title_of(story)))
        elif not story.headline and story.kind != "photo":
            outcome.problems.append(PageFileProblem(place, "headless", title_of(story)))
        flags = sorted(flag for flag in story.flags if flag.partition(":")[0] in _FLAGS)
        if flags:
            what = f"{title_of(story)} ({', '.join(flags)})"
            outcome.problems.append(PageFileProblem(place, "flags", what))
    return default_choice(page.parsed)


def _write(
    issue: IssueFolder,
    pages: Sequence[ParsedPageFile],
    stories: dict[int, list[Candidate]],
    name_index: NameIndex,
    outcome: ImportOutcome,
    mark: articles.ArchiveMark,
    at: dt.datetime,
) -> None:
    """Write one issue completely or not at all. Raises Refusal."""
    named = {page.number: page.name for page in pages}
    for page_number in issue.pages:
        stories.setdefault(page_number, [])
    if not any(stories.values()) and not any(page.image for page in issue.pages.values()):
        return
    number = _number(pages)
    is_new = not Issue.objects.filter(date=issue.date, special="").exists()

    def write(stories: dict[int, list[Candidate]], name_index: NameIndex) -> ImportReport:
        printed = [
            PrintedPage(n, named.get(n, ""), stories[n], issue.text_name(n))
            for n in sorted(stories)
        ]
        return services.import_issue(
            printed, date=issue.date, issue_number=number, mark=mark, at=at, name_index=name_index
        )

    try:
        report = write(stories, name_index)
    except Invalid:
        # A text exceeds the limits of an article: import the rest of the issue without it.
        report = write(_without_bad(issue, stories, outcome), NameIndex())
    outcome.issues += 1
    outcome.stories += len(report.made)
    outcome.problems += [
        PageFileProblem(f"{issue.date}", "", note) for note in dict.fromkeys(report.notes)
    ]
    if is_new and number is None and report.made:
        given = Issue.objects.get(date=issue.date, special="").number
        outcome.problems.append(PageFileProblem(f"{issue.date}", "unnumbered", str(given)))
    if report.known:
        _note_known(issue, stories, report, outcome)


def _number(pages: Sequence[ParsedPageFile]) -> int | None:
    """Return the issue's number from its pages; None without one, or if it is taken."""
    number = next((page.issue_number for page in pages if page.issue_number), None)
    return None if number and Issue.objects.filter(number=number).exists() else number


def _without_bad(
    issue: IssueFolder, stories: dict[int, list[Candidate]], outcome: ImportOutcome
) -> dict[int, list[Candidate]]:
    """Return the stories within an article's limits, and report the others with the reason."""
    name_index = NameIndex()
    accepted: dict[int, list[Candidate]] = {}
    # Contributors created by this check are rolled back: the import creates them again.
    with transaction.atomic():
        for number, candidates in stories.items():
            accepted[number] = []
            for new in candidates:
                content = services.content_of_story(new.story, "", ImportReport(), name_index)
                try:
                    problems = articles.checked_text(content)[1]
                except Invalid as invalid:
                    problems = invalid.problems
                if problems:
                    what = f"{title_of(new.story)[:40]} ({' '.join(problems)})"
                    place = f"{issue.date}/{number:02d}"
                    outcome.problems.append(PageFileProblem(place, "refused", what))
                else:
                    accepted[number].append(new)
        transaction.set_rollback(True)
    return accepted


def _note_known(
    issue: IssueFolder,
    stories: dict[int, list[Candidate]],
    report: ImportReport,
    outcome: ImportOutcome,
) -> None:
    """Count stories that this issue already has, and report those of another issue."""
    news = {new.key: new for candidates in stories.values() for new in candidates}
    keys = {key for new in news.values() for key in new.keys}
    here = Placement.objects.filter(page__issue__date=issue.date, article__import_key__in=keys)
    mine = set(here.values_list("article__import_key", flat=True))
    outcome.known += len(mine) - len(report.made)
    outcome.problems += [
        PageFileProblem(f"{issue.date}", "elsewhere", title_of(new.story))
        for new in news.values()
        if mine.isdisjoint(new.keys)
    ]


def import_images(
    found: Sequence[IssueFolder], outcome: ImportOutcome, *, progress: Progress, at: dt.datetime
) -> None:
    """Import the images of pages in the archive; an image that exists is not replaced."""
    done = 0
    for issue in found:
        for number, page in sorted(issue.pages.items()):
            if page.image is None:
                continue
            place = f"{issue.date}/{page.image.name}"
            try:
                outcome.images += _image(issue.date, number, page.image, at)
            except (Refusal, OSError) as error:
                reasons = (
                    _refusal_messages(error)
                    if isinstance(error, Refusal)
                    else [_("cannot be opened")]
                )
                outcome.problems.append(PageFileProblem(place, "image", " ".join(reasons)))
            done += 1
            progress(done, outcome)


def _image(date: dt.date, number: int, path: Path, at: dt.datetime) -> int:
    """Import one page image; return 1, or 0 if it exists already."""
    issue = Issue.objects.filter(date=date, special="", is_archive=True).first()
    page = issue.pages.filter(number=number).select_related("issue").first() if issue else None
    if page is None:
        raise Invalid([_("There is no such page in the archive.")])
    if path.stat().st_size > MAX_BYTES:
        raise Invalid([str(PAGE_REFUSALS["too-many-bytes"])])
    data = path.read_bytes()
    digest = hashlib.sha256(data).hexdigest()
    if PageImage.objects.filter(page=page, sha256=digest).exists():
        return 0
    issues.set_image(page, data, user=None, at=at)
    return 1

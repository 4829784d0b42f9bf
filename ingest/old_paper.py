"""The whole old paper at once: folders of issues into the archive and into print.

The texts come first, at full speed: other processes read them while this one writes, an issue in
one transaction. The pictures follow, for each takes seconds to draw. Broken off at any moment and
begun again it goes on where it was: what is done, the database says.
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
from articles.errors import Invalid, Refusal
from issues import services as issues
from issues.models import Issue, PageImage, Placement
from paper.querysets import towns_in_order
from photos.checking import MAX_BYTES
from photos.words import PAGE_REFUSALS

from . import services
from .lookups import Lookups
from .page_files import FoundIssue, Problem, ReadPage, read_issue
from .services import Candidate, PrintedPage, Report, default_choice, title_of

#: So many issues are read ahead of the one that is written.
AHEAD = 24
WORDS = {
    "no-issue": gettext_lazy("is no folder of an issue (YYYY-MM-DD); left out"),
    "no-page": gettext_lazy("is no file of a page (01.txt, 01.jpg, 01.pdf); left out"),
    "twice": gettext_lazy("is a second file for the same page beside %(what)s; left out"),
    "no-pages": gettext_lazy("holds no page"),
    "no-text": gettext_lazy("has a picture and no text: readers find nothing of it"),
    "empty": gettext_lazy("has no text in its file"),
    "too-large": gettext_lazy("is larger than 2 MB: not the text of one page; left out"),
    "binary": gettext_lazy("is no text file; left out"),
    "unreadable": gettext_lazy("cannot be opened; left out"),
    "no-story": gettext_lazy("holds no story that could be told apart"),
    "again": gettext_lazy("stands on this page twice; brought in once: %(what)s"),
    "elsewhere": gettext_lazy("was brought in with another issue before; left out: %(what)s"),
    "headless": gettext_lazy("a story without a headline begins: %(what)s"),
    "flags": gettext_lazy("to be looked at: %(what)s"),
    "refused": gettext_lazy("was not taken: %(what)s"),
    "unnumbered": gettext_lazy("names no issue number; it was given No. %(what)s"),
    "image": gettext_lazy("the picture was not taken: %(what)s"),
}
#: What of a page's flags asks for an eye; the others are told by what is in print.
_FLAGS = {"continued", "stray_credit_line", "repeated_run"}


def describe(problem: Problem) -> str:
    """Return a problem as a sentence."""
    words = WORDS[problem.code] % {"what": problem.what} if problem.code else problem.what
    # A name of a file may be in an encoding that is not ours.
    return f"{problem.place}: {words}".encode("utf-8", "backslashreplace").decode()


@dataclass(slots=True)
class Outcome:
    """What an import has done so far."""

    issues: int = 0
    stories: int = 0
    known: int = 0
    images: int = 0
    problems: list[Problem] = field(default_factory=list)


Progress = Callable[[int, Outcome], object]


def bring_in(
    found: Sequence[FoundIssue],
    *,
    at: dt.datetime,
    progress: Progress,
    workers: int = 1,
    is_dry: bool = False,
) -> Outcome:
    """Bring in the texts of issues; `progress` is told after each how many are through.

    `workers` processes read (0: this one does). With `is_dry` all is read and nothing written.
    """
    outcome = Outcome()
    towns = [town.name for town in towns_in_order()]
    lookups = Lookups()
    for done, (issue, pages) in enumerate(_readings(found, towns, workers), start=1):
        stories = {page.number: _candidates(issue, page, outcome) for page in pages}
        if is_dry:
            outcome.issues += 1
            outcome.stories += sum(map(len, stories.values()))
        else:
            try:
                _write(issue, pages, stories, lookups, outcome, at)
            except Refusal as refusal:
                outcome.problems.append(
                    Problem(f"{issue.date}", "refused", " ".join(_words_of(refusal)))
                )
                # It may know people whom the transaction has taken back.
                lookups = Lookups()
        progress(done, outcome)
    return outcome


def _words_of(refusal: Refusal) -> list[str]:
    return refusal.problems if isinstance(refusal, Invalid) else [str(refusal)]


def _readings(
    found: Sequence[FoundIssue], towns: list[str], workers: int
) -> Iterator[tuple[FoundIssue, list[ReadPage]]]:
    """Yield each issue with its pages as read, in order, some read ahead by other processes."""
    if not workers:
        yield from ((issue, read_issue(issue, towns)) for issue in found)
        return
    fresh = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=fresh) as pool:
        waiting: deque[tuple[FoundIssue, Future[list[ReadPage]]]] = deque()
        for issue in found:
            waiting.append((issue, pool.submit(read_issue, issue, towns)))
            if len(waiting) > AHEAD:
                done, pages = waiting.popleft()
                yield done, pages.result()
        for done, pages in waiting:
            yield done, pages.result()


def _candidates(issue: FoundIssue, page: ReadPage, outcome: Outcome) -> list[Candidate]:
    """Return the stories of a page, and note what of them needs an eye."""
    place = f"{issue.date}/{page.number:02d}"
    if page.reason:
        outcome.problems.append(Problem(place, page.reason))
    if page.reading is None:
        return []
    for story in page.reading.stories:
        if services.is_again(story):
            outcome.problems.append(Problem(place, "again", title_of(story)))
        elif not story.headline and story.kind != "photo":
            outcome.problems.append(Problem(place, "headless", title_of(story)))
        flags = sorted(flag for flag in story.flags if flag.partition(":")[0] in _FLAGS)
        if flags:
            what = f"{title_of(story)} ({', '.join(flags)})"
            outcome.problems.append(Problem(place, "flags", what))
    return default_choice(page.reading)


def _write(
    issue: FoundIssue,
    pages: Sequence[ReadPage],
    stories: dict[int, list[Candidate]],
    lookups: Lookups,
    outcome: Outcome,
    at: dt.datetime,
) -> None:
    """Write one issue, whole or not at all. Raises Refusal."""
    named = {page.number: page.name for page in pages}
    for page_number in issue.pages:
        stories.setdefault(page_number, [])
    if not any(stories.values()) and not any(page.image for page in issue.pages.values()):
        return
    number = _number(pages)
    is_new = not Issue.objects.filter(date=issue.date, special="").exists()

    def write(stories: dict[int, list[Candidate]], lookups: Lookups) -> Report:
        printed = [PrintedPage(n, named.get(n, ""), stories[n]) for n in sorted(stories)]
        return services.import_issue(
            printed, date=issue.date, issue_number=number, user=None, at=at, lookups=lookups
        )

    try:
        report = write(stories, lookups)
    except Invalid:
        # Some text is more than an article holds: the others of the issue come in without it.
        report = write(_without_bad(issue, stories, outcome), Lookups())
    outcome.issues += 1
    outcome.stories += len(report.made)
    outcome.problems += [Problem(f"{issue.date}", "", note) for note in dict.fromkeys(report.notes)]
    if is_new and number is None and report.made:
        given = Issue.objects.get(date=issue.date, special="").number
        outcome.problems.append(Problem(f"{issue.date}", "unnumbered", str(given)))
    if report.known:
        _note_known(issue, stories, report, outcome)


def _number(pages: Sequence[ReadPage]) -> int | None:
    """Return the issue's number as its pages have it; None without one, or where it is taken."""
    number = next((page.issue_number for page in pages if page.issue_number), None)
    return None if number and Issue.objects.filter(number=number).exists() else number


def _without_bad(
    issue: FoundIssue, stories: dict[int, list[Candidate]], outcome: Outcome
) -> dict[int, list[Candidate]]:
    """Return the stories that an article can hold, and note the others with the reason."""
    lookups = Lookups()
    kept: dict[int, list[Candidate]] = {}
    # People made while we look are taken back: they come with the stories that are kept.
    with transaction.atomic():
        for number, candidates in stories.items():
            kept[number] = []
            for new in candidates:
                content = services.content_of_story(new.story, "", Report(), lookups)
                try:
                    problems = articles.checked_text(content)[1]
                except Invalid as invalid:
                    problems = invalid.problems
                if problems:
                    what = f"{title_of(new.story)[:40]} ({' '.join(problems)})"
                    place = f"{issue.date}/{number:02d}"
                    outcome.problems.append(Problem(place, "refused", what))
                else:
                    kept[number].append(new)
        transaction.set_rollback(True)
    return kept


def _note_known(
    issue: FoundIssue, stories: dict[int, list[Candidate]], report: Report, outcome: Outcome
) -> None:
    """Count what this issue has already; what another issue has is to be looked at."""
    keys = {new.key: new for candidates in stories.values() for new in candidates}
    here = Placement.objects.filter(page__issue__date=issue.date, article__import_key__in=keys)
    mine = set(here.values_list("article__import_key", flat=True))
    outcome.known += len(mine) - len(report.made)
    outcome.problems += [
        Problem(f"{issue.date}", "elsewhere", title_of(new.story))
        for key, new in keys.items()
        if key not in mine
    ]


def bring_in_images(
    found: Sequence[FoundIssue], outcome: Outcome, *, progress: Progress, at: dt.datetime
) -> None:
    """Take the pictures of pages that are in the archive; one that is there already stays."""
    done = 0
    for issue in found:
        for number, page in sorted(issue.pages.items()):
            if page.image is None:
                continue
            place = f"{issue.date}/{page.image.name}"
            try:
                outcome.images += _image(issue.date, number, page.image, at)
            except (Refusal, OSError) as error:
                words = _words_of(error) if isinstance(error, Refusal) else [_("cannot be opened")]
                outcome.problems.append(Problem(place, "image", " ".join(words)))
            done += 1
            progress(done, outcome)


def _image(date: dt.date, number: int, path: Path, at: dt.datetime) -> int:
    """Take one picture; return how many were taken: 0 where it is there already."""
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

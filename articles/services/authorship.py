"""Check that nobody signs their own work, by contributor and by name.

The names of an article are collected from all its revisions, so that changing the byline does not
help; a merged contributor counts as its target. Where someone has the same name as the reviewer,
now or before, the reviewer is asked once, and the answer is a row of the sealed log.
"""

from __future__ import annotations

import datetime as dt
import html
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bylines.models import Contributor, FormerLogin
from bylines.services import display_name, like_key, name_key, own_contributor
from paper.querysets import get_paper
from photos.models import PhotoCredit

from ..exceptions import Conflict, Invalid
from ..models import Article, LogEntry, Review, Revision
from ..selectors.recent_changes import conflict_message
from . import audit_log

#: The answers, and the names of their rows in the log.
ME, OTHER = "me", "other"
ENTRIES = {ME: "namesake_me", OTHER: "namesake_other"}
_NUMBER = re.compile(r"） #(\d+)$")
_TAG = re.compile(r"<[^>]*>")
#: A name of one character would match any text.
_SHORTEST_NAME = 2
_PLACES = {
    "byline": gettext_lazy("in the byline"),
    "photo": gettext_lazy("as photographer"),
    "text": gettext_lazy("in the text or a caption"),
    "creator": gettext_lazy("as the person who entered the article"),
    "reviewer": gettext_lazy("as the signer of another review"),
}


@dataclass(frozen=True, slots=True)
class NamesakeQuestion:
    """A person behind an article who has the reviewer's name and may be the same person.

    `number` is the contributor, None for a name in the text or in the credit of a photo.
    """

    name: str
    place: str
    number: int | None
    roles: Sequence[str]

    @property
    def key(self) -> str:
        """Return the key of the answer: c12, or n and the normal form of the name."""
        return f"c{self.number}" if self.number else f"n{name_key(self.name)}"

    @property
    def where(self) -> str:
        """Return a phrase that says where the article names the person."""
        return "、".join(str(_PLACES[role]) for role in self.roles)

    @property
    def note(self) -> str:
        """Return the subject of the answer as the log stores it."""
        named = f"{self.name}（{self.place}）" if self.place else self.name
        return f"{named} #{self.number}" if self.number else named


class UnansweredQuestions(Invalid):
    """A review cannot be signed before these questions are answered."""

    def __init__(self, questions: Sequence[NamesakeQuestion]) -> None:
        self.questions = questions
        names = "、".join(dict.fromkeys(question.name for question in questions))
        super().__init__(
            [
                _("%(names)s: you have the same name. First say whether it is you.")
                % {"names": names}
            ]
        )


@dataclass(slots=True)
class _PeopleBehind:
    """The people behind one article: contributors with their roles, and unmatched names.

    `names` maps a name of the reviewer, in normal form, to the places where it is printed.
    """

    people: dict[int, set[str]] = field(default_factory=dict)
    names: dict[str, set[str]] = field(default_factory=dict)

    def read(self, text: str, role: str, mine: Iterable[str]) -> None:
        """Record which of the names `mine` occur in a text, in whatever form they are printed.

        A signature has too many forms to be distinguished from a mention, so both lead to a
        question.
        """
        plain = _normal_form(html.unescape(_TAG.sub("", text)))
        for name in mine:
            if len(name) >= _SHORTEST_NAME and name in plain:
                self.names.setdefault(name, set()).add(role)

    def add(self, pk: int | None, role: str) -> None:
        """Record that a contributor has this role in the article."""
        if pk is not None:
            self.people.setdefault(pk, set()).add(role)


@dataclass(frozen=True, slots=True)
class Standing:
    """The relation of a reviewer to an article: `own` says why it is their own work, or is ""."""

    own: str
    questions: Sequence[NamesakeQuestion]


def standing_of(article: Article, user: User) -> Standing:
    """Return whether `user` is behind `article`, and the questions to answer before signing."""
    return standings([article], user)[article.pk]


def standings(articles: Sequence[Article], user: User) -> dict[int, Standing]:
    """Return the result of `standing_of` for many articles, in a fixed number of queries."""
    reviewer = _Reviewer.of(user)
    behind = _behind(articles, reviewer.names)
    wanted = {pk for one in behind.values() for pk in one.people}
    rows = Contributor.objects.filter(pk__in=wanted).select_related("merged_into", "town")
    people = {row.pk: row for row in rows.prefetch_related("other_names", "user")}
    answered = _answers(articles, user)
    return {
        article.pk: _standing(behind[article.pk], reviewer, people, answered.get(article.pk, {}))
        for article in articles
    }


@dataclass(frozen=True, slots=True)
class _Reviewer:
    """The reviewer: their contributor, their names, and contributors that were theirs."""

    number: int
    names: frozenset[str]
    former: frozenset[int]

    @classmethod
    def of(cls, user: User) -> _Reviewer:
        """Return the reviewer of a login."""
        own = own_contributor(user)
        family = list(Contributor.objects.of_login(user).prefetch_related("other_names"))
        names = {_normal_form(display_name(user))}.union(*map(_keys, family))
        former = FormerLogin.objects.filter(user=user).values_list("contributor", flat=True)
        return cls(own.pk or 0, frozenset(names), frozenset(former))

    def is_like(self, person: Contributor) -> bool:
        """Return whether a contributor of another login, or of none, could be this person."""
        was_theirs = bool({person.pk, person.root_id} & self.former)
        return was_theirs or bool(_keys(person) & self.names)


def _keys(person: Contributor) -> set[str]:
    """Return the names of a contributor, and of its login, in normal form."""
    names = [person.name, *(other.name for other in person.other_names.all())]
    return {_normal_form(name) for name in [*names, display_name(person.user)] if name}


def _normal_form(name: str) -> str:
    return like_key(name_key(name))


def _standing(
    behind: _PeopleBehind,
    reviewer: _Reviewer,
    people: Mapping[int, Contributor],
    answered: Mapping[str, str],
) -> Standing:
    own, questions, asked = "", [], set()
    for pk, roles in sorted(behind.people.items()):
        person = people.get(pk)
        if person is None:
            # Only an earlier revision named it, before such contributors were protected.
            continue
        if person.root_id == reviewer.number:
            own = own or _own_work_message(roles)
        elif reviewer.is_like(person):
            place = person.place or str(person.get_kind_display())
            questions.append(NamesakeQuestion(person.name, place, pk, sorted(roles)))
            asked |= _keys(person)
    questions += _unmatched_questions(behind, reviewer.names - asked)
    for question in questions:
        if answered.get(question.key) == ME:
            own = own or _own_name_message(question)
    return Standing(own, [one for one in questions if one.key not in answered])


def _unmatched_questions(behind: _PeopleBehind, mine: frozenset[str]) -> Iterator[NamesakeQuestion]:
    """Yield the questions about names in text and old credits that are `mine`."""
    for name, roles in sorted(behind.names.items()):
        if name in mine:
            yield NamesakeQuestion(name, "", None, sorted(roles))


def _own_work_message(roles: set[str]) -> str:
    if "byline" in roles:
        return _("You are in the byline of this article. Somebody else must sign it.")
    if "photo" in roles:
        return _("A photo in this article is by you. Somebody else must sign it.")
    return ""


def _own_name_message(question: NamesakeQuestion) -> str:
    return _(
        "You said that the %(name)s named here is you. Somebody else must sign this article."
    ) % {"name": question.name}


def _behind(articles: Sequence[Article], mine: frozenset[str]) -> dict[int, _PeopleBehind]:
    found = {article.pk: _PeopleBehind() for article in articles}
    photos = _from_revisions(articles, found, mine)
    _from_photos(photos, found)
    creators = {one.created_by_id for one in articles if one.created_by_id}
    numbers = dict(Contributor.objects.filter(user__in=creators).values_list("user", "pk"))
    for article in articles:
        found[article.pk].add(numbers.get(article.created_by_id or 0), "creator")
    if not get_paper().allow_same_reviewer:
        rounds = {article.pk: article.round for article in articles}
        signed = Review.objects.filter(article__in=rounds)
        for pk, round_, number in signed.values_list("article", "round", "reviewer__contributor"):
            if rounds[pk] == round_:
                found[pk].add(number, "reviewer")
    return found


def _from_revisions(
    articles: Sequence[Article], found: Mapping[int, _PeopleBehind], mine: frozenset[str]
) -> dict[int, set[int]]:
    """Collect the people that the revisions name; return the articles of each photo."""
    photos: dict[int, set[int]] = {}
    rows = Revision.objects.filter(article__in=articles, is_side=False)
    parts = ("content__bylines", "content__photos", "content__body")
    for pk, bylines, shown, body in rows.values_list("article", *parts).iterator(100):
        for row in bylines or []:
            found[pk].add(row["contributor"], "byline")
        for row in shown or []:
            photos.setdefault(row["photo"], set()).add(pk)
            found[pk].read(row.get("credit", ""), "photo", mine)
            for part in ("caption", "alt"):
                found[pk].read(row.get(part, ""), "text", mine)
        found[pk].read(body or "", "text", mine)
    return photos


def _from_photos(photos: Mapping[int, Iterable[int]], found: Mapping[int, _PeopleBehind]) -> None:
    credits = PhotoCredit.objects.filter(photo__in=photos)
    for photo, number in credits.values_list("photo", "contributor"):
        for pk in photos[photo]:
            found[pk].add(number, "photo")


def _answers(articles: Sequence[Article], user: User) -> dict[int, dict[str, str]]:
    """Return the answers of `user` by article; "it is me" is never overridden."""
    found: dict[int, dict[str, str]] = {}
    entries = LogEntry.objects.filter(
        article__in=articles, by=user, transition__in=ENTRIES.values()
    )
    said = {transition: answer for answer, transition in ENTRIES.items()}
    for pk, transition, note in entries.order_by("pk").values_list("article", "transition", "note"):
        number = _NUMBER.search(note)
        key = f"c{number[1]}" if number else f"n{name_key(note)}"
        mine = found.setdefault(pk, {})
        if mine.get(key) != ME:
            mine[key] = said[transition]
    return found


def require_not_author(article: Article, user: User) -> None:
    """Raise Conflict for the work of `user`, UnansweredQuestions where they must answer first."""
    standing = standing_of(article, user)
    if standing.own:
        raise Conflict(standing.own)
    if standing.questions:
        raise UnansweredQuestions(standing.questions)


@transaction.atomic
def note_answers(
    article: Article, answers: Mapping[str, str], *, user: User, at: dt.datetime
) -> None:
    """Store the answers of `user` about namesakes in the sealed log; other answers are ignored.

    `answers` are "me" or "other" by the key of a question. The caller has locked the article.
    """
    for question in standing_of(article, user).questions:
        transition = ENTRIES.get(answers.get(question.key, ""))
        if transition is None:
            continue
        entry = LogEntry(
            article=article,
            transition=transition,
            from_state=article.state,
            to_state=article.state,
            by=user,
            at=at,
            note=question.note,
        )
        if not audit_log.append(entry, Article.objects.all()):
            raise Conflict(conflict_message(article, at))


def answers_in(data: Mapping[str, Any], prefix: str = "") -> dict[str, str]:
    """Return the answers in form data: fields such as namesake-c12."""
    start = f"{prefix}namesake-"
    return {
        name.removeprefix(start): str(data.get(name)) for name in data if name.startswith(start)
    }

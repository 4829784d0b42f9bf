"""Matching of the names in a form to contributors, with questions about possible namesakes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import User
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bylines.credits.line import Credit
from bylines.credits.settle import answer_of, known_by_name, settle
from bylines.models import Contributor, Role
from bylines.services import (
    NEW,
    ContributorMatcher,
    Doubt,
    NameDoubt,
    RunDoubt,
    display_name,
    name_key,
    named,
    own_contributor,
    signing_role,
)
from paper.models import Town
from photos.models import Photo
from photos.services import Credits

from ..content import BylineRow
from ..models import Article

#: Prefix of the field that identifies a person; the normal form of the name follows.
PREFIX = "who-"


@dataclass(frozen=True, slots=True)
class NameOption:
    """One answer to the question which person a name means."""

    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class NameQuestion:
    """An ambiguous name, as the form asks about it."""

    doubt: Doubt
    options: Sequence[NameOption]

    @property
    def field(self) -> str:
        """Return the name of the field that takes the answer."""
        return PREFIX + self.doubt.key

    @property
    def label(self) -> str:
        """Return the question."""
        if isinstance(self.doubt, RunDoubt):
            return _("“%(name)s”: how many people?") % {"name": self.doubt.name}
        return _("Who is “%(name)s”?") % {"name": self.doubt.name}


def answers_in(data: Mapping[str, Any]) -> dict[str, str]:
    """Return the answers of a form: the person by the normal form of each name."""
    return {
        name.removeprefix(PREFIX): str(data.get(name) or "")
        for name in data
        if name.startswith(PREFIX)
    }


def question(doubt: Doubt, answer: str = "") -> NameQuestion:
    """Return the question about an ambiguous name, with the previous answer."""
    if isinstance(doubt, RunDoubt):
        return NameQuestion(doubt, _readings_of(doubt, answer))
    options = [
        NameOption(str(person.pk), named_with_login(person), answer == str(person.pk))
        for person in doubt.people
    ]
    new = NameOption(NEW, _("another person with this name (new contributor)"), answer == NEW)
    return NameQuestion(doubt, [*options, new])


def _readings_of(doubt: RunDoubt, answer: str) -> list[NameOption]:
    """Return the ways to read a run: as one person or as several."""
    return [
        NameOption(value, _people_label(names), value == answer)
        for names in doubt.readings
        for value in [answer_of(names)]
    ]


def _people_label(names: Sequence[str]) -> str:
    label = ngettext("one person: %(names)s", "%(count)d people: %(names)s", len(names))
    return label % {"count": len(names), "names": "、".join(names)}


def named_with_login(person: Any) -> str:
    """Return the label of a contributor, with whether they have a login."""
    return f"{named(person)} · {_('has a login')}" if person.user_id else named(person)


def doubt_message(doubts: Sequence[Doubt]) -> str:
    """Return the message that a form with ambiguous names is not saved yet."""
    people = [doubt.name for doubt in doubts if isinstance(doubt, NameDoubt)]
    runs = [doubt.name for doubt in doubts if isinstance(doubt, RunDoubt)]
    sentences = []
    if people:
        said = _("Somebody named %(names)s has a login here. Please choose who is meant.")
        sentences.append(said % {"names": "、".join(people)})
    if runs:
        said = _(
            "“%(names)s” can be one person or several. Please choose, or put a blank between "
            "the names."
        )
        sentences.append(said % {"names": "”、“".join(runs)})
    return " ".join(sentences)


@dataclass(slots=True)
class Names:
    """The people that the names of one form mean: stored before, answered, or matched."""

    user: User | None
    answers: Mapping[str, str] = field(default_factory=dict)
    people: ContributorMatcher | None = None
    #: The ids of the stored byline, by name and role, and by name alone.
    known: dict[tuple[str, str], int] = field(default_factory=dict)
    #: Names as printed that are certain: the login's own, and those of the stored byline.
    spellings: frozenset[str] = frozenset()

    @classmethod
    def of(cls, article: Article | None, user: User | None, data: Mapping[str, Any]) -> Names:
        """Return the names of a form that `user` has sent for `article`."""
        names = cls(user, answers_in(data))
        rows = list(article.ordered_bylines()) if article is not None and article.pk else []
        names.spellings = frozenset(
            {display_name(user), *(row.contributor.name for row in rows)} - {""}
        )
        for row in rows:
            key = row.contributor.name_key
            names.known[key, row.role] = row.contributor_id
            names.known.setdefault((key, ""), row.contributor_id)
        return names

    def add_pen_name(self) -> None:
        """Add the name of the login's contributor, which may differ from the login's."""
        if self.user is not None:
            self.spellings |= {own_contributor(self.user).name}

    def settle(self, credits: Sequence[Credit]) -> list[Credit]:
        """Return `credits` with runs read as an answer, this form or the contributors decide."""
        if not any(one.run for one in credits):
            return list(credits)
        own = settle(credits, known_by_name(self.spellings), self.answers)
        return self.read(own).settle(own) if any(one.run for one in own) else own

    def known_id(self, name: str, role: str) -> int | None:
        """Return the contributor that the stored byline has for this name."""
        key = name_key(name)
        return self.known.get((key, role)) or self.known.get((key, ""))

    def unknown(self, credits: Sequence[Credit]) -> list[Credit]:
        """Return the credits whose names are not in the stored byline."""
        return [one for one in credits if self.known_id(one.name, one.role) is None]

    def begin(self) -> None:
        """Discard contributors that were created: a transaction begins, possibly a retry."""
        self.people = None

    def read(self, credits: Sequence[Credit]) -> ContributorMatcher:
        """Load the contributors of these names in a few queries."""
        if self.people is None:
            self.people = ContributorMatcher((), user=self.user, answers=self.answers)
        self.people.learn(one.name for one in credits)
        return self.people

    def doubts(self, credits: Sequence[Credit], town: Town | None = None) -> list[Doubt]:
        """Return the names and runs that need an answer before they can be stored."""
        unknown = self.unknown(credits)
        if not unknown:
            return []
        people = self.read(unknown)
        runs = people.run_doubts(unknown)
        keys = {doubt.key for doubt in runs}
        asked = [
            (one.name, signing_role(one.role, one.label))
            for one in unknown
            if name_key(one.run) not in keys
        ]
        return [*runs, *people.doubts(asked, town)]

    def rows(self, credits: Sequence[Credit], town: Town | None = None) -> list[BylineRow]:
        """Return the byline rows of `credits`; unknown people become contributors."""
        unknown = self.unknown(credits)
        people = self.read(unknown) if unknown else ContributorMatcher(())
        found = []
        for one in credits:
            role = one.role if one.role in Role.values else Role.EDITOR.value
            pk = self.known_id(one.name, one.role)
            pk = pk or people.match_or_create(one.name, role, town)[0].pk
            found.append(BylineRow(pk, role, one.label[:20]))
        return found

    def credits(self, photo: Photo, credits: Sequence[Credit]) -> Credits:
        """Return the credits for a photo; a name that it already has means the same person."""
        rows = photo.credits.select_related("contributor")
        borne = {row.contributor.name_key: row.contributor for row in rows}
        people = self.read(credits)
        found = []
        for one in credits:
            pk = self.known_id(one.name, one.role)
            person = borne.get(name_key(one.name))
            person = person or Contributor.objects.filter(pk=pk or 0).first()
            person = person or people.match_or_create(one.name, one.role)[0]
            found.append((person, one.role, one.label))
        return found

"""Matching of printed names to contributors by name, town and role, and detection of doubts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from django.contrib.auth.models import User

from paper.models import Town

from ..credits.people import Credit
from ..credits.settle import RunDoubt, doubts_in, names_to_look_up, settle
from ..models import Contributor, OtherName, Role
from ..names import name_key, tidy_name
from .logins import contributor_for, display_name

_KIND_OF_ROLE = {
    Role.REPORTER: Contributor.Kind.REPORTER,
    Role.CORRESPONDENT: Contributor.Kind.CORRESPONDENT,
}
#: What a user is asked about a name: who it means, or how many names it is.
Doubt: TypeAlias = "NameDoubt | RunDoubt"
#: Answer that a name means a new contributor.
NEW = "new"


@dataclass(frozen=True, slots=True)
class NameDoubt:
    """Printed name that may mean a contributor with a login, and the possible contributors.

    The answer is the id of one of them, or `NEW` for another person of this name.
    """

    name: str
    people: Sequence[Contributor]

    @property
    def key(self) -> str:
        """Return the key of the answer: the normalised name."""
        return name_key(self.name)

    def is_answer(self, answer: str) -> bool:
        """Return whether `answer` is one of the offered ones."""
        return answer == NEW or answer in {str(person.pk) for person in self.people}


class ContributorMatcher:
    """Contributors by name, to match printed credits in one import or one form.

    `user` typed the names, None for the console; `answers` maps normalised names to the user's
    answers. The contributors of all names, or of `names` if given, are read once. Discard the
    matcher if a transaction in which it created a contributor is rolled back.
    """

    def __init__(
        self,
        names: Iterable[str] | None = None,
        *,
        user: User | None = None,
        answers: Mapping[str, str] | None = None,
    ) -> None:
        self.user, self.answers = user, answers or {}
        self._named: dict[str, list[Contributor]] = {} if names is not None else _by_key(None)
        self._bare: dict[str, User] | None = None
        self.learn(names or ())

    def learn(self, names: Iterable[str]) -> None:
        """Load the contributors of more names."""
        missing = {name_key(name) for name in names} - set(self._named)
        if missing:
            self._named |= {key: [] for key in missing} | _by_key(missing)

    def found(self, name: str) -> list[Contributor]:
        """Return the contributors that a printed name may mean, the oldest first."""
        return self._named.get(name_key(name), [])

    def is_known(self, name: str) -> bool:
        """Return whether somebody has or had this name; its contributors must be loaded."""
        return bool(self.found(name))

    def settle(self, credits: Sequence[Credit]) -> list[Credit]:
        """Return `credits` with runs read as an answer or the paper's contributors decide."""
        self.learn(names_to_look_up(credits))
        return settle(credits, self.is_known, self.answers)

    def run_doubts(self, credits: Sequence[Credit]) -> list[RunDoubt]:
        """Return the runs in settled `credits` that can be one name or several."""
        return doubts_in(credits, self.is_known)

    def doubts(
        self, credits: Iterable[tuple[str, str]], town: Town | None = None
    ) -> list[NameDoubt]:
        """Return the doubtful names of `credits` (name, role), each once.

        A name is doubtful if a contributor with a login has it and role or town do not fit, or
        if several contributors have it. The user's own name means the user if it fits.
        """
        found: dict[str, NameDoubt] = {}
        for name, role in credits:
            key, people = name_key(name), self.found(name)
            if key not in found and is_doubtful(people, role, town, self.user):
                doubt = NameDoubt(tidy_name(name), people)
                if not doubt.is_answer(self.answers.get(key, "")):
                    found[key] = doubt
        return list(found.values())

    def match_or_create(
        self, name: str, role: str, town: Town | None = None
    ) -> tuple[Contributor, list[Contributor]]:
        """Return the contributor that a printed credit means, and the others that it may mean.

        An answer decides; else the only contributor of that name. Of several, it is the one of
        the same town, else of the role's kind, else with a login, else the oldest; the rest are
        returned for an editor to check. Without any, one is created, but never a namesake of a
        login.
        """
        key = name_key(name)
        known = self._named.setdefault(key, [])
        answer = self.answers.get(key, "")
        chosen = next((one for one in known if str(one.pk) == answer), None)
        if chosen is not None:
            return chosen, []
        if known and answer != NEW:
            best = min(known, key=lambda one: _rank(one, role, town, self.user))
            return best, [one for one in known if one != best]
        best = (None if answer == NEW else self._login_named(key)) or _make(name, role, town)
        known.append(best)
        # A new contributor is one person for the whole import.
        self.answers = {**self.answers, key: str(best.pk)} if answer == NEW else self.answers
        return best, []

    def _login_named(self, key: str) -> Contributor | None:
        """Return a new contributor for a login of this name that has none.

        Logins get one at their creation; this covers logins that were created in a shell.
        """
        if self._bare is None:
            bare = User.objects.filter(contributor=None).order_by("-pk")
            self._bare = {name_key(display_name(user)): user for user in bare}
        user = self._bare.pop(key, None)
        return contributor_for(user) if user is not None else None


def match_or_create(
    name: str, role: str, town: Town | None = None
) -> tuple[Contributor, list[Contributor]]:
    """Match or create the contributor of one name, as `ContributorMatcher.match_or_create`."""
    return ContributorMatcher([name]).match_or_create(name, role, town)


def is_doubtful(
    people: Sequence[Contributor], role: str, town: Town | None, user: User | None
) -> bool:
    """Return whether the user must say which of `people`, or a new person, a credit means."""
    if any(user is not None and one.user_id == user.pk and fits(one, role, town) for one in people):
        return False
    if not any(one.user_id for one in people):
        return False
    return len(people) > 1 or not fits(people[0], role, town)


def signing_role(role: str, label: str) -> str:
    """Return the role in which a person signs: 通讯员 张三 摄 is a correspondent's photo."""
    printed = next((one for one in (Role.CORRESPONDENT, Role.REPORTER) if one in label), None)
    return printed or role


def fits(person: Contributor, role: str, town: Town | None) -> bool:
    """Return whether a credit of this role, in a story of this town, fits the person."""
    kind = _kind_of(role)
    is_near = town is None or person.town_id in {None, town.pk}
    return is_near and kind in {None, person.kind}


def _kind_of(role: str) -> str | None:
    return _KIND_OF_ROLE.get(Role(role)) if role in Role.values else None


def _rank(
    person: Contributor, role: str, town: Town | None, user: User | None
) -> tuple[object, ...]:
    is_self = user is not None and person.user_id == user.pk and fits(person, role, town)
    is_elsewhere = town is not None and person.town_id != town.pk
    is_other_kind = person.kind != _kind_of(role)
    has_no_login = person.user_id is None
    return not is_self, not person.is_active, is_elsewhere, is_other_kind, has_no_login, person.pk


def _by_key(keys: set[str] | None) -> dict[str, list[Contributor]]:
    """Return contributors by normalised name: those who have it, else those who had it before.

    A merged contributor counts as the one it was merged into.
    """
    rows = Contributor.objects.select_related("merged_into").order_by("pk")
    before = OtherName.objects.select_related("contributor__merged_into").order_by("pk")
    if keys is not None:
        rows, before = rows.filter(name_key__in=keys), before.filter(name_key__in=keys)
    found: dict[str, dict[int, Contributor]] = {}
    for row in rows:
        root = row.merged_into or row
        found.setdefault(row.name_key, {})[root.pk] = root
    former: dict[str, dict[int, Contributor]] = {}
    for name in before:
        root = name.contributor.merged_into or name.contributor
        if name.name_key not in found:
            former.setdefault(name.name_key, {})[root.pk] = root
    return {
        key: sorted(people.values(), key=lambda one: one.pk)
        for key, people in {**former, **found}.items()
    }


def _make(name: str, role: str, town: Town | None) -> Contributor:
    kind = _kind_of(role) or Contributor.Kind.AUTHOR
    new = Contributor(name=tidy_name(name), kind=kind, town=town)
    # The database checks the constraints: validating them would cost a query per name each.
    new.full_clean(validate_constraints=False)
    new.save()
    return new

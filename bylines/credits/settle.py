"""Decision how a run of characters is read, by the names that are known and by answers; pure.

The parser reads a run by its characters alone. Who knows the paper's contributors decides here: a
known name is never parted, and what can be read in two ways is a doubt for the user.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ..names import name_key, tidy_name
from .names import MAX_NAME
from .people import Credit
from .runs import MAX_READINGS, Reading, is_sure_name, readings

#: Function that returns whether a name is one that the paper knows.
IsKnown = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class RunDoubt:
    """Printed run that can be read in several ways, the most likely first.

    The answer is the names of one reading, joined by 、. A single reading is a run that does not
    look like a name: the user confirms that it is one.
    """

    name: str
    readings: Sequence[Reading]

    @property
    def key(self) -> str:
        """Return the key of the answer: the normalised run."""
        return name_key(self.name)

    def is_answer(self, answer: str) -> bool:
        """Return whether `answer` is one of the offered ones."""
        return answer in map(answer_of, self.readings)

    def as_dict(self) -> dict[str, object]:
        """Return the doubt as plain JSON values."""
        return {"text": self.name, "alternatives": [list(names) for names in self.readings]}


def answer_of(names: Reading) -> str:
    """Return the answer that means this reading."""
    return "、".join(names)


def doubts_in(credits: Iterable[Credit], is_known: IsKnown | None = None) -> list[RunDoubt]:
    """Return the runs among `credits` that can be read in several ways, each once."""
    found: dict[str, RunDoubt] = {}
    for run in dict.fromkeys(one.run for one in credits if one.run):
        offered = readings(run)
        if len(offered) != 1:
            doubt = RunDoubt(tidy_name(run), _offered(run, is_known or _is_unknown))
            found.setdefault(doubt.key, doubt)
    return list(found.values())


def settle(
    credits: Sequence[Credit], is_known: IsKnown, answers: Mapping[str, str] | None = None
) -> list[Credit]:
    """Return `credits`, with the runs divided that an answer or known names decide.

    The other credits are returned unchanged; `doubts_in` returns the remaining questions.
    """
    out: list[Credit] = []
    for group in _groups(credits):
        run = group[0].run
        names = _decided(run, is_known, answers or {}) if run else None
        if names is None:
            out += group
        else:
            out += [replace(group[0], name=name, run="") for name in names]
    return out


def as_printed(credits: Sequence[Credit]) -> list[Credit]:
    """Return `credits` with one for each run, named by the run as it was printed."""
    return [
        replace(group[0], name=tidy_name(group[0].run)) if group[0].run else group[0]
        for group in _groups(credits)
    ]


def known_by_name(names: Iterable[str]) -> IsKnown:
    """Return a function that returns whether a name is a spelling of one of `names`."""
    keys = set(map(name_key, names))
    return lambda name: name_key(name) in keys


def names_to_look_up(credits: Iterable[Credit]) -> set[str]:
    """Return every part of the runs of `credits` that may be a known name."""
    return {
        tidy_name(run[start : start + size])
        for run in {one.run for one in credits if one.run}
        for size in range(2, min(len(run), MAX_NAME) + 1)
        for start in range(len(run) - size + 1)
    } | {tidy_name(one.run) for one in credits if one.run}


def _is_unknown(_name: str) -> bool:
    return False


def _groups(credits: Sequence[Credit]) -> Iterator[Sequence[Credit]]:
    """Yield the credits of each run together, and each other credit alone."""
    place = 0
    while place < len(credits):
        run = credits[place].run
        size = len(readings(run)[0]) if run and readings(run) else 1
        yield credits[place : place + size]
        place += size


def _decided(run: str, is_known: IsKnown, answers: Mapping[str, str]) -> Reading | None:
    """Return the reading that an answer or known names decide, or None."""
    offered = _offered(run, is_known)
    answer = answers.get(name_key(run), "")
    for names in offered:
        if answer == answer_of(names):
            return names
    if is_known(tidy_name(run)):
        return (tidy_name(run),)
    best = offered[0]
    knows_all = all(map(is_known, best))
    is_certain = len(readings(run)) == 1 and any(map(is_known, best))
    return best if knows_all or is_certain else None


def _offered(run: str, is_known: IsKnown) -> tuple[Reading, ...]:
    """Return the readings of a run, those with known names first."""
    found = [tuple(map(tidy_name, names)) for names in readings(run)] or [(tidy_name(run),)]
    known = _known_reading(run, is_known)
    if known is not None:
        found = [known, *(names for names in found if names != known)]
    return tuple(found[:MAX_READINGS])


def _known_reading(run: str, is_known: IsKnown) -> Reading | None:
    """Return the reading of `run` with the most characters of known names, or None without any.

    The other names have a known surname.
    """
    # The best reading of each beginning: known characters, fewest names, the names.
    best: dict[int, tuple[int, int, Reading]] = {0: (0, 0, ())}
    for end in range(2, len(run) + 1):
        found = []
        for start in range(max(0, end - MAX_NAME), end - 1):
            name = run[start:end]
            if start not in best or not (is_known(name) or is_sure_name(name)):
                continue
            known, count, names = best[start]
            gain = len(name) if is_known(name) else 0
            found.append((known + gain, count - 1, (*names, tidy_name(name))))
        if found:
            best[end] = max(found)
    known, _count, names = best.get(len(run), (0, 0, ()))
    return names if known else None

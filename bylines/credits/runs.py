"""Readings of a run of characters without separators: one name, or several names run together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from ..names import tidy_dots
from .names import (
    COMPOUND,
    MAX_NAME,
    is_long_name,
    is_name,
    is_office,
    is_place,
    is_transcribed,
    is_whole,
    surname_weight,
    transcription,
)

#: One way to read a run: the names in it.
Reading = tuple[str, ...]

MAX_RUN = 40
#: Maximum number of readings of a run to choose from.
MAX_READINGS = 4
#: Length up to which a run is one name; longer ones may be two.
_SURE = 3
#: Readings with scores closer than this to the best one are as likely.
_MARGIN = 0.3
#: Words between two names; 和 also ends given names (陈永和), the others hardly.
_CONJUNCTIONS = "和与及"
#: Least score of a name with a usual surname.
_USUAL = -0.6


def split_names(run: str) -> list[str] | None:
    """Return the most likely names in a run of characters, or None if there are none."""
    found = readings(run)
    return list(found[0]) if found else None


def is_sure_name(text: str) -> bool:
    """Return whether `text` alone is a name: with a known surname, or a transcribed one."""
    return _score(text) is not None


def is_doubtful(run: str) -> bool:
    """Return whether a run can be one name or several, or be parted in several places."""
    return len(readings(run)) > 1


@lru_cache(maxsize=4096)
def readings(run: str) -> tuple[Reading, ...]:
    """Return the ways to read a run, the most likely first; none if it contains no names.

    A name with dots, an office, two or three characters, or four with a compound surname are one
    name. Four characters may always be one name (张高文博); so may longer ones that transcribe
    another language. A dot, 和 or 等 may also be what joins names or ends them.
    """
    if not run or len(run) > MAX_RUN or is_place(run):
        return ()
    joined = _joined(run)
    return (
        tuple(dict.fromkeys([*joined, *_unjoined(run)]))[:MAX_READINGS]
        if joined
        else _unjoined(run)
    )


def _joined(run: str) -> list[Reading]:
    """Return the readings of a run in which names are joined by a word, or end with 等."""
    if run.endswith("等") and len(run) > _SURE - 1:
        return [names for names in readings(run[:-1])[:1] if all(map(is_sure_name, names))]
    found = []
    for place in range(2, len(run) - 2):
        if run[place] in _CONJUNCTIONS:
            before, after = readings(run[:place]), readings(run[place + 1 :])
            names = (*before[0], *after[0]) if before and after else ()
            found += [names] if names and all(map(is_sure_name, names)) else []
    return found[:1]


def _unjoined(run: str) -> tuple[Reading, ...]:
    if len(run) <= _SURE or (run[:2] in COMPOUND and len(run) == _SURE + 1):
        return ((run,),) if is_name(run) else ()
    if is_whole(run):
        parts = tuple(tidy_dots(run).split("·"))
        return ((run,), parts) if len(parts) > 1 and all(map(_is_of_here, parts)) else ((run,),)
    scored = _segmentations(run)
    likely = [names for score, names in scored if score >= scored[0][0] - _MARGIN]
    if is_office(run):
        return ((run,), *likely[:1]) if _is_of_people(scored) else ((run,),)
    if len(run) == _SURE + 1 and is_long_name(run):
        likely += [one for one in _of_four(run) if one not in likely]
    if likely and all(len(names) == 1 for names in likely):
        # Surnames could part what looks like one name: 才仁卓玛, 才仁 and 卓玛.
        likely += [names for _score, names in scored if len(names) > 1][:1]
    return tuple(likely[:MAX_READINGS])


def _is_of_here(name: str) -> bool:
    """Return whether a part of a dotted name is a Chinese name by itself (王壮·李明)."""
    return 1 < len(name) <= _SURE and is_sure_name(name) and transcription(name) < 0.5


def _of_four(run: str) -> Iterator[Reading]:
    """Yield the readings of four characters that surnames alone do not find.

    It may be one name with two surnames (张高文博), or a given name before another name (建宪李恒).
    """
    yield (run,)
    if surname_weight(run[2:]) is not None and not is_transcribed(run):
        yield run[:2], run[2:]


def _is_of_people(scored: Sequence[tuple[float, Reading]]) -> bool:
    """Return whether the best segmentation consists of people with usual surnames (刘侠陈科)."""
    return bool(scored) and scored[0][0] >= _USUAL * len(scored[0][1])


@lru_cache(maxsize=4096)
def _segmentations(run: str) -> tuple[tuple[float, Reading], ...]:
    """Return the best segmentations of `run` into names with their scores, the best first."""
    if not run:
        return ((0.0, ()),)
    found = [
        (score + rest, (run[:size], *names))
        for size in range(2, min(len(run), MAX_NAME) + 1)
        if (score := _score(run[:size])) is not None
        for rest, names in _segmentations(run[size:])
    ]
    return tuple(sorted(found, reverse=True)[:MAX_READINGS])


def _score(name: str) -> float | None:
    """Return the likelihood score of one name, or None if it cannot be a name.

    Each name has a cost, else three short names for six characters would beat two long ones.
    """
    if len(name) > _SURE:
        if len(name) == _SURE + 1 and name[:2] in COMPOUND and is_long_name(name):
            return 1.2
        return transcription(name) - 1.1 if is_transcribed(name) else None
    weight = surname_weight(name)
    if weight is None or not is_name(name):
        return None
    return weight - 1.3 + (0.35 if len(name) == _SURE else 0.0)

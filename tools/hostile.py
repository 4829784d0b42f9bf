"""Search for expensive input: the time that hostile text of full size takes in each parser.

`make hostile` tries thousands of texts on each function that parses user input, searches for the
slowest (hypothesis, `target`), measures the worst at full size, and prints how the time grows when
the text doubles.

Arguments: names of targets or parts of them, `--tries N` for each target.
"""

from __future__ import annotations

import argparse
import math
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, seed, settings, target
from hypothesis import strategies as st

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
#: Size of a hostile text in characters, if its field accepts it.
FULL = 500_000
#: Goal for the time of one text, in seconds.
GOAL = 1.0
#: The search uses texts of this size and of twice it, with a time limit.
SAMPLE = 16_000
PATIENCE = 30.0
#: Time assumed for a text that exhausts the memory, and the memory limit in bytes.
UNBOUNDED, MEMORY = 9999.0, 4_000_000_000
#: Number of the most expensive shapes of a target that are measured at full size.
MEASURED = 6
#: Placeholder of a number in three Han characters, so that each repetition differs.
COUNTER = "{n}"


class TooMuch(Exception):
    """The text exceeds a limit during processing, and is refused."""


@dataclass(frozen=True, slots=True)
class Shape:
    """Pattern of a hostile text: an opening, then two repeated fragments one after the other.

    `split` is the share of the first in percent; if `is_mixed`, they alternate instead.
    """

    opening: str
    first: str
    second: str
    split: int = 100
    is_mixed: bool = False

    def text(self, size: int) -> str:
        """Return the text of at most `size` characters."""
        room = size - len(self.opening)
        if self.is_mixed and self.first + self.second:
            made = repeat(self.first + self.second, room)
        else:
            here = room * self.split // 100
            made = repeat(self.first, here) + repeat(self.second, room - here)
        return self.opening + made

    def __str__(self) -> str:
        parts = [repr(self.opening)] if self.opening else []
        if self.is_mixed:
            parts.append(f"{self.first + self.second!r} × n")
        else:
            parts += [
                f"{part!r} × {share} %"
                for part, share in ((self.first, self.split), (self.second, 100 - self.split))
                if part and share
            ]
        return " + ".join(parts)


def repeat(fragment: str, size: int) -> str:
    """Return `fragment` repeated up to `size` characters, with increasing counters."""
    if not fragment or size <= 0:
        return ""
    if COUNTER not in fragment:
        return fragment * (size // len(fragment))
    made = fragment.replace(COUNTER, "三字数")
    return "".join(fragment.replace(COUNTER, han(n)) for n in range(size // len(made)))


def han(number: int) -> str:
    """Return a number as three Han characters."""
    return "".join(chr(0x4E00 + number // 100**place % 100) for place in (2, 1, 0))


def shapes(fragments: Sequence[str]) -> st.SearchStrategy[Shape]:
    """Return a hypothesis strategy for shapes of `fragments`."""
    unit = st.lists(st.sampled_from(fragments), min_size=1, max_size=5).map("".join)
    some = st.one_of(st.just(""), unit)
    return st.builds(Shape, some, unit, some, st.sampled_from([50, 90, 100, 10]), st.booleans())


@dataclass(slots=True)
class Cost:
    """Cost of a shape at full size: seconds, growth, and whether it was measured."""

    shape: Shape
    seconds: float
    #: Ratio of the times at double and at single size: 2 is linear, 4 quadratic.
    growth: float
    #: Full size: the number of characters of this shape that the target accepts.
    size: int
    is_measured: bool = False


def timed(call: Callable[[str], object], text: str) -> float:
    """Return the processor seconds of `call` for `text`."""
    start = time.process_time()
    try:
        call(text)
    except TooMuch:
        return 0.0
    except MemoryError:
        return UNBOUNDED
    return time.process_time() - start


def room(one: Target, shape: Shape) -> int:
    """Return the largest size of a shape that a target accepts."""
    if one.takes is None or one.takes(shape.text(one.size)):
        return one.size
    least, most = 0, one.size
    for _step in range(7):
        middle = (least + most) // 2
        least, most = (middle, most) if one.takes(shape.text(middle)) else (least, middle)
    return least


def estimate(one: Target, shape: Shape) -> Cost:
    """Return the estimated cost of a shape at full size, from two samples."""
    call, full = one.call, room(one, shape)
    if full < 8:
        return Cost(shape, 0.0, 1.0, full)
    small, large = min(SAMPLE, full // 2), min(2 * SAMPLE, full)
    first = timed(call, shape.text(small))
    if first > PATIENCE / 8:
        return Cost(shape, first * full / small, 2.0, full)
    second = timed(call, shape.text(large))
    # Such short times are not reliable.
    growth = second / max(first, 0.002) if second > 0.004 else 2.0
    doublings = math.log2(full / large)
    return Cost(shape, second * min(max(growth, 1.8), 4.5) ** doublings, growth, full)


def measure(one: Target, cost: Cost) -> Cost:
    """Return the measured cost: at half of the full size and, if that is short, at full size."""
    half = timed(one.call, cost.shape.text(cost.size // 2))
    if half > PATIENCE:
        return replace(cost, seconds=half * cost.growth)
    whole = timed(one.call, cost.shape.text(cost.size))
    return replace(cost, seconds=whole, growth=whole / max(half, 0.002), is_measured=True)


def search(one: Target, tries: int, number: int = 0) -> list[Cost]:
    """Return the measured costs of a target's most expensive shapes, the worst first."""
    found: list[Cost] = []

    @seed(number)
    @settings(
        max_examples=tries,
        deadline=None,
        database=None,
        phases=[Phase.generate, Phase.target],
        suppress_health_check=list(HealthCheck),
    )
    @given(shapes(one.fragments))
    def look(shape: Shape) -> None:
        cost = estimate(one, shape)
        found.append(cost)
        target(min(cost.seconds, 1e6))

    look()
    found += [estimate(one, shape) for shape in one.known]
    worst: dict[str, Cost] = {}
    for cost in sorted(found, key=lambda cost: -cost.seconds):
        worst.setdefault(str(cost.shape), cost)
        if len(worst) == MEASURED:
            break
    measured = [measure(one, cost) for cost in worst.values()]
    return sorted(measured, key=lambda cost: -cost.seconds)


@dataclass(frozen=True, slots=True)
class Target:
    """Target of the search: a function of a text, its significant fragments, its limit."""

    name: str
    call: Callable[[str], object]
    fragments: tuple[str, ...]
    size: int = FULL
    #: Whether the target accepts a text, if it has a limit.
    takes: Callable[[str], bool] | None = None
    known: tuple[Shape, ...] = ()


def main() -> None:
    """Search all targets, or the named ones, and print the results."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*")
    parser.add_argument("--tries", type=int, default=300)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    with tempfile.TemporaryDirectory() as folder:
        prepare(folder)
        from tools.hostile_targets import targets

        chosen = [
            one
            for one in targets()
            if not asked.names or any(name in one.name for name in asked.names)
        ]
        report(chosen, asked.tries, asked.seed)


def prepare(folder: str) -> None:
    """Set up Django with an empty data folder."""
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "newsroom.settings",
        "NEWSROOM_SECRET_KEY": "a-secret-of-this-run-alone-that-protects-nothing",
        "NEWSROOM_HOSTS": "127.0.0.1",
        "NEWSROOM_HTTPS": "0",
        "NEWSROOM_SECOND_FACTOR": "off",
        "NEWSROOM_DATA_DIR": folder,
    }
    import django

    django.setup()


def report(chosen: Iterable[Target], tries: int, number: int = 0) -> None:
    """Print a line for each finished target, then the worst of all."""
    all_found: list[tuple[Target, Cost]] = []
    for one in chosen:
        for place, cost in enumerate(search(one, tries, number)):
            all_found.append((one, cost))
            sign = "" if cost.is_measured else "about "
            flag = "  SLOW" if cost.seconds > GOAL else ""
            if place and not flag:
                break
            name = one.name if not place else ""
            print(
                f"{name:<30} {sign + format(cost.seconds, '.2f'):>12} s  ×{cost.growth:<4.1f}"
                f"{cost.size:>8}  "
                f"{str(cost.shape)[:200]}{flag}",
                flush=True,
            )


if __name__ == "__main__":
    # Import it under the name that the targets use, else each class would exist twice.
    from tools import hostile

    hostile.main()

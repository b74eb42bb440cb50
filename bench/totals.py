"""Levels, changes and gaps from totals at the size of the country.

100 measures x 10 groups x 2,333 schools x 2 waves: five breakdowns of two groups each. Everything
after the pass over the answers is timed: levels and changes of the project and its groups, gaps
between the groups and their change. Beside it: the sign flip of every measure (9,999 shared draws)
and the comparison of every single school.

Peer: the same means and differences with numpy and nothing else (no error, no test, no rows).
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import Any

import numpy as np

MEASURES, BREAKDOWNS, SCHOOLS = 100, 5, 2_333
WAVES = ("W0", "W1")
ROUNDS = 3
AIM_SECONDS = 2.0
PER_SCHOOL = 20  # answers of a school and wave, on average


def main() -> int:
    from indicators.pipeline.change import group_changes, panel_change, second_look
    from indicators.pipeline.change_school import school_changes
    from indicators.pipeline.estimate import estimates
    from indicators.pipeline.gap_group import GroupGaps
    from indicators.pipeline.inputs import Rules
    from indicators.pipeline.pair import pair_waves
    from indicators.vocabulary import Selection

    work = _Country()
    rules, selection = Rules(), Selection.RANDOM_PEOPLE

    def levels() -> int:
        return sum(
            len(list(estimates(work.spec(i), wave, work.totals[i][wave], selection, work.schools)))
            for i in range(MEASURES)
            for wave in WAVES
        )

    def pairs() -> list[Any]:
        groups = work.spec(0).groups
        return [
            pair_waves(*WAVES, one["W0"], one["W1"], work.schools, groups) for one in work.totals
        ]

    def changes() -> int:
        rows = 0
        for i, pair in enumerate(pairs()):
            panel_change(work.spec(i), pair, None, rules)
            rows += 1 + len(list(group_changes(work.spec(i), pair, selection, rules)))
        return rows

    def gaps() -> int:
        reasons = dict.fromkeys(WAVES)
        return sum(
            len(GroupGaps(work.totals[i], work.schools, reasons).rows(work.gaps(i)))
            for i in range(MEASURES)
        )

    def flips() -> int:
        return len([second_look(pair) for pair in pairs()])

    def schools() -> int:
        return sum(
            len(
                list(
                    school_changes(
                        *(work.spec(i), pair, selection, rules), class_sizes=None, margin=0.2
                    )
                )
            )
            for i, pair in enumerate(pairs())
        )

    timed = {
        "levels of project and groups": levels,
        "changes of project and groups": changes,
        "gaps and their changes": gaps,
    }
    beside = {"sign flips, 9,999 shared draws": flips, "every single school": schools}
    peer = _median(work.plain_means)
    print(f"{MEASURES} measures x {2 * BREAKDOWNS} groups x {SCHOOLS} schools x 2 waves")
    print(f"{'':<34} {'rows':>8} {'median s':>9} {'x peer':>7}")
    total = sum(_print(name, one, peer) for name, one in timed.items())
    print(f"{'together':<34} {'':>8} {total:>9.3f} {total / peer:>7.1f}")
    for name, one in beside.items():
        _print(f"beside: {name}", one, peer)
    print(f"{'peer: numpy means, differences':<34} {'':>8} {peer:>9.3f} {1:>7.1f}")
    print(f"aim: under {AIM_SECONDS} s: {'reached' if total < AIM_SECONDS else 'missed'}")
    return 0


def _median(work: Callable[[], Any]) -> float:
    work()
    seconds = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds)


def _print(name: str, work: Callable[[], int], peer: float) -> float:
    seconds = _median(work)
    print(f"{name:<34} {work():>8} {seconds:>9.3f} {seconds / peer:>7.1f}")
    return seconds


class _Country:
    """Totals of every measure and wave, drawn by a seed."""

    def __init__(self) -> None:
        from indicators.pipeline.register import Register
        from indicators.pipeline.shapes import SchoolSpec

        rng = np.random.default_rng(2333)
        codes = tuple(f"S{number:04d}" for number in range(SCHOOLS))
        self.schools = Register({code: SchoolSpec(code, (code,), code) for code in codes})
        self.totals = [{wave: self._draw(rng, codes) for wave in WAVES} for _ in range(MEASURES)]

    def _draw(self, rng: np.random.Generator, codes: tuple[str, ...]) -> Any:
        from indicators.pipeline.totals import Cells, Totals

        n = rng.poisson(PER_SCHOOL, SCHOOLS).astype(np.float64)
        mean = 3 + rng.normal(0, 0.3, SCHOOLS)
        groups = {}
        for number in range(BREAKDOWNS):
            first = rng.binomial(n.astype(np.int64), 0.5).astype(np.float64)
            sizes = np.stack([first, n - first], axis=1)
            middle = mean[:, None] + rng.normal(0, 0.1, sizes.shape)
            groups[f"by_{number}"] = Cells(sizes, sizes * middle, sizes * (middle**2 + 1))
        keys = dict.fromkeys(groups, ("first", "second"))
        return Totals(codes, Cells(n, n * mean, n * (mean**2 + 1)), groups, keys)

    def spec(self, number: int) -> Any:
        from indicators.pipeline.shapes import GroupSpec, MeasureSpec
        from indicators.vocabulary import MeasureKind, Respondent

        return MeasureSpec(
            code=f"m{number}",
            kind=MeasureKind.INDEX_MEAN,
            instrument="teacher",
            respondent=Respondent.TEACHER,
            items=("q",),
            common_items=("q",),
            scale=(1.0, 5.0),
            groups=tuple(GroupSpec(f"by_{i}", f"q{i}", {}) for i in range(BREAKDOWNS)),
            keeps_schools=False,
        )

    def gaps(self, number: int) -> list[Any]:
        from indicators.pipeline.shapes import GapSpec
        from indicators.vocabulary import MeasureKind

        code = f"m{number}"
        return [
            GapSpec(code, MeasureKind.GROUP_GAP, code, code, f"by_{i}", "first", "second")
            for i in range(BREAKDOWNS)
        ]

    def plain_means(self) -> None:
        for waves in self.totals:
            means = []
            for one in waves.values():
                parts = [one.schools, *(one.groups.values())]
                means.append([part.total.sum(axis=0) / part.n.sum(axis=0) for part in parts])
            [after - before for before, after in zip(*means, strict=True)]


if __name__ == "__main__":
    main()

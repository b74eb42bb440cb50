"""Two calculations of one project side by side: which figures of the project are not the same."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

from indicators.pipeline.inputs import TargetSpec
from indicators.pipeline.outcomes import Results
from indicators.vocabulary import Scope

SAME = 1e-9  # relative; adding the same answers in another order changes the last digits


@dataclass(frozen=True, slots=True)
class Figure:
    """What a page shows of one measure in one wave. Shares are 0-1; None is missing.

    `verdict`, `reason`: of the change since the baseline, "" in the baseline. `status`: of the
    project's target in that wave, "" without one.
    """

    value: float | None = None
    n: int = 0
    verdict: str = ""
    reason: str = ""
    status: str = ""


Key = tuple[str, str]  # measure, wave
NOTHING = Figure()


def figures(results: Results, targets: tuple[TargetSpec, ...]) -> dict[Key, Figure]:
    """The project's own figures, without groups and schools."""
    found: dict[Key, Figure] = {}
    for level in results.estimates:
        if level.scope is Scope.PROJECT:
            found[level.measure, level.wave] = Figure(level.value, level.n)
    for change in results.changes:
        if change.scope is Scope.PROJECT:
            key = (change.measure, change.wave_to)
            found[key] = replace(
                found.get(key, NOTHING), verdict=str(change.verdict), reason=change.reason or ""
            )
    by_key = {target.key: target for target in targets if not target.school}
    for row in results.assessments:
        if target := by_key.get(row.target):
            key = (target.measure, target.wave)
            found[key] = replace(found.get(key, NOTHING), status=str(row.status))
    return found


def moved(
    before: Mapping[Key, Figure], after: Mapping[Key, Figure]
) -> dict[Key, tuple[Figure, Figure]]:
    """The figures that are not the same, in a fixed order."""
    pairs = {
        key: (before.get(key, NOTHING), after.get(key, NOTHING))
        for key in sorted(before.keys() | after.keys())
    }
    return {key: pair for key, pair in pairs.items() if not _is_same(*pair)}


def _is_same(one: Figure, other: Figure) -> bool:
    if one.value is None or other.value is None:
        return one == other
    is_close = math.isclose(one.value, other.value, rel_tol=SAME, abs_tol=SAME)
    return is_close and replace(one, value=None) == replace(other, value=None)

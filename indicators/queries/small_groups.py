"""The one place where results of small groups are hidden."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from indicators.vocabulary import Reason, Status, Verdict

Result = TypeVar("Result", bound=Any)
Code = TypeVar("Code", str, int)


def hide_small(result: Result, min_group: int) -> Result:
    """The result with every figure blanked when one of its bases is under `min_group`.

    `BASES` of the result's class name the numbers of people, `FIGURES` what rests on them. A
    hidden base becomes None with `below` telling the limit; 0 stays, for it tells on nobody.
    """
    small = [
        name
        for name in result.BASES
        if getattr(result, name) is not None and 0 < getattr(result, name) < min_group
    ]
    if not small:
        return _hide_small_cells(result, min_group)
    return _blanked(result, small, below=min_group)


def hide_beside_one(results: Sequence[Result | None]) -> list[Result | None]:
    """The parts of one whole, a second one blanked where a single one is hidden.

    Otherwise the hidden part would follow from the whole and the others. The smallest goes.
    """
    found = list(results)
    hidden = [result for result in found if is_hidden(result)]
    shown = [place for place, result in enumerate(found) if result and result.n]
    if len(hidden) == 1 and shown:
        place = min(shown, key=lambda place: found[place].n)  # type: ignore[union-attr]
        found[place] = _blanked(found[place], list(found[place].BASES), below=None)  # type: ignore[union-attr]
    return found


def hide_whole(result: Result) -> Result:
    """The result without its figures and bases: something beside it is hidden."""
    return _blanked(result, list(result.BASES), below=None)


def is_hidden(result: Result | None) -> bool:
    return result is not None and result.reason == Reason.SUPPRESSED


def _blanked(result: Result, bases: list[str], *, below: int | None) -> Result:
    blank: dict[str, Any] = dict.fromkeys((*bases, *result.FIGURES))
    blank |= {"reason": Reason.SUPPRESSED, "below": below}
    if hasattr(result, "verdict"):
        blank |= {"verdict": Verdict.NOT_APPLICABLE, "second_look": ""}
    if hasattr(result, "status"):
        blank["status"] = Status.NOT_APPLICABLE
    return replace(result, **blank)


def _hide_small_cells(result: Result, min_group: int) -> Result:
    counts = getattr(result, "counts", None)
    if not counts or min_group <= 1:
        return result
    return replace(result, counts=hide_small_cells(counts, min_group))


def hide_small_cells(counts: Mapping[Code, int], min_group: int) -> dict[Code, int | None]:
    """Counts of answers with the cells of 1 to `min_group` - 1 hidden (None).

    A single hidden cell would follow from the total, so the next smallest goes with it.
    """
    filled = sorted((n, code) for code, n in counts.items() if n > 0)
    hidden = {code for n, code in filled if n < min_group}
    if len(hidden) == 1 and len(filled) > 1:
        hidden.add(filled[1][1])
    return {code: None if code in hidden else n for code, n in counts.items()}

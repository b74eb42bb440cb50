"""Described: how well the items of every index hang together, and how fully they were answered.

Per index and wave, for all schools together and never for one (method sections 2 and 16).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from indicators.pipeline.outcomes import ReliabilityRow
from indicators.pipeline.shapes import MeasureSpec
from indicators.pipeline.tally_items import IndexRows
from indicators.stats.reliability import Reliability, reliability
from indicators.vocabulary import Reason, ReliabilityFlag

SHOWN_FROM, ROUGH_BELOW = 30, 50  # complete sheets
MOST_PRORATED = 0.20
MOST_MOVED = 0.10  # share of missing answers of an item, and alpha


def reliability_rows(
    spec: MeasureSpec,
    waves: Sequence[str],
    rows: Mapping[str, IndexRows],
    refused: Mapping[str, Reason | None],
) -> list[ReliabilityRow]:
    """One row per wave with answer sheets. `waves` in order; `rows`, `refused` by wave.

    Fewer than 30 complete sheets, and surveys that carry no inference, keep their counts and get no
    coefficient. The first wave is what later ones are compared with.
    """
    found = [_row(spec, wave, rows[wave], refused[wave]) for wave in waves if wave in rows]
    if not found or found[0].wave != waves[0]:
        return found
    return [found[0], *(_compared(found[0], row) for row in found[1:])]


def _row(spec: MeasureSpec, wave: str, sheets: IndexRows, refused: Reason | None) -> ReliabilityRow:
    asked = np.array(sheets.asked)
    names = [name for name, is_asked in zip(spec.items, asked, strict=True) if is_asked]
    complete = sheets.complete_rows
    missing = 1 - sheets.answered[asked] / max(sheets.n_rows, 1)
    row = ReliabilityRow(
        measure=spec.code,
        wave=wave,
        n=sheets.n_rows,
        n_scored=sheets.n_scored,
        # With a score for nobody (too many items not asked) complete sheets have none either.
        n_prorated=max(sheets.n_scored - complete.n, 0),
        n_too_few=sheets.n_rows - sheets.n_scored - sheets.n_empty,
        n_complete=complete.n,
        n_items=len(names),
        item_missing={name: float(share) for name, share in zip(names, missing, strict=True)},
        not_asked=tuple(name for name in spec.items if name not in names),
        value_complete=float(complete.total.mean() / complete.n) if complete.n else None,
    )
    reason = refused or _too_few(complete.n)
    if reason is None:
        row = _with_coefficients(row, reliability(complete), names)
    else:
        row = replace(row, reason=reason)
    return replace(row, flags=_flags(row))


def _too_few(n: int) -> Reason | None:
    if n == 0:
        return Reason.NO_DATA
    return Reason.TOO_FEW_RESPONDENTS if n < SHOWN_FROM else None


def _with_coefficients(
    row: ReliabilityRow, found: Reliability, names: Sequence[str]
) -> ReliabilityRow:
    if found.item_rest is None:
        return replace(row, reason=found.reason)
    is_pair = found.n_items == 2
    rest = [None if math.isnan(r) else float(r) for r in found.item_rest]
    return replace(
        row,
        alpha=None if is_pair else found.alpha,
        alpha_low=None if is_pair else found.alpha_low,
        alpha_high=None if is_pair else found.alpha_high,
        alpha_std=found.alpha_std,
        mean_r=found.mean_r,
        omega=_proper(found.omega_ml),
        item_rest=dict(zip(names, rest, strict=True)),
    )


def _proper(omega: float | None) -> float | None:
    """A negative residual variance gives a share outside 0-1, which is no share."""
    return omega if omega is not None and 0 <= omega <= 1 else None


def _flags(row: ReliabilityRow) -> tuple[ReliabilityFlag, ...]:
    rest = [r for r in (row.item_rest or {}).values() if r is not None]
    holds = {
        ReliabilityFlag.ROUGH: row.reason is None and row.n_complete < ROUGH_BELOW,
        ReliabilityFlag.NEGATIVE_ITEM: any(r < 0 for r in (*rest, row.coefficient or 0.0)),
        ReliabilityFlag.MANY_PRORATED: row.n_prorated > MOST_PRORATED * row.n_scored,
        ReliabilityFlag.ITEM_NOT_ASKED: bool(row.not_asked) and row.n_items > 0,
    }
    return tuple(flag for flag, is_so in holds.items() if is_so)


def _compared(first: ReliabilityRow, later: ReliabilityRow) -> ReliabilityRow:
    """`later` with what has changed since the first wave."""
    moved = [
        abs(share - first.item_missing[name])
        for name, share in later.item_missing.items()
        if name in first.item_missing
    ]
    holds = {
        ReliabilityFlag.ALPHA_FELL: later.not_asked == first.not_asked
        and _fell(first.coefficient, later.coefficient),
        ReliabilityFlag.MISSING_MOVED: any(points > MOST_MOVED for points in moved),
    }
    return replace(later, flags=(*later.flags, *(flag for flag, is_so in holds.items() if is_so)))


def _fell(first: float | None, later: float | None) -> bool:
    return first is not None and later is not None and first - later > MOST_MOVED

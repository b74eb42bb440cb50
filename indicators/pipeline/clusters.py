"""Described: how alike the answers of one school, and of one class, are (methods 3, 8, 14)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from indicators.pipeline.inputs import CalculationInputs, Rules
from indicators.pipeline.outcomes import ChangeRow, EstimateRow
from indicators.pipeline.shapes import MeasureSpec, SchoolSpec
from indicators.pipeline.tally import Tallied
from indicators.pipeline.tally_items import ClassCells
from indicators.stats.icc import MIN_NESTING_SCHOOLS, icc_anova, icc_nested
from indicators.stats.linear import design_effect
from indicators.vocabulary import Scope


def with_clusters(rows: Sequence[EstimateRow], tallied: Tallied) -> list[EstimateRow]:
    """The project's levels with the correlation within schools and their design effect.

    Both stay None where the level has no standard error.
    """
    return [_with_cluster(row, tallied) for row in rows]


def _with_cluster(row: EstimateRow, tallied: Tallied) -> EstimateRow:
    if row.scope is not Scope.PROJECT or row.se is None:
        return row
    totals = tallied.totals.get((row.measure, row.wave))
    if totals is None:  # a gap: two levels
        return row
    cells = totals.schools
    # With weights the sums are those of the population and no longer of the people asked.
    icc = None if cells.weight is not None else icc_anova(cells.n, cells.total, cells.squares).icc
    return replace(row, icc=icc, deff=design_effect(row.se, row.n, row.sd))


def class_icc(
    waves: Sequence[ClassCells], schools: Mapping[str, SchoolSpec]
) -> tuple[float, int] | None:
    """Correlation within classes, 0 or above, and the schools it comes from; None for too few.

    A school counts once, but its waves are compared apart: a change from wave to wave is no
    likeness of a class.
    """
    nested = {
        schools[code].lineage
        for cells in waves
        for code, n in zip(cells.school_codes, cells.n, strict=True)
        if np.count_nonzero(n) >= 2
    }
    if len(nested) < MIN_NESTING_SCHOOLS:
        return None
    parts = (
        np.concatenate([getattr(cells, name) for cells in waves])
        for name in ("n", "total", "squares")
    )
    found = icc_nested(*parts)
    return None if found.icc is None else (max(found.icc, 0.0), len(nested))


def class_rules(
    spec: MeasureSpec, waves: Sequence[str], inputs: CalculationInputs, tallied: Tallied
) -> tuple[Rules, int | None]:
    """The rules with the class correlation of a measure, and the schools it was estimated from.

    None: the project's setting stands.
    """
    cells = [
        tallied.items.classes[spec.code, wave]
        for wave in waves
        if (spec.code, wave) in tallied.items.classes
    ]
    found = class_icc(cells, inputs.schools)
    if found is None:
        return inputs.rules, None
    return replace(inputs.rules, class_correlation=found[0]), found[1]


def with_class_correlation(row: ChangeRow, rules: Rules, n_schools: int | None) -> ChangeRow:
    return replace(row, class_correlation=rules.class_correlation, n_class_schools=n_schools)

"""Do the results of one calculation agree with each other? Run over its rows before they are kept.

What the steps computed apart from each other is brought together again: distributions with their
means, schools and groups with the whole, gaps and changes with their two values, targets with what
they are judged by. Rows hold unrounded numbers, so only the dust of the arithmetic is forgiven.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from indicators.pipeline.consistency import Band, Findings, Printed, bands_apart, labels_once
from indicators.pipeline.consistency_changes import check_changes
from indicators.pipeline.consistency_levels import check_levels
from indicators.pipeline.consistency_place import Checks, Spot
from indicators.pipeline.inputs import CalculationInputs
from indicators.pipeline.outcomes import Results
from indicators.vocabulary import Inconsistency

__all__ = ["Checks", "Named", "check_results"]


@dataclass(frozen=True, slots=True)
class Named:
    """What people read: labels that may stand once each, with the place of each, and the labels of
    the options of one question that are bands of numbers.
    """

    labels: Sequence[Sequence[tuple[str, str]]] = ()
    bands: Mapping[str, Sequence[Band]] = field(default_factory=dict)


def check_results(
    inputs: CalculationInputs, results: Results, named: Named = Named()
) -> Checks:
    """Every check over every row. `named`: the words of the definitions, in all languages."""
    checks = Checks()
    check_levels(inputs, results, checks)
    check_changes(inputs, results, checks)
    _check_names(named, checks)
    return checks

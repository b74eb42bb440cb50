"""The names an oracle entry uses for what a result holds."""

import math
from collections.abc import Iterable
from typing import Any

from indicators.stats.results import Result
from indicators.vocabulary import Reason

WAVES = ["1", "2"]
T_NAMES = ("estimate", "se", "df", "t", "p", "ci_low", "ci_high")

Inputs = dict[str, Any]
Answer = dict[str, Any] | Reason


def values(result: Result, **more: Any) -> Answer:
    """The common names of a result. ZERO_VARIANCE and the like become the refusal itself."""
    if result.reason is not None:
        return result.reason
    named = {name: getattr(result, name) for name in T_NAMES}
    return {**named, "n": result.n, "n_psu": result.n_clusters, **more}


def shown_from(inputs: Inputs) -> dict[str, int]:
    """How few answers are hidden: the `k` of an entry; entries without it hide none."""
    return {"min_shown": inputs.get("k", 1)}


def missing(numbers: Iterable[float]) -> list[float | None]:
    """NaN as None."""
    return [None if math.isnan(number) else float(number) for number in numbers]

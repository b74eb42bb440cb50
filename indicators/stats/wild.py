"""Wild cluster bootstrap of a change, every sign vector enumerated. For completeness (C04)."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from indicators.stats.cells import Cells, summarise
from indicators.stats.results import FloatArray
from indicators.vocabulary import Reason

MAX_SCHOOLS = 20  # 2^20 sign vectors; with more schools the sign flip answers the same question
CHUNK = 1 << 14
TIE = 1e-9


@dataclass(frozen=True, slots=True)
class WildBootstrap:
    """t: CR1 statistic; p: share of the draws sign vectors with |t*| >= |t|."""

    t: float | None
    p: float | None
    draws: int
    reason: Reason | None = None


def change_wild(n: ArrayLike, total: ArrayLike) -> WildBootstrap:
    """Is the change between two waves 0? Restricted wild cluster bootstrap with Rademacher signs.

    n, total: (schools, 2), usable answers and their sum. The null is imposed: residuals around the
    mean of both waves, all 2^G vectors of school signs, each time the CR1 t of y ~ wave (factor
    G/(G-1) (N-1)/(N-2)). Totals suffice, because a school's residuals turn together. A draw without
    any spread counts as reached when it moved. Refuses NO_DATA, NOT_IN_BOTH_WAVES, TOO_FEW_CLUSTERS
    (fewer than six schools), ZERO_VARIANCE. Raises ValueError for more than MAX_SCHOOLS schools.
    Source: method section 5.3 (C04); Cameron, Gelbach & Miller 2008.
    """
    cells = summarise(n, total, [-1.0, 1.0])
    cells = _answering(cells)
    reason = cells.refusal(min_per_group=0)
    schools = cells.n_schools
    if reason is not None:
        return WildBootstrap(None, None, 0, reason)
    grand = float(cells.mean @ cells.size / cells.size.sum())
    restricted = cells.residual + (cells.mean - grand) * cells.n
    observed = float(_statistics(np.ones((1, schools), dtype=np.float64), restricted, cells)[0])
    if not np.isfinite(observed) or np.abs(restricted).max() <= cells.noise:
        return WildBootstrap(None, None, 0, Reason.ZERO_VARIANCE)
    if schools > MAX_SCHOOLS:
        raise ValueError(f"expected at most {MAX_SCHOOLS} schools, found {schools}")
    draws, hits = 2**schools, 0
    for start in range(0, draws, CHUNK):
        numbers = np.arange(start, min(start + CHUNK, draws))
        signs = np.where((numbers[:, None] >> np.arange(schools)) & 1, -1.0, 1.0)
        reached = np.abs(_statistics(signs, restricted, cells)) >= abs(observed) - TIE
        hits += int(reached.sum())
    return WildBootstrap(observed, hits / draws, draws)


def _answering(cells: Cells) -> Cells:
    """Schools without answers have no sign."""
    keep = cells.n.sum(axis=1) > 0
    return replace(cells, n=cells.n[keep], residual=cells.residual[keep])


def _statistics(signs: FloatArray, restricted: FloatArray, cells: Cells) -> FloatArray:
    """t of every row of signs (draws, schools); inf or 0 where the standard error is 0."""
    schools, answers = len(cells.n), cells.size.sum()
    factor = schools / (schools - 1) * (answers - 1) / (answers - 2)
    shift = signs @ restricted / cells.size
    parts = [
        (signs * restricted[:, k] - shift[:, [k]] * cells.n[:, k]) / cells.size[k] for k in (0, 1)
    ]
    se = np.sqrt(factor * np.square(parts[1] - parts[0]).sum(axis=1))
    change = shift[:, 1] - shift[:, 0]
    still = np.where(np.abs(change) > cells.noise, np.inf, 0.0)
    return np.asarray(np.divide(change, se, out=still, where=se > cells.noise))

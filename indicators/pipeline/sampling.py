"""How the schools of a survey came in, and the level or contrast that follows from it.

All schools of the project: linearised variance with the school as cluster. A sample of schools: its
strata, the weights of its respondents and the number of schools in the frame count (method sections
1 and 3). The frame counts for levels only: a change is about a process that goes on.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import numpy as np

from indicators.pipeline.shapes import FloatArray, SchoolSpec, StratumSpec
from indicators.pipeline.totals import Cells
from indicators.stats.design import Design, make_design
from indicators.stats.linear import contrasts_taylor
from indicators.stats.results import Result
from indicators.stats.survey import contrasts_survey
from indicators.vocabulary import Reason, Respondent, Selection

Strata = Mapping[str, StratumSpec]
NO_STRATA: Strata = {}
LEVEL = (1.0,)
BEFORE_AND_AFTER = (0, 1)


def refusal(respondent: Respondent, selection: Selection) -> Reason | None:
    """Why no uncertainty may be shown for this survey at all, or None."""
    if selection is Selection.SELF_SELECTED:
        return Reason.SELF_SELECTED
    return Reason.CENSUS if respondent is Respondent.DIRECTOR else None


def stratum_of(school: SchoolSpec, strata: Strata) -> str:
    """The stratum a school counts in, after mergers; a chain of mergers is followed once around."""
    code = school.stratum
    for _ in strata:
        target = strata[code].merged_into if code in strata else ""
        if not target:
            break
        code = target
    return code


def line_strata(
    lineages: Sequence[str],
    schools: Mapping[str, SchoolSpec],
    strata: Strata,
    waves: Sequence[Collection[str]] = (),
) -> tuple[str, ...]:
    """The stratum of every line of a sample of schools.

    `waves`: the lines in the files of each of two waves. Schools drawn anew each time make strata
    of their own in each wave; schools drawn once carry the covariance of the waves.
    """
    mine = [stratum_of(schools[code], strata) for code in lineages]
    if len(waves) == len(BEFORE_AND_AFTER) and not set(waves[0]) & set(waves[1]):
        mine = [f"{int(code in waves[1])} {own}" for code, own in zip(lineages, mine, strict=True)]
    return tuple(mine)


def level_design(
    codes: Sequence[str], schools: Mapping[str, SchoolSpec], strata: Strata
) -> Design | None:
    """The design of a sample's levels, one row per school; None without schools.

    The correction for a finite frame holds where the number of schools of a stratum is known and
    not smaller than the number drawn (an outdated frame corrects nothing).
    """
    if not codes:
        return None
    mine = [stratum_of(schools[code], strata) for code in codes]
    frame: dict[str, float] = {}
    for spec in strata.values():
        home = stratum_of(SchoolSpec("", (), "", stratum=spec.code), strata)
        size = np.nan if spec.n_schools is None else float(spec.n_schools)
        frame[home] = frame.get(home, 0.0) + size
    population = np.array([frame.get(code, np.nan) for code in mine])
    drawn = np.array([mine.count(code) for code in mine], dtype=np.float64)
    known = np.where(population >= drawn, population, np.nan)
    return make_design(len(codes), strata=mine, population=known)


def levels(cells: Cells, design: Design | None) -> list[Result]:
    """Mean of every column of `cells` (S, K); `design` of the sample, None for all schools."""
    n, total, mass = (np.ascontiguousarray(a.T)[..., None] for a in _parts(cells))
    if design is None and cells.weight is None:
        return contrasts_taylor(n, total, LEVEL)
    design = design or make_design(n.shape[1])
    return contrasts_survey(n, total, LEVEL, design, weight=mass)


def _parts(cells: Cells) -> tuple[FloatArray, FloatArray, FloatArray]:
    return cells.n, cells.total, cells.mass


def contrast_sample(
    cells: Cells, coefs: Sequence[float], strata: Sequence[str], *, are_waves: bool = False
) -> Result:
    """Contrast of the columns of `cells` (S, K) of a sample; `strata` (S,) of its schools.

    Without schools the refusal of an empty contrast.
    """
    if not strata:
        return contrasts_taylor(cells.n[None], cells.total[None], coefs)[0]
    design = make_design(len(strata), strata=list(strata))
    return contrasts_survey(
        *(cells.n[None], cells.total[None], coefs, design),
        weight=cells.mass[None],
        are_waves=are_waves,
    )[0]

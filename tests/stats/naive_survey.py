"""Surveys with strata, weights and stages, written out unit by unit, slowly."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Sample:
    """One entry per respondent. population: schools in the stratum; people: in the school."""

    stratum: np.ndarray
    school: np.ndarray
    population: np.ndarray
    people: np.ndarray
    weight: np.ndarray
    cell: np.ndarray
    y: np.ndarray

    def totals(self, cells: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """n, sum w y and sum w, a row per respondent."""
        n = np.eye(cells)[self.cell] * ~np.isnan(self.y)[:, None]
        weight = n * self.weight[:, None]
        return n, weight * np.nan_to_num(self.y)[:, None], weight


def draw_sample(seed: int, *, cells: int = 2, strata: int = 3, schools: int = 5) -> Sample:
    """Strata of `schools` schools with one to six respondents; some answers are missing."""
    rng = np.random.default_rng(seed)
    per_school = rng.integers(1, 7, size=strata * schools)
    school = np.repeat(np.arange(strata * schools), per_school)
    stratum = school // schools
    level = rng.normal(0, 0.5, size=strata * schools)[school]
    y = np.round(level + rng.normal(3, 1, size=len(school)), 1)
    y[rng.uniform(size=len(y)) < 0.1] = np.nan
    return Sample(
        stratum=stratum,
        school=school % schools,  # codes repeat from stratum to stratum
        population=(schools + 2.0 + stratum),
        people=(per_school + 3.0)[school],
        weight=rng.uniform(0.5, 3, size=len(school)),
        cell=rng.integers(0, cells, size=len(school)),
        y=y,
    )


def scores(sample: Sample, coefs: np.ndarray) -> tuple[float, np.ndarray]:
    """The estimate and z of every respondent."""
    z, estimate = np.zeros(len(sample.y)), 0.0
    for cell, coef in enumerate(coefs):
        inside = (sample.cell == cell) & ~np.isnan(sample.y)
        w, y = sample.weight[inside], sample.y[inside]
        mean = (w * y).sum() / w.sum()
        estimate += coef * mean
        z[inside] = coef * w * (y - mean) / w.sum()
    return float(estimate), z


def variance(
    sample: Sample, z: np.ndarray, *, fpc: bool, stages: bool, lonely: str = "fail"
) -> float:
    """Stratum by stratum and school by school, as in the note."""
    parts, alone = [], 0
    for h in np.unique(sample.stratum):
        rows = sample.stratum == h
        schools = np.unique(sample.school[rows])
        n = len(schools)
        f = n / sample.population[rows][0] if fpc else 0.0
        totals = np.array([z[rows & (sample.school == s)].sum() for s in schools])
        if n == 1 and f < 1:
            alone += 1
            parts.append((1 - f) * totals[0] ** 2 if lonely == "adjust" else 0.0)
        else:
            spread = float(((totals - totals.mean()) ** 2).sum())
            parts.append((1 - f) * n / (n - 1) * spread if n > 1 else 0.0)
        parts[-1] += second_stage(sample, z, rows, f) if stages else 0.0
    factor = len(parts) / (len(parts) - alone) if lonely == "average" else 1.0
    return factor * sum(parts)


def second_stage(sample: Sample, z: np.ndarray, rows: np.ndarray, f: float) -> float:
    found = 0.0
    for s in np.unique(sample.school[rows]):
        inside = rows & (sample.school == s)
        m, people = inside.sum(), sample.people[inside][0]
        if m > 1:
            around = float(((z[inside] - z[inside].mean()) ** 2).sum())
            found += f * (1 - m / people) * m / (m - 1) * around
    return found


def cr2_weighted(
    school: np.ndarray, cell: np.ndarray, y: np.ndarray, w: np.ndarray, coefs: np.ndarray
) -> tuple[float, float, float]:
    """Estimate, variance and df of weighted least squares with the matrices of section 5.2."""
    x, weights = np.eye(len(coefs))[cell], np.diag(w)
    bread = np.linalg.inv(x.T @ weights @ x)
    maker = np.eye(len(y)) - x @ bread @ x.T @ weights
    found, columns = 0.0, []
    for s in np.unique(school):
        rows = school == s
        values, vectors = np.linalg.eigh((maker @ maker.T)[np.ix_(rows, rows)])
        root = np.array([1 / np.sqrt(v) if v > 1e-9 else 0.0 for v in values])
        a = vectors @ np.diag(root) @ vectors.T
        adjusted = a @ np.diag(w[rows]) @ x[rows] @ bread @ coefs
        found += float(adjusted @ (maker @ y)[rows]) ** 2
        columns.append(maker[rows].T @ adjusted)
    p = np.column_stack(columns)
    omega = p.T @ p
    df = np.trace(omega) ** 2 / np.trace(omega @ omega)
    return float(coefs @ bread @ x.T @ weights @ y), found, float(df)

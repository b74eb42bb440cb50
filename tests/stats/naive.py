"""Respondents, and the statistics of the method note written out person by person, slowly."""

from dataclasses import dataclass
from itertools import product

import numpy as np


@dataclass(frozen=True)
class People:
    """One entry per respondent: school and cell numbers, and the answer."""

    school: np.ndarray
    cell: np.ndarray
    y: np.ndarray
    n_schools: int
    n_cells: int

    def totals(self) -> tuple[np.ndarray, np.ndarray]:
        n, total = (np.zeros((self.n_schools, self.n_cells)) for _ in range(2))
        for school, cell, y in zip(self.school, self.cell, self.y, strict=True):
            n[school, cell] += 1
            total[school, cell] += y
        return n, total


def draw_people(seed: int, *, schools: int = 9, cells: int = 2, most: int = 5) -> People:
    """0 to `most` respondents per school and cell; the first school answers in every cell."""
    rng = np.random.default_rng(seed)
    counts = rng.integers(0, most + 1, size=(schools, cells))
    counts[0] = np.maximum(counts[0], 1)
    school, cell = np.nonzero(counts)
    school, cell = (np.repeat(index, counts[school, cell]) for index in (school, cell))
    level = rng.normal(0, 0.5, size=schools)[school] + 0.3 * cell
    y = np.round(level + rng.normal(3, 1, size=len(school)), 1)
    return People(school, cell, y, schools, cells)


def taylor(people: People, coefs: np.ndarray, n_psu: int) -> tuple[float, float]:
    """Estimate and variance: z of every respondent, summed by school, centred."""
    z = np.zeros(n_psu)
    estimate = 0.0
    for cell, coef in enumerate(coefs):
        inside = people.cell == cell
        mean = people.y[inside].mean()
        estimate += coef * mean
        for school, y in zip(people.school[inside], people.y[inside], strict=True):
            z[school] += coef * (y - mean) / inside.sum()
    return estimate, n_psu / (n_psu - 1) * float(np.sum((z - z.mean()) ** 2))


def cr2(people: People, coefs: np.ndarray) -> tuple[float, float, float]:
    """Estimate, variance and df with the matrices of method section 5.2, n x n and all."""
    x = np.eye(people.n_cells)[people.cell]
    bread = np.linalg.inv(x.T @ x)
    residual_maker = np.eye(len(people.y)) - x @ bread @ x.T
    residuals = residual_maker @ people.y
    variance, columns = 0.0, []
    for school in np.unique(people.school):
        rows = people.school == school
        block = (residual_maker @ residual_maker.T)[np.ix_(rows, rows)]
        adjusted = inverse_root(block) @ x[rows] @ bread @ coefs
        variance += float(adjusted @ residuals[rows]) ** 2
        columns.append(residual_maker[rows].T @ adjusted)
    p = np.column_stack(columns)
    omega = p.T @ p
    df = np.trace(omega) ** 2 / np.trace(omega @ omega)
    return float(coefs @ bread @ x.T @ people.y), variance, float(df)


def inverse_root(matrix: np.ndarray) -> np.ndarray:
    """The symmetric pseudo-inverse square root."""
    values, vectors = np.linalg.eigh(matrix)
    inverse = np.array([1 / np.sqrt(value) if value > 1e-9 else 0.0 for value in values])
    return vectors @ np.diag(inverse) @ vectors.T


def sign_flip(differences: list[float]) -> float:
    observed = abs(sum(differences))
    hits = [
        abs(sum(s * d for s, d in zip(signs, differences, strict=True))) >= observed - 1e-9
        for signs in product((-1, 1), repeat=len(differences))
    ]
    return sum(hits) / len(hits)

"""One common factor behind the items of an index, and omega from it."""

import numpy as np

from indicators.stats.results import FloatArray

PRECISION = 1e-9
LOOSE = 1e-4  # a steeper slope than this is no minimum
SINGULAR = 1e-9
ROUNDING = 1e-12
MOST_STEPS, MOST_HALVINGS = 200, 30


def omega_ml(correlation: FloatArray, sd: FloatArray) -> float | None:
    """McDonald's omega of the sum of the items: (sum l)^2/((sum l)^2 + sum t).

    correlation: (items, items), three items or more; sd: (items,) of the items. l, t: loadings and
    residual variances of the one-factor model fitted to the covariance matrix by maximum
    likelihood, F = log|S| + tr(C S^-1) with S = ll' + diag(t), t free to be negative, by Fisher
    scoring. None where no minimum is found (items that hang together in no way).
    Source: method section 16 (I01-I05); McDonald 1999; Flora 2020; R lavaan::cfa.
    """
    values, vectors = np.linalg.eigh(correlation)
    if values[0] <= SINGULAR:
        return None
    k = len(correlation)
    loading = vectors[:, -1] * np.sqrt(values[-1]) * 0.9
    at = np.concatenate([loading, np.clip(1 - loading**2, 0.05, 1.0)])
    lack = _lack(at, correlation)
    gradient, information = _score(at, correlation)
    for _ in range(MOST_STEPS):
        if np.abs(gradient).max() < PRECISION:
            break
        at, lack, moved = _shortened(at, _step(information, gradient), lack, correlation)
        if not moved:
            break
        gradient, information = _score(at, correlation)
    if np.abs(gradient).max() > LOOSE:
        return None
    common = float(at[:k] @ sd) ** 2
    return common / (common + float(at[k:] @ sd**2))


def _implied(at: FloatArray) -> FloatArray:
    """The covariance matrix of loadings and residual variances, (2 items,)."""
    k = len(at) // 2
    return np.outer(at[:k], at[:k]) + np.diag(at[k:])


def _lack(at: FloatArray, correlation: FloatArray) -> float:
    model = _implied(at)
    try:
        root = np.linalg.cholesky(model)
    except np.linalg.LinAlgError:
        return np.inf
    inverse = np.linalg.inv(model)
    return float(2 * np.log(np.diag(root)).sum() + (inverse * correlation).sum())


def _score(at: FloatArray, correlation: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Gradient of F and its expected second derivatives."""
    k = len(correlation)
    inverse = np.linalg.inv(_implied(at))
    pull = inverse - inverse @ correlation @ inverse
    weighed = inverse @ at[:k]
    information = np.empty((2 * k, 2 * k))
    information[:k, :k] = 2 * (inverse * (at[:k] @ weighed) + np.outer(weighed, weighed))
    information[:k, k:] = 2 * inverse * weighed
    information[k:, :k] = information[:k, k:].T
    information[k:, k:] = inverse**2
    return np.concatenate([2 * pull @ at[:k], np.diag(pull)]), information


def _step(information: FloatArray, gradient: FloatArray) -> FloatArray:
    # Loadings of 0 may leave the matrix without an inverse; a breath on its diagonal mends that.
    whole = information + ROUNDING * np.eye(len(gradient))
    return np.asarray(np.linalg.solve(whole, gradient), dtype=np.float64)


def _shortened(
    at: FloatArray, step: FloatArray, lack: float, correlation: FloatArray
) -> tuple[FloatArray, float, bool]:
    """The first of the step, its half, its quarter ... that fits no worse; else where it was."""
    for halvings in range(MOST_HALVINGS):
        there = at - step / 2**halvings
        found = _lack(there, correlation)
        if found <= lack + ROUNDING:
            return there, found, True
    return at, lack, False


def omega_minres(correlation: FloatArray) -> float:
    """Omega from a one-factor minimum-residual solution: 1 - sum(1 - l^2)/sum R.

    correlation: (items, items), three items or more; items standardised, their sum not constant.
    Source: method section 16 (I01-I05); Harman & Jones 1966; R psych::fa.
    """
    loading = _minres(correlation)
    return float(1 - (1 - loading**2).sum() / correlation.sum())


def _minres(correlation: FloatArray) -> FloatArray:
    """Loadings that reproduce the correlations best, the diagonal left out: (items,)."""
    from scipy.optimize import minimize

    k = len(correlation)
    off = ~np.eye(k, dtype=np.bool_)

    def lack(loading: FloatArray) -> tuple[float, FloatArray]:
        residual = np.where(off, correlation - np.outer(loading, loading), 0.0)
        return float(np.square(residual).sum()) / 2, -2 * residual @ loading

    values, vectors = np.linalg.eigh(correlation)
    start = vectors[:, -1] * np.sqrt(values[-1]) * 0.9
    best = minimize(lack, start, jac=True, method="BFGS", options={"gtol": PRECISION})
    return np.asarray(best.x, dtype=np.float64)

"""One common factor behind the items of an index, and omega from it."""

import numpy as np

from indicators.stats.results import FloatArray

PRECISION = 1e-9


def omega_ml(correlation: FloatArray, sd: FloatArray) -> float | None:
    """McDonald's omega of the sum of the items: (sum l)^2/((sum l)^2 + sum t).

    correlation: (items, items), three items or more; sd: (items,) of the items. l, t: loadings and
    residual variances of the one-factor model fitted to the covariance matrix by maximum
    likelihood, F = log|S| + tr(C S^-1) with S = ll' + diag(t), t free to be negative. None where no
    minimum is found (items that hang together in no way).
    Source: method section 16 (I01-I05); McDonald 1999; Flora 2020; R lavaan::cfa.
    """
    from scipy.optimize import minimize

    k = len(correlation)
    start = np.concatenate([_minres(correlation), np.full(k, 0.5)])
    start[k:] = np.clip(1 - start[:k] ** 2, 0.05, 1.0)

    def lack(parameters: FloatArray) -> tuple[float, FloatArray]:
        loading, residual = parameters[:k], parameters[k:]
        model = np.outer(loading, loading) + np.diag(residual)
        values = np.linalg.eigvalsh(model)
        if values[0] <= 1e-9:
            return np.inf, np.zeros(2 * k)
        inverse = np.linalg.inv(model)
        pull = inverse - inverse @ correlation @ inverse
        fit = float(np.log(values).sum() + np.trace(correlation @ inverse))
        return fit, np.concatenate([2 * pull @ loading, np.diag(pull)])

    best = minimize(lack, start, jac=True, method="BFGS", options={"gtol": PRECISION})
    if not np.isfinite(best.fun) or np.abs(lack(best.x)[1]).max() > 1e-4:
        return None
    common = float(best.x[:k] @ sd) ** 2
    return common / (common + float(best.x[k:] @ sd**2))


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

"""Fisher's exact test of a 2 x 2 table."""

import numpy as np

# Tables this little more probable than the one observed count as equally probable (as in R).
TIE = 1 + 1e-7


def fisher_p(x1: float, n1: float, x2: float, n2: float) -> float:
    """Two-sided p of equal shares x1/n1 and x2/n2: the tables not more probable than the observed.

    x: yes answers, n: usable answers, whole numbers with 0 <= x <= n. The probabilities are
    hypergeometric given both margins. Raises ValueError for impossible counts.
    Source: method section 4 (F05); Fisher 1935; R fisher.test.
    """
    if not (0 <= x1 <= n1 and 0 <= x2 <= n2):
        raise ValueError(f"expected 0 <= x <= n, found {x1} of {n1} and {x2} of {n2}")
    from scipy.special import gammaln

    yes = x1 + x2
    first = np.arange(max(0.0, yes - n2), min(n1, yes) + 1)
    second = yes - first
    log_weight = -(
        gammaln(first + 1)
        + gammaln(n1 - first + 1)
        + gammaln(second + 1)
        + gammaln(n2 - second + 1)
    )
    weight = np.exp(log_weight - log_weight.max())
    observed = weight[int(x1 - first[0])]
    return float(weight[weight <= observed * TIE].sum() / weight.sum())

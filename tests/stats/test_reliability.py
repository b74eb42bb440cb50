"""Reliability: pair by pair, a published example, factor models that are known, refusals."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.typing import ArrayLike
from scipy.optimize import minimize
from scipy.stats import f

from indicators.stats.factor import omega_minres, omega_ml
from indicators.stats.reliability import CrossProducts, Reliability, correlations, cross_products
from indicators.stats.reliability import reliability as of_totals
from indicators.vocabulary import Reason


def reliability(values: ArrayLike) -> Reliability:
    return of_totals(cross_products(values))


def draw(seed: int, items: int = 5, n: int = 80) -> np.ndarray:
    rng = np.random.default_rng(seed)
    common = rng.normal(size=(n, 1))
    return np.round(3 + 0.8 * common + rng.normal(0, 0.8, size=(n, items)), 0)


@pytest.mark.parametrize("seed", range(4))
def test_item_by_item(seed: int) -> None:
    x = draw(seed)
    found = reliability(x)
    n, k = x.shape
    alpha = k / (k - 1) * (1 - x.var(axis=0, ddof=1).sum() / x.sum(axis=1).var(ddof=1))
    assert found.alpha == pytest.approx(alpha)
    for item in range(k):
        others = np.delete(x, item, axis=1)
        r = np.corrcoef(x[:, item], others.sum(axis=1))[0, 1]
        assert found.item_rest[item] == pytest.approx(r)
        assert found.alpha_dropped[item] == pytest.approx(reliability(others).alpha)
    pairs = [np.corrcoef(x[:, i], x[:, j])[0, 1] for i in range(k) for j in range(i)]
    assert found.mean_r == pytest.approx(np.mean(pairs))
    assert found.alpha_std == pytest.approx(k * np.mean(pairs) / (1 + (k - 1) * np.mean(pairs)))
    # Feldt: (1 - alpha)/(1 - estimate) is F distributed.
    assert (1 - found.alpha_low) / (1 - alpha) == pytest.approx(f.ppf(0.975, n - 1, (n - 1) * 4))
    assert (1 - found.alpha_high) / (1 - alpha) == pytest.approx(f.ppf(0.025, n - 1, (n - 1) * 4))


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 2**32 - 1), st.permutations(range(5)), st.sampled_from([(2.0, 1), (-1, 6)]))
def test_order_and_unit_of_the_items_do_not_matter(seed, order, unit) -> None:
    x = draw(seed)
    one, other = reliability(x), reliability(x[:, order] * unit[0] + unit[1])
    assume(one.reason is None)
    for name in ("alpha", "alpha_std", "alpha_low", "omega_ml"):
        assert getattr(other, name) == pytest.approx(getattr(one, name), abs=1e-5)
    minres = [omega_minres(correlations(cross_products(y).covariance)[0]) for y in (x, x[:, order])]
    assert minres[1] == pytest.approx(minres[0], abs=1e-5)
    assert other.item_rest == pytest.approx(one.item_rest[list(order)])


@pytest.mark.parametrize("loadings", [[0.9, 0.8, 0.7], [0.5, 0.6, 0.7, 0.8, 0.6]])
def test_omega_of_a_factor_that_is_known(loadings) -> None:
    """Exact for a matrix made of one factor; equal loadings give alpha."""
    l = np.array(loadings)  # noqa: E741 - the letter of the formula
    r = np.outer(l, l)
    np.fill_diagonal(r, 1)
    sd = np.arange(1, len(l) + 1) / 2
    common, rest = (l @ sd) ** 2, ((1 - l**2) * sd**2).sum()
    assert omega_ml(r, sd) == pytest.approx(common / (common + rest), abs=1e-6)
    assert omega_minres(r) == pytest.approx(1 - (1 - l**2).sum() / r.sum(), abs=1e-6)


def test_equal_items_give_alpha_and_two_items_no_omega() -> None:
    x = draw(1, items=2)
    found = reliability(x)
    r = np.corrcoef(x.T)[0, 1]
    assert found.alpha_std == pytest.approx(2 * r / (1 + r))
    assert found.omega_ml is None
    assert np.isnan(found.alpha_dropped).all()
    assert found.item_rest == pytest.approx([r, r])


def test_a_reversed_item_shows_itself() -> None:
    x = draw(2)
    x[:, 1] = 6 - x[:, 1]
    found = reliability(x)
    assert found.item_rest[1] < 0 < found.item_rest[0]
    assert found.alpha < reliability(draw(2)).alpha


def test_only_complete_rows_count() -> None:
    x = draw(3)
    holes = np.vstack([x, np.where(np.eye(5), np.nan, 3)])
    assert reliability(holes).alpha == reliability(x).alpha
    assert reliability(holes).n_complete == 80


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 2**32 - 1), st.integers(0, 80))
def test_totals_of_files_add_up(seed, cut) -> None:
    x = draw(seed)
    x[seed % 80, seed % 5] = np.nan
    whole = cross_products(x)
    parts: CrossProducts = cross_products(x[:cut]) + cross_products(x[cut:])
    assert parts.n == whole.n == 79
    assert parts.total.tolist() == whole.total.tolist()
    assert parts.products.tolist() == whole.products.tolist()


def test_items_that_cancel_out_leave_what_can_be_said() -> None:
    """Dropping the third item leaves a sum that is constant."""
    one = np.array([1.0, 2, 3, 4, 5, 2])
    x = np.column_stack([one, 6 - one, [1, 3, 2, 5, 4, 4]])
    found = reliability(x)
    assert np.isnan(found.alpha_dropped[2])
    assert np.isnan(found.item_rest[2])
    assert reliability(x[:, :2]).reason is Reason.ZERO_VARIANCE


def steep(seed: int) -> np.ndarray:
    """Few people and strong factors: the way to the minimum is crooked."""
    rng = np.random.default_rng(seed)
    k = int(rng.integers(3, 8))
    n = k + int(rng.integers(1, 4))
    factor = rng.normal(size=(n, 1)) * rng.choice([0.2, 1, 5, 20])
    loading = rng.choice([-1, 1, 1], size=k) * rng.uniform(0, 1, size=k)
    return factor * loading + rng.normal(size=(n, k))


@pytest.mark.parametrize("x", [*map(draw, range(4)), steep(20)])
def test_omega_is_the_minimum_of_its_function(x: np.ndarray) -> None:
    """Against a general minimiser that knows nothing of scores or information."""
    r, sd = np.corrcoef(x.T), x.std(axis=0, ddof=1)
    k = len(r)

    def lack(at):
        model = np.outer(at[:k], at[:k]) + np.diag(at[k:])
        if np.linalg.eigvalsh(model)[0] < 1e-9:
            return np.inf
        return np.linalg.slogdet(model)[1] + np.trace(np.linalg.solve(model, r))

    rng = np.random.default_rng(5)
    starts = [np.concatenate([rng.uniform(-1, 1, k), rng.uniform(0.2, 1, k)]) for _ in range(3)]
    options = {"maxiter": 40_000, "maxfev": 40_000, "xatol": 1e-9, "fatol": 1e-13, "adaptive": True}
    found = [minimize(lack, at, method="Nelder-Mead", options=options) for at in starts]
    best = min(found, key=lambda one: one.fun).x
    common = (best[:k] @ sd) ** 2
    assert omega_ml(r, sd) == pytest.approx(common / (common + best[k:] @ sd**2), abs=1e-4)


def test_a_way_that_leads_nowhere_is_left() -> None:
    """No step from where it stands fits better, and the slope is not flat."""
    r = np.corrcoef(steep(3437).T)
    assert omega_ml(r, np.ones(len(r))) is None


def test_without_a_factor_there_is_no_omega() -> None:
    assert omega_ml(np.array([[1, 0.9, -0.9], [0.9, 1, 0.9], [-0.9, 0.9, 1.0]]), np.ones(3)) is None
    assert omega_ml(np.array([[1, -0.6, -0.6], [-0.6, 1, 0], [-0.6, 0, 1.0]]), np.ones(3)) is None


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        (np.full((9, 3), np.nan), Reason.NO_DATA),
        ([[1, 2], [2, 1]], Reason.NO_DATA),
        ([[1, 3], [2, 3], [3, 3]], Reason.ZERO_VARIANCE),
        ([[1], [1], [1]], Reason.ZERO_VARIANCE),
        ([[1], [2], [3]], Reason.TOO_FEW_ITEMS),
    ],
)
def test_refusals(values, reason) -> None:
    found = reliability(values)
    assert found.reason is reason
    assert found.alpha is None


def test_items_stand_in_columns() -> None:
    with pytest.raises(ValueError, match="respondents, items"):
        reliability([1, 2, 3])

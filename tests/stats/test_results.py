"""The result types: always the same shape, missing stays missing."""

import math
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from indicators.stats.results import NO_ERROR, NO_VALUE, first_reason, from_t, refused
from indicators.vocabulary import Reason


def test_from_t_of_a_textbook_value() -> None:
    """t = 2.228 with 10 df is the two-sided 5 % point, 1.812 the 10 % one."""
    result = from_t(2.228139, 1.0, 10, n=50, n_clusters=11, method="taylor")
    assert result.p == pytest.approx(0.05, abs=1e-6)
    assert result.ci_low == pytest.approx(0, abs=1e-6)
    assert result.ci90_low == pytest.approx(2.228139 - 1.812461, abs=1e-6)


@pytest.mark.parametrize(
    "arguments",
    [
        (math.nan, 1, 10),
        (math.inf, 1, 10),
        (1, -1, 10),
        (1, math.nan, 10),
        (1, 1, 0),
        (1, 1, math.inf),
    ],
)
def test_from_t_wants_finite_numbers(arguments: tuple[float, float, float]) -> None:
    with pytest.raises(ValueError, match="expected a finite estimate"):
        from_t(*arguments, n=1, n_clusters=1, method="taylor")


@pytest.mark.parametrize("reason", list(Reason))
def test_a_refusal_shows_the_value_only_where_it_may(reason: Reason) -> None:
    result = refused(reason, n=4, n_clusters=2, method="taylor", estimate=1.5, df=3)
    assert (result.estimate is None) == (reason in NO_VALUE)
    assert (result.se == 0.0) == (reason in NO_ERROR)
    assert result.p is result.ci_low is result.ci90_high is None


def test_the_first_reason_in_the_order_given_wins() -> None:
    checks = [
        (np.array([False, True, False]), Reason.NO_DATA),
        (np.array([False, True, True]), Reason.SUPPRESSED),
    ]
    assert first_reason(checks) == [None, Reason.NO_DATA, Reason.SUPPRESSED]


def test_importing_the_numbers_does_not_import_scipy_or_pandas() -> None:
    stats = Path(__file__).parents[2] / "indicators" / "stats"
    names = sorted(file.stem for file in stats.glob("[a-z]*.py"))
    assert {"cr2", "linear", "verdict"} <= set(names)
    code = "import sys;" + "".join(f"import indicators.stats.{name};" for name in names)
    code += "sys.exit(any(m.split('.')[0] in ('scipy', 'pandas', 'django') for m in sys.modules))"
    root = Path(__file__).parents[2]
    assert subprocess.run([sys.executable, "-c", code], cwd=root, check=False).returncode == 0

"""Pairs of directors' answers."""

import numpy as np
import pytest
from hypothesis import strategies as st
from scipy.stats import binomtest

from indicators.stats.pairs import mcnemar_exact
from indicators.vocabulary import Reason
from tests.stats.test_identities import given

ANSWERS = st.lists(
    st.tuples(st.sampled_from([0, 1, np.nan]), st.sampled_from([0, 1, np.nan])), max_size=25
)


@given(ANSWERS)
def test_counts_and_the_binomial_test(answers) -> None:
    before, after = [a for a, _ in answers], [b for _, b in answers]
    found = mcnemar_exact(before, after)
    pairs = [(a, b) for a, b in answers if a in (0, 1) and b in (0, 1)]
    gained, lost = pairs.count((0, 1)), pairs.count((1, 0))
    assert (found.n_pairs, found.gained, found.lost) == (len(pairs), gained, lost)
    assert (found.yes1, found.yes2) == (sum(a for a, _ in pairs), sum(b for _, b in pairs))
    assert found.yes2 - found.yes1 == gained - lost
    if not pairs:
        known = any(value in (0, 1) for pair in answers for value in pair)
        assert found.reason is (Reason.NOT_IN_BOTH_WAVES if known else Reason.NO_DATA)
    elif gained + lost:
        assert found.p == pytest.approx(binomtest(gained, gained + lost).pvalue)
    else:
        assert found.p == 1
    assert mcnemar_exact(after, before).p == found.p


@pytest.mark.parametrize(("before", "after"), [([2], [1]), ([1], [1, 0]), ([[1]], [[0]])])
def test_answers_are_yes_no_or_missing(before, after) -> None:
    with pytest.raises(ValueError, match="expected two arrays"):
        mcnemar_exact(before, after)

"""A gap's change would give away the gap it started from, so both are hidden together."""

import pytest

from indicators.models import Gap
from indicators.queries.results import gaps_of
from indicators.vocabulary import MeasureKind, Reason

FOR_DONORS = 10


def gap(n_first: int, wave: int = 2, **more: object) -> Gap:
    return Gap(
        group_by="sex",
        first_group="girl",
        second_group="boy",
        wave_id=wave,
        n_first=n_first,
        n_second=40,
        value=-0.2,
        ci_low=-0.4,
        ci_high=0.0,
        **more,
    )


def shown(first: int, second: int) -> tuple[float | None, ...]:
    rows = [gap(first, 1), gap(second, change=0.1, change_low=0.0, change_high=0.2)]
    before, after = gaps_of(rows, kind=MeasureKind.INDEX_MEAN, min_group=FOR_DONORS)
    return before.value, after.value, after.change, after.change_low


@pytest.mark.parametrize(
    ("first", "second", "wanted"),
    [
        (30, 30, (-0.2, -0.2, 0.1, 0.0)),
        (30, 9, (-0.2, None, None, None)),
        (9, 30, (None, -0.2, None, None)),
    ],
)
def test_a_small_side_hides_the_gap_and_its_change(first, second, wanted):
    assert shown(first, second) == wanted


def test_another_gap_stays():
    rows = [gap(9, 1), gap(30, change=0.1)]
    rows[1].group_by = "settlement"
    _, after = gaps_of(rows, kind=MeasureKind.INDEX_MEAN, min_group=FOR_DONORS)
    assert (after.change, after.change_reason) == (0.1, "")


def test_the_reason_is_named():
    rows = [gap(9, 1), gap(30, change=0.1)]
    _, after = gaps_of(rows, kind=MeasureKind.INDEX_MEAN, min_group=FOR_DONORS)
    assert after.change_reason == Reason.SUPPRESSED

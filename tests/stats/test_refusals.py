"""Refusals by selection and by numbers, in the order of the note."""

import pytest

from indicators.stats.refusals import pair_refusal, selection_refusal
from indicators.stats.school import mean_interval, newcombe_change, share_interval, welch_change
from indicators.vocabulary import Reason, Selection


@pytest.mark.parametrize(
    ("selection", "plain", "process"),
    [
        (Selection.SELF_SELECTED, Reason.SELF_SELECTED, Reason.SELF_SELECTED),
        (Selection.CENSUS, Reason.CENSUS, None),
        (Selection.RANDOM_PEOPLE, None, None),
        (Selection.SAMPLE, None, None),
    ],
)
def test_selection(selection, plain, process) -> None:
    assert selection_refusal(selection) is plain
    assert selection_refusal(selection, as_process=True) is process


@pytest.mark.parametrize(
    ("n1", "n2", "reason"),
    [
        (0, 0, Reason.NO_DATA),
        (0, 40, Reason.NOT_IN_BOTH_WAVES),
        (40, 4, Reason.SUPPRESSED),
        (7, 40, Reason.TOO_FEW_RESPONDENTS),
        (8, 8, None),
    ],
)
def test_two_surveys_of_one_school(n1, n2, reason) -> None:
    assert pair_refusal(n1, n2) is reason


def test_how_few_answers_are_hidden_can_be_set() -> None:
    """5 for a school's own director, 10 for donors and files."""
    assert mean_interval([5, 9], [3, 3], [1, 1]).reason == [None, None]
    hidden = [Reason.SUPPRESSED] * 2
    assert mean_interval([5, 9], [3, 3], [1, 1], min_shown=10).reason == hidden
    assert share_interval([5, 9], [0.4, 0.4], min_shown=10).reason == hidden
    assert pair_refusal(3, 40, min_shown=1) is Reason.TOO_FEW_RESPONDENTS
    assert welch_change([3], [3], [1], [40], [3], [1], min_shown=1).reason == [
        Reason.TOO_FEW_RESPONDENTS
    ]
    assert newcombe_change([3], [9], [3], [40], min_shown=10).reason == [Reason.SUPPRESSED]

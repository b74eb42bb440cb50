"""Response rates: cautions beside a change, and targets that are not judged (method section 1)."""

import pytest

from indicators.pipeline.calculate import calculate
from indicators.pipeline.inputs import CalculationInputs, TargetSpec
from indicators.pipeline.outcomes import Results
from indicators.pipeline.response import has_low_response, is_below_half, response_rate
from indicators.pipeline.tally import tally_all
from indicators.vocabulary import Flag, Reason, Status, TargetType
from tests.pipeline.builders import answers, codes_of, crowd, measure, project

PEOPLE = crowd(4, codes_of(8))
TARGET = TargetSpec(1, "m", "W1", TargetType.AT_LEAST, 1.0, None)


def asked(**shares: float) -> CalculationInputs:
    """Two waves of the same people; the share of those asked who answered, by wave."""
    invited = {("student", wave): round(len(PEOPLE) / share) for wave, share in shares.items()}
    sets = [answers(wave, PEOPLE) for wave in ("W0", "W1")]
    return project(*sets, measures=[measure()], invited=invited, targets=(TARGET,))


def flags(results: Results) -> tuple[Flag, ...]:
    return next(row.flags for row in results.changes if not row.school and not row.group)


@pytest.mark.parametrize(
    ("shares", "is_low"),
    [
        ({}, False),
        ({"W0": 0.9, "W1": 0.9}, False),
        ({"W0": 0.9, "W1": 0.82}, False),
        ({"W0": 0.9, "W1": 0.75}, True),  # moved by more than ten points
        ({"W0": 0.95}, False),
        ({"W0": 0.6}, True),
        ({"W0": 0.65, "W1": 0.65}, True),
    ],
    ids=str,
)
def test_the_caution(shares: dict[str, float], is_low: bool) -> None:
    inputs = asked(**shares)
    assert has_low_response("student", ("W0", "W1"), inputs, tally_all(inputs)) is is_low
    assert (Flag.LOW_RESPONSE in flags(calculate(inputs))) is is_low


def test_the_rate() -> None:
    inputs = asked(W0=0.5)
    tallied = tally_all(inputs)
    rate = response_rate("student", "W0", inputs, tallied)
    assert rate == pytest.approx(0.5, abs=0.01)
    assert response_rate("student", "W1", inputs, tallied) is None
    more = project(answers("W0", PEOPLE), measures=[measure()], invited={("student", "W0"): 3})
    assert response_rate("student", "W0", more, tally_all(more)) == 1


@pytest.mark.parametrize("type", [TargetType.AT_LEAST, TargetType.CHANGE])
def test_no_target_is_judged_below_half(type: TargetType) -> None:
    inputs = asked(W0=0.9, W1=0.4)
    assert is_below_half("student", "W1", inputs, tally_all(inputs))
    target = TargetSpec(1, "m", "W1", type, 1.0, None)
    fields = {name: getattr(inputs, name) for name in inputs.__dataclass_fields__}
    (row,) = calculate(CalculationInputs(**{**fields, "targets": (target,)})).assessments
    assert (row.status, row.reason) == (Status.CANNOT_TELL, Reason.LOW_RESPONSE)
    # The same people answered twice: nothing moved, so a rise by 1 is not reached.
    assert row.reached is (type is TargetType.AT_LEAST)

"""How many of those asked answered (method section 1); unknown where nobody counted them."""

from __future__ import annotations

from indicators.pipeline.inputs import CalculationInputs
from indicators.pipeline.tally import Tallied

LOW, HALF, MOVED = 0.70, 0.50, 0.10


def response_rate(
    instrument: str, wave: str, inputs: CalculationInputs, tallied: Tallied
) -> float | None:
    """Answer sheets used over people asked, 0-1 (1 where more answered than were counted)."""
    invited = inputs.invited.get((instrument, wave))
    if not invited:
        return None
    return min(tallied.respondents.get((instrument, wave), 0) / invited, 1.0)


def has_low_response(
    instrument: str, waves: tuple[str, str], inputs: CalculationInputs, tallied: Tallied
) -> bool:
    """Below 70 % in a wave, or moved by more than 10 points: others may have answered."""
    found = [response_rate(instrument, wave, inputs, tallied) for wave in waves]
    rates = [rate for rate in found if rate is not None]
    is_low = any(rate < LOW for rate in rates)
    return is_low or (len(rates) == len(waves) and max(rates) - min(rates) > MOVED)


def is_below_half(instrument: str, wave: str, inputs: CalculationInputs, tallied: Tallied) -> bool:
    """The figure then stands for those who answered, and no target is judged by it."""
    rate = response_rate(instrument, wave, inputs, tallied)
    return rate is not None and rate < HALF

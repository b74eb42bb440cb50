"""How many people answered in each school, as the run counted them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from indicators.queries.results import base_of
from indicators.results import PEOPLE, Answered, Base, WaveHead, WavePair
from indicators.vocabulary import Respondent

if TYPE_CHECKING:
    from indicators.models import Run, School


def line_codes(school: School) -> tuple[str, ...]:
    """The school and the one it continues. Needs `select_related("continues")`."""
    return (school.code, *([school.continues.code] if school.continues else []))


def who_answered(
    run: Run, waves: WavePair, codes: Sequence[str], min_group: int
) -> tuple[Answered, ...]:
    """Per kind of respondent, the people of these schools (one line) in both waves. No query."""
    counted: Mapping[str, Mapping[str, Mapping[str, int]]] = run.inputs.get("respondents", {})

    def base(who: str, wave: WaveHead | None) -> Base | None:
        if wave is None:
            return None
        schools = counted.get(wave.code, {}).get(who, {})
        # One checklist per school: that it came is no secret.
        limit = 1 if who == Respondent.DIRECTOR else min_group
        return base_of(sum(schools.get(code, 0) for code in codes), limit)

    asked = {who for wave in counted.values() for who in wave}
    return tuple(
        Answered(who, base(who, waves.baseline), base(who, waves.endline))
        for who in PEOPLE
        if who in asked
    )

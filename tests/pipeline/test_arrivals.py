"""Answer sheets by school: the same numbers as a plain count of the file."""

from collections import Counter
from datetime import date

import pytest

from tests.pipeline.import_cases import CLEAN_SURVEYS, DEMO, DIRTY, check, form


@pytest.mark.parametrize(("path", "wave", "name"), CLEAN_SURVEYS)
def test_used_sheets_are_those_of_the_table(path, wave, name):
    table = check(DEMO / path, "survey", wave, name).survey
    assert table is not None
    used = Counter(table.school_codes[place] for place in table.school_index)
    arrivals = {one.school_code: one for one in table.arrivals}
    assert {code: one.n_used for code, one in arrivals.items() if one.n_used} == used
    assert all(one.n_received >= one.n_used for one in table.arrivals)
    assert sum(one.n_received for one in table.arrivals) <= table.funnel.opened
    assert form(name).instrument in name


def test_a_clock_in_the_future_is_no_last_day():
    table = check(DIRTY / "student_googleforms.xlsx", "survey", "W0", "student").survey
    assert table is not None
    days = [one.last_day for one in table.arrivals if one.last_day]
    assert days
    assert max(days) < date(2026, 1, 1)

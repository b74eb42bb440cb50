"""Groups of an indicator: changes without a word, gaps with one."""

from types import SimpleNamespace
from typing import Any

import pytest

from indicators.presenters.groups import GroupTable, group_tables
from indicators.presenters.lines import scale_of
from indicators.results import GroupGap, GroupRow, Level, Move
from indicators.vocabulary import GapChange, Reason, Verdict
from tests.presenters.test_sentences import HEAD

NAMES = ("Baseline", "Endline")


def move(reason: Reason = Reason.EXPLORATORY, **more: Any) -> Move:
    return Move(
        n_baseline=100,
        n_endline=90,
        n_schools=9,
        verdict=Verdict.NOT_APPLICABLE,
        reason=reason,
        **{"difference": 0.12, "ci_low": -0.05, "ci_high": 0.29, **more},
    )


def row(group: str, change: Move | None) -> GroupRow:
    level = Level(n=100, n_schools=9, value=4.1)
    return GroupRow("sex", group, group.title(), level, level, change)


def gap(**more: Any) -> GroupGap:
    fields = {
        "group_by": "sex",
        "first_group": "girl",
        "second_group": "boy",
        "wave_id": 2,
        "n_first": 90,
        "n_second": 80,
        "value": -0.2,
        "p": 0.1,
        "ci_low": -0.4,
        "ci_high": 0.0,
        **more,
    }
    return GroupGap(**fields)


def table(*gaps: GroupGap, boys: Move | None = None) -> GroupTable:
    rows = (row("girl", move()), row("boy", boys or move()))
    waves = SimpleNamespace(baseline=SimpleNamespace(pk=1))
    sheet: Any = SimpleNamespace(groups=rows, gaps=gaps, waves=waves)
    [found] = group_tables(sheet, scale_of(HEAD), NAMES)
    return found


def test_a_change_of_a_group_has_its_range_and_no_word():
    found = table()
    assert [line.change.text for line in found.lines] == ["+0.12", "+0.12"]
    assert found.lines[0].range == "−0.05 to +0.29"
    assert (found.has_changes, found.has_bare_changes) == (True, False)


def test_a_change_without_a_range_is_said_to_be_bare():
    few = move(Reason.TOO_FEW_CLUSTERS, ci_low=None, ci_high=None)
    found = table(boys=few)
    assert found.has_bare_changes
    assert found.lines[1].range == ""


def test_groups_of_one_wave_have_no_column_of_changes():
    none = move(difference=None)
    rows = (row("girl", None), row("boy", none))
    sheet: Any = SimpleNamespace(groups=rows, gaps=(), waves=SimpleNamespace(baseline=None))
    [found] = group_tables(sheet, scale_of(HEAD), NAMES)
    assert (found.has_changes, found.has_bare_changes) == (False, False)


@pytest.mark.parametrize("language", ["en", "ru", "ky"], indirect=True)
@pytest.mark.parametrize("word", GapChange)
def test_every_word_for_a_gap_is_a_sentence(language, word):
    level, change = table(
        gap(change=0.15, change_low=0.02, change_high=0.28, change_word=word)
    ).gaps
    assert "Girl" in level
    assert "0.15" in change or "0,15" in change
    assert "%(" not in level + change


def test_a_gap_outside_the_register_moves_without_a_word():
    _, change = table(
        gap(change=0.15, change_low=0.02, change_high=0.28, change_reason=Reason.EXPLORATORY)
    ).gaps
    assert change.startswith("The gap moved by +0.15")


def test_a_gap_that_cannot_be_judged_says_why():
    _, change = table(gap(change=0.15, change_reason=Reason.TOO_FEW_CLUSTERS)).gaps
    assert change.startswith("The gap moved by +0.15")
    assert "schools" in change
    [only] = table(gap(value=None, reason=Reason.NOT_IN_BOTH_WAVES)).gaps
    assert only.startswith("Endline: ")


def test_the_gap_of_the_baseline_names_its_wave():
    [level] = table(gap(wave_id=1)).gaps
    assert level.startswith("Baseline, Girl minus Boy: −0.20")

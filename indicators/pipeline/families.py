"""Judged together: tests of one family share their chance of error (method section 12).

Headline indicators by Holm, the other indicators of a questionnaire and the schools of an indicator
by Benjamini-Hochberg. The adjusted p decides the word; the interval stays the unadjusted 95 % one.
A measure outside the register is exploratory: its numbers stay, it gets no word.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from indicators.pipeline.change_rows import result_of
from indicators.pipeline.distribution import deciding_p, in_one_direction
from indicators.pipeline.inputs import Rules
from indicators.pipeline.outcomes import ChangeRow, GapRow
from indicators.stats.families import benjamini_hochberg, holm
from indicators.stats.survey import METHOD as SAMPLE
from indicators.stats.verdict import verdict_change
from indicators.vocabulary import Family, GapChange, Reason, Scope, Verdict, moved_gap

NO_WORD = frozenset({Verdict.NOT_COMPARABLE, Verdict.NOT_APPLICABLE})
METHODS = {
    Family.HEADLINE: holm,
    Family.QUESTIONNAIRE: benjamini_hochberg,
    Family.SCHOOLS: benjamini_hochberg,
}


def judge_families(
    changes: Sequence[ChangeRow],
    *,
    headline: frozenset[str],
    questionnaires: Mapping[str, str],
    rules: Rules,
) -> list[ChangeRow]:
    """The changes with adjusted p values and the words that follow.

    `headline`: codes of the measures of headline indicators; `questionnaires`: code of every
    measure in the register -> its questionnaire. Rows that were refused a test are returned as they
    are and belong to no family.
    """
    judged = list(changes)
    families: dict[tuple[Family, str, str, str], list[int]] = defaultdict(list)
    for position, row in enumerate(changes):
        if row.p is None or row.verdict in NO_WORD or row.scope is Scope.GROUP:
            continue
        if row.measure not in questionnaires:
            judged[position] = replace(
                row,
                verdict=Verdict.NOT_APPLICABLE,
                reason=Reason.EXPLORATORY,
                second_look=None,
            )
            continue
        families[_family(row, headline, questionnaires)].append(position)
    for (family, *_), positions in families.items():
        p_values = [deciding_p(changes[i]) for i in positions]
        adjusted = METHODS[family](np.array(p_values, dtype=np.float64))
        for position, p in zip(positions, adjusted, strict=True):
            judged[position] = _judged(changes[position], family, float(p), rules)
    return judged


def judge_gaps(
    gaps: Sequence[GapRow], *, questionnaires: Mapping[str, str], rules: Rules
) -> list[GapRow]:
    """The gaps between groups with the words for their changes.

    Family: the indicators of one grouping and pair of waves. Narrowed and widened compare the sizes
    of the gap; a gap that changed its sign turned round. Outside the register: numbers, no word.
    """
    judged = list(gaps)
    families: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    for position, row in enumerate(gaps):
        if row.change_p is None:
            continue
        if row.measure in questionnaires:
            families[row.group_by, row.wave_from, row.wave].append(position)
        else:
            judged[position] = replace(row, change_reason=Reason.EXPLORATORY)
    for positions in families.values():
        adjusted = benjamini_hochberg(
            np.array([gaps[i].change_p for i in positions], dtype=np.float64)
        )
        for position, p in zip(positions, adjusted, strict=True):
            row = gaps[position]
            moved = moved_gap(row.baseline or 0.0, row.endline or 0.0)
            word = moved if p < rules.alpha else GapChange.NO_CLEAR_CHANGE
            judged[position] = replace(row, change_p_adjusted=float(p), change_word=word)
    return judged


def _family(
    row: ChangeRow, headline: frozenset[str], questionnaires: Mapping[str, str]
) -> tuple[Family, str, str, str]:
    waves = (row.wave_from, row.wave_to)
    if row.scope is Scope.SCHOOL:
        return Family.SCHOOLS, row.measure, *waves
    if row.measure in headline:
        return Family.HEADLINE, "", *waves
    return Family.QUESTIONNAIRE, questionnaires[row.measure], *waves


def _judged(row: ChangeRow, family: Family, p_adjusted: float, rules: Rules) -> ChangeRow:
    is_school = row.scope is Scope.SCHOOL
    verdict, look = verdict_change(
        result_of(row),
        margin=row.margin or None,
        p_adjusted=p_adjusted,
        alpha=rules.alpha,
        second_p=None if is_school else row.p_sign_flip,
        n_schools=None if is_school or row.method == SAMPLE else row.n_schools,
    )
    judged = replace(
        row,
        p_adjusted=p_adjusted,
        family=family,
        verdict=verdict or row.verdict,
        second_look=row.second_look if is_school else look,
    )
    return in_one_direction(judged)

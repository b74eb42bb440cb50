"""Codes given to open answers -> shares of themes and the agreement of coders. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from indicators.pipeline.inputs import GivenCode, OpenQuestionSpec
from indicators.pipeline.outcomes import OpenQuestionRow, ThemeShareRow
from indicators.stats.agreement import Agreement, pooled_kappa, theme_kappas


def open_results(
    questions: Iterable[OpenQuestionSpec],
) -> tuple[list[OpenQuestionRow], list[ThemeShareRow]]:
    """Results of every open question and wave with a coding frame, in the order given."""
    heads: list[OpenQuestionRow] = []
    shares: list[ThemeShareRow] = []
    for question in questions:
        head, rows = coded_question(question)
        heads.append(head)
        shares.extend(rows)
    return heads, shares


def coded_question(question: OpenQuestionSpec) -> tuple[OpenQuestionRow, list[ThemeShareRow]]:
    """One question of one wave. The base of every share are the coded answers.

    An answer that was read and fits no theme is coded too. Where several people read an answer,
    the one counts who coded most of the question (then the smaller key); the next one is the
    second reading of the agreement. Shares are missing while nothing is coded.
    """
    ranked = by_answer(question.codes)
    counted = [codes[0].themes for codes in ranked.values()]
    double = [(codes[0], codes[1]) for codes in ranked.values() if len(codes) > 1]
    first = _matrix([one.themes for one, _ in double], question.themes)
    second = _matrix([two.themes for _, two in double], question.themes)
    pooled = pooled_kappa(first, second)
    n_with = Counter(theme for themes in counted for theme in themes)
    head = OpenQuestionRow(
        item=question.item,
        wave=question.wave,
        n_used=question.n_used,
        n_answers=question.n_answers,
        n_coded=len(counted),
        n_themed=sum(bool(themes) for themes in counted),
        n_coders=len({code.coder for code in question.codes}),
        n_double=len(double),
        agreement=pooled.agreement,
        kappa=pooled.kappa,
        kappa_low=pooled.low,
        kappa_high=pooled.high,
    )
    rows = [
        _share(question, theme, len(counted), n_with[theme], kappa)
        for theme, kappa in zip(question.themes, theme_kappas(first, second), strict=True)
    ]
    return head, rows


def by_answer(codes: Sequence[GivenCode]) -> Mapping[int, list[GivenCode]]:
    """Answer -> what was said about it, the coder who counts first."""
    n_by = Counter(code.coder for code in codes)
    found: dict[int, list[GivenCode]] = defaultdict(list)
    for code in sorted(codes, key=lambda one: (one.answer, -n_by[one.coder], one.coder)):
        found[code.answer].append(code)
    return found


def _matrix(given: Sequence[frozenset[str]], themes: Sequence[str]) -> np.ndarray:
    """(answers, themes): 1 where the answer was given the theme."""
    place = {theme: k for k, theme in enumerate(themes)}
    matrix = np.zeros((len(given), len(themes)))
    for row, names in enumerate(given):
        for name in names:
            matrix[row, place[name]] = 1.0
    return matrix


def _share(
    question: OpenQuestionSpec, theme: str, n: int, n_with: int, kappa: Agreement
) -> ThemeShareRow:
    return ThemeShareRow(
        item=question.item,
        theme=theme,
        wave=question.wave,
        n=n,
        n_with=n_with,
        share=n_with / n if n else None,
        n_double=kappa.n,
        agreement=kappa.agreement,
        kappa=kappa.kappa,
        kappa_low=kappa.low,
        kappa_high=kappa.high,
    )

"""Indicators of another project, to be chosen and looked at before they are copied."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from indicators.presenters.words import respondent_text
from indicators.vocabulary import CopyState, Language
from indicators.words import word


@dataclass(frozen=True, slots=True)
class CopyRow:
    code: str
    name: str
    source: str
    state: str
    word: str
    needs: str
    problems: tuple[str, ...]
    is_chosen: bool
    is_possible: bool


@dataclass(frozen=True, slots=True)
class CopyView:
    """`indices`, `measures`: what comes along; `questions`, `scales`: what is there already."""

    rows: tuple[CopyRow, ...]
    n_new: int
    n_same: int
    n_clashes: int
    indices: str
    measures: str
    questions: str
    scales: str
    mark: str


def copy_view(
    plan: Any, sentence: Callable[[Any], str], language: str, chosen: Collection[str] | None
) -> CopyView:
    """`plan`: a CopyPlan; `sentence`: of a problem. `chosen`: None for everything possible."""
    new = plan.of(CopyState.NEW)
    return CopyView(
        rows=tuple(_row(one, sentence, language, chosen) for one in plan.indicators),
        n_new=len(new),
        n_same=len(plan.of(CopyState.SAME)),
        n_clashes=len(plan.of(CopyState.CLASH)),
        indices=", ".join(one.code for one in plan.indices),
        measures=", ".join(plan.measures),
        questions=", ".join(dict.fromkeys(name for one in new for _where, name in one.questions)),
        scales=", ".join(dict.fromkeys(scale for one in new for scale in one.scales)),
        mark=plan.mark,
    )


def _row(
    one: Any, sentence: Callable[[Any], str], language: str, chosen: Collection[str] | None
) -> CopyRow:
    definition, is_possible = one.definition, one.state is CopyState.NEW
    return CopyRow(
        code=definition.code,
        name=_in_language(definition.names, language),
        source=respondent_text(definition.respondent),
        state=one.state.value,
        word=str(word(one.state)),
        needs=", ".join(filter(None, (one.index, *(name for _where, name in one.questions)))),
        problems=tuple(sentence(problem) for problem in one.problems),
        is_chosen=is_possible and (chosen is None or definition.code in chosen),
        is_possible=is_possible,
    )


def _in_language(names: tuple[str, str, str], language: str) -> str:
    """The name in the reader's language, else ky, ru, en."""
    known = dict(zip(Language, names, strict=True))
    return next((text for text in (known.get(Language(language)), *names) if text), "")

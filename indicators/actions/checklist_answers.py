"""Answers typed into a checklist against the questions of its form."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from indicators.models import InstrumentVersion, ItemVersion
from indicators.vocabulary import ItemKind

MAX_TEXT = 5000


class AnswerProblem(StrEnum):
    UNKNOWN_ITEM = "unknown_item"
    UNKNOWN_CODE = "unknown_code"
    NOT_A_NUMBER = "not_a_number"
    NOT_A_DATE = "not_a_date"
    TOO_LONG = "too_long"


class BadAnswers(Exception):
    """Answers that do not fit the form, by item name."""

    def __init__(self, problems: Mapping[str, AnswerProblem]) -> None:
        super().__init__(", ".join(f"{name}: {why}" for name, why in problems.items()))
        self.problems = dict(problems)


@dataclass(frozen=True, slots=True)
class Question:
    kind: ItemKind
    codes: tuple[int, ...]


def clean_answers(
    version: InstrumentVersion, answers: Mapping[str, Any], comments: Mapping[str, str]
) -> tuple[dict[str, Any], dict[str, str]]:
    """Answers and comments as they are stored: empty ones left out, codes as whole numbers.

    Raises BadAnswers with every problem found.
    """
    questions = _questions(version)
    problems: dict[str, AnswerProblem] = {}
    kept: dict[str, Any] = {}
    for name, value in answers.items():
        if name not in questions:
            problems[name] = AnswerProblem.UNKNOWN_ITEM
        elif value not in (None, "", []):
            answer = _clean(questions[name], value)
            if isinstance(answer, AnswerProblem):
                problems[name] = answer
            else:
                kept[name] = answer
    for name, text in comments.items():
        if name not in questions:
            problems[name] = AnswerProblem.UNKNOWN_ITEM
        elif len(text) > MAX_TEXT:
            problems[name] = AnswerProblem.TOO_LONG
    if problems:
        raise BadAnswers(problems)
    return kept, {name: _plain(text) for name, text in comments.items() if _plain(text)}


def _questions(version: InstrumentVersion) -> dict[str, Question]:
    rows = ItemVersion.objects.filter(version=version).select_related("item__scale")
    return {
        row.item.name: Question(
            ItemKind(row.item.kind),
            tuple(option.code for option in row.item.scale.options.all()) if row.item.scale else (),
        )
        for row in rows.prefetch_related("item__scale__options")
    }


def _clean(question: Question, value: Any) -> Any:
    """The stored form of one answer, or what is wrong with it."""
    if question.kind is ItemKind.SCALE:
        return _code(question, value)
    if question.kind is ItemKind.MULTI:
        return _mask(question, value)
    if question.kind is ItemKind.NUMBER:
        return _number(value)
    if question.kind is ItemKind.DATE:
        return _date(value)
    if question.kind is ItemKind.TEXT:
        text = _plain(str(value))
        return text if len(text) <= MAX_TEXT else AnswerProblem.TOO_LONG
    return AnswerProblem.UNKNOWN_ITEM  # school and consent are not asked here


def _code(question: Question, value: Any) -> int | AnswerProblem:
    number = _number(value)
    return next((c for c in question.codes if c == number), AnswerProblem.UNKNOWN_CODE)


def _mask(question: Question, value: Any) -> int | AnswerProblem:
    """Bit i is set when option i of the scale is ticked, as in survey answers."""
    ticked = [_number(one) for one in value] if isinstance(value, list | tuple) else [None]
    if any(code not in question.codes for code in ticked):
        return AnswerProblem.UNKNOWN_CODE
    return sum(1 << place for place, code in enumerate(question.codes) if code in ticked)


def _number(value: Any) -> float | int | AnswerProblem:
    if isinstance(value, bool):
        return AnswerProblem.NOT_A_NUMBER
    try:
        number = float(str(value).strip().replace(" ", "").replace(",", "."))
    except ValueError:
        return AnswerProblem.NOT_A_NUMBER
    if not math.isfinite(number):
        return AnswerProblem.NOT_A_NUMBER
    return int(number) if number.is_integer() else number


def _date(value: Any) -> str | AnswerProblem:
    try:
        return date.fromisoformat(str(value).strip()).isoformat()
    except ValueError:
        return AnswerProblem.NOT_A_DATE


def _plain(text: str) -> str:
    """Without outer spaces and zero bytes, which PostgreSQL cannot store."""
    return text.replace("\x00", "").strip()

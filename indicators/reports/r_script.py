"""`reproduce.R`: the definitions of one stored number and the calls that repeat it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.utils import translation

from indicators.models import Change, Estimate, Gap
from indicators.queries.answer_tables import school_of, waves_of
from indicators.reports.r_change import change_lines
from indicators.reports.r_stored import has_range, stored_numbers
from indicators.reports.r_values import r_call, r_comment, r_text, r_value, r_vector
from indicators.vocabulary import MeasureKind, Reason, Scope
from indicators.words import word

if TYPE_CHECKING:
    from indicators.pipeline.shapes import MeasureSpec
    from indicators.queries.reproduction import Reproduction

LEVELS = {
    "taylor": "level_of_mean(answers)",
    "korn_graubard": "level_of_share(answers)",
    "t": "level_of_school_mean(answers)",
    "wilson": "level_of_school_share(answers)",
}
TABLES = ("first", "second")  # the two questionnaires of a gap between them


def function_files(found: Reproduction) -> tuple[str, ...]:
    """The files of functions that the script of this number needs, in the order of reading."""
    row = found.row
    if getattr(row, "scope", "") == Scope.SCHOOL:
        return "basics.R", "scores.R", "school.R"
    is_level = isinstance(row, Estimate) and found.gap is None
    return "basics.R", "scores.R", "levels.R" if is_level else "differences.R"


def table_files(found: Reproduction) -> tuple[str, ...]:
    if len(found.tables) == 1:
        return ("answers.csv",)
    return tuple(f"answers_{name}.csv" for name in TABLES)


def reproduce_r(found: Reproduction) -> str:
    is_level = isinstance(found.row, Estimate) and found.gap is None
    lines = [
        *_head(found),
        *(f"source({r_text(name)})" for name in function_files(found)),
        "",
        *_answers(found),
        "",
        *(_level_lines(found) if is_level else change_lines(found)),
        "",
        *_refusal(found),
        *_stored(found),
    ]
    return "\n".join(lines) + "\n"


def _head(found: Reproduction) -> Iterable[str]:
    row = found.row
    parts = [f"{type(row).__name__} of {row.measure.code}", " to ".join(waves_of(row))]
    if isinstance(row, Gap):
        parts.append(f"{row.group_by} {row.first_group} minus {row.second_group}")
    elif isinstance(row, Estimate) and row.group_by:
        parts.append(f"{row.group_by} {row.group}")
    parts += filter(None, [school_of(row)])
    yield r_comment(f"{', '.join(parts)}. Calculation {row.run_id}.")
    yield r_comment("Run in this folder: Rscript reproduce.R")
    yield ""


def _answers(found: Reproduction) -> Iterable[str]:
    """Read and score; a gap of two questionnaires puts both tables under each other."""
    yield r_comment("The answers, and y: the value of every person.")
    if isinstance(found.row, Change) and found.row.is_on_common_items:
        yield r_comment("Compared on the questions that were worded alike in all waves.")
    files = table_files(found)
    names = ("answers",) if len(files) == 1 else TABLES
    for name, file, spec, items in zip(names, files, found.measures, found.items, strict=True):
        yield f"{name} <- read_answers({r_text(file)})"
        yield f"{name}$y <- {score_call(spec, items, name)}"
        if len(files) > 1:
            yield f"{name}$side <- {r_text(name)}"
    if len(files) > 1:
        columns = r_vector(("school", "line", "wave", "y", "side"))
        yield f"columns <- {columns}"
        yield "answers <- rbind(first[columns], second[columns])"


def score_call(spec: MeasureSpec, items: tuple[str, ...], table: str) -> str:
    """The call of a function of scores.R."""
    no_answer = {"no_answer": r_vector(sorted(spec.unscored_codes))} if spec.unscored_codes else {}
    if spec.kind is MeasureKind.INDEX_MEAN:
        return _index_call(spec, items, table, no_answer)
    item = r_text(items[0])
    if spec.kind is MeasureKind.ITEM_MEAN:
        return r_call("score_mean", table, item, **no_answer)
    if spec.kind is MeasureKind.NPS:
        return r_call("score_recommend", table, item, **no_answer)
    if spec.kind is MeasureKind.OPTION_SHARE:
        return r_call("score_option", table, item)
    return r_call("score_share", table, item, chosen=r_vector(sorted(spec.codes)))


def _index_call(
    spec: MeasureSpec, items: tuple[str, ...], table: str, no_answer: dict[str, str]
) -> str:
    common = {"items": r_vector(items), "min_share": r_value(spec.min_share)}
    if spec.positive_codes:
        positive = r_vector(sorted(spec.positive_codes))
        return r_call("score_index_percent", table, **common, positive=positive)
    low, high = spec.scale or (0.0, 0.0)
    reversed_items = [name for name in items if name in spec.reversed_items]
    return r_call(
        "score_index_mean",
        table,
        **common,
        low=r_value(low),
        high=r_value(high),
        **({"reversed": r_vector(reversed_items)} if reversed_items else {}),
        **no_answer,
    )


def _level_lines(found: Reproduction) -> Iterable[str]:
    row = found.row
    assert isinstance(row, Estimate)  # noqa: S101  # chosen by the caller; narrows the type
    if found.group is not None:
        yield r_comment("Only the group: the others count as people without a value.")
        yield f"answers$y[!({_is_in_group(found, row.group)})] <- NA"
    is_count = found.measures[0].kind is MeasureKind.SCHOOLS_COUNT
    parts = [r_call("description", "answers", **({"as_count": "TRUE"} if is_count else {}))]
    if row.counts:
        parts.append(f"distribution(answers[[{r_text('item.' + found.items[0][0])}]])")
    if has_range(found):
        parts.append(LEVELS[row.method])
    yield r_comment("The level.")
    yield f"own <- {r_call('c', *parts)}"
    if row.icc is not None:
        yield "own <- c(own, likeness(answers, own$se))"


def _is_in_group(found: Reproduction, key: str) -> str:
    group = found.group
    assert group is not None  # noqa: S101  # as above
    if not group.item:
        return f"answers[[{r_text('attribute.' + group.name)}]] %in% {r_text(key)}"
    codes = [code for code, name in group.codes.items() if name == key]
    return f"answers[[{r_text('item.' + group.item)}]] %in% {r_vector(codes)}"


def _refusal(found: Reproduction) -> Iterable[str]:
    """Why the run shows no range or no word."""
    reason = found.row.reason
    if not reason:
        return
    with translation.override("en"):
        text = str(word(Reason(reason)))
    yield f"cat(strwrap({r_text(text)}, 90), sep = {r_text(chr(10))})"


def _stored(found: Reproduction) -> Iterable[str]:
    yield r_comment("The numbers that the calculation stored, beside those of this script.")
    yield "stored <- list("
    rows = [f"  {name} = {r_value(value)}" for name, value in _quoted(found)]
    yield ",\n".join(rows)
    yield ")"
    yield "check(stored, own)"


def _quoted(found: Reproduction) -> Iterable[tuple[str, float | str]]:
    """Names such as count.-1 are no R names as they stand."""
    for name, value in stored_numbers(found).items():
        yield (name if name.replace("_", "").isalnum() else f"`{name}`"), value

"""`reproduce.R`: the definitions of one stored number and the calls that repeat it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.utils import translation

from indicators.models import Change, Estimate, Gap
from indicators.queries.answer_tables import school_of, waves_of
from indicators.reports.r_change import change_lines, class_lines, members
from indicators.reports.r_stored import has_range, stored_numbers
from indicators.reports.r_values import r_call, r_comment, r_text, r_value, r_vector
from indicators.vocabulary import MeasureKind, Reason, Scope
from indicators.words import word

if TYPE_CHECKING:
    from indicators.pipeline.shapes import MeasureSpec
    from indicators.queries.reproduction import Reproduction

LEVELS = {  # where everybody counts the same, and where answers are weighted
    "taylor": ("level_of_mean", "sample_level"),
    "taylor_design": ("level_of_mean", "sample_level"),
    "korn_graubard": ("level_of_share", "sample_share"),
    "t": ("level_of_school_mean", "weighted_school_mean"),
    "wilson": ("level_of_school_share", "weighted_school_share"),
}
TABLES = ("first", "second")  # the two questionnaires of a gap between them


def function_files(found: Reproduction) -> tuple[str, ...]:
    """The files of functions that the script of this number needs, in the order of reading."""
    row = found.row
    sample = ("sample.R",) if found.is_weighted else ()
    if getattr(row, "scope", "") == Scope.SCHOOL:
        return "basics.R", "scores.R", "school.R", *sample
    is_level = isinstance(row, Estimate) and found.gap is None
    if is_level:
        return "basics.R", "scores.R", *(sample or ("levels.R",))
    return "basics.R", "scores.R", "differences.R", *sample


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
    group = "" if isinstance(found.row, Gap) else found.row.group
    if group:
        yield r_comment("Only the group: the others count as people without a value.")
        yield f"answers$y[!({members(found, group)[0]} %in% {members(found, group)[1]})] <- NA"
    if len(files) > 1:
        design = (name for name in ("weight", "stratum") if name in found.tables[0].columns)
        columns = r_vector(("school", "line", "wave", "y", "side", *design))
        yield f"columns <- {columns}"
        yield "answers <- rbind(first[columns], second[columns])"
    if found.strata is not None:
        yield from _sample(found)


def _sample(found: Reproduction) -> Iterable[str]:
    """Strata after mergers; for a level the frame, for a difference those of the waves."""
    yield r_comment("The strata of the sample of schools.")
    yield 'strata <- read_strata("strata.csv")'
    yield "answers$stratum <- merged_stratum(answers$stratum, strata)"
    if isinstance(found.row, Estimate) and found.gap is None:
        yield "answers$frame <- frame_size(answers, strata)"
    elif len(waves_of(found.row)) > 1:
        yield "all_strata <- answers$stratum"
        yield "answers$stratum <- stratum_of_waves(answers)"


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
    is_count = found.measures[0].kind is MeasureKind.SCHOOLS_COUNT
    kind = "sample_" if found.is_weighted else ""
    as_count = {"as_count": "TRUE"} if is_count else {}
    parts = [r_call(f"{kind}description", "answers", **as_count)]
    if row.counts:
        codes = f"answers[[{r_text('item.' + found.items[0][0])}]]"
        parts.append(r_call(f"{kind}distribution", *(["answers"] if kind else []), codes))
    deff: dict[str, str] = {}
    if row.scope == Scope.SCHOOL and row.deff is not None:
        yield from class_lines(found, row.icc or 0.0)
        deff = {"deff": "deff"}
    if has_range(found):
        parts.append(r_call(LEVELS[row.method][found.is_weighted], "answers", **deff))
    yield r_comment("The level.")
    yield f"own <- {r_call('c', *parts)}"
    if deff:
        yield "own$deff <- deff"
    elif row.icc is not None:
        yield "own <- c(own, likeness(answers, own$se))"


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

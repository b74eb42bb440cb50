"""One indicator in full, ready to print."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext, ngettext

from indicators.presenters import charts, numbers, sentences
from indicators.presenters.answers import AnswersView, answers_view
from indicators.presenters.components import CompositionView, composition_view
from indicators.presenters.field_log import fieldwork_sentences
from indicators.presenters.gap_filter import BY_SEX, QUESTIONNAIRES
from indicators.presenters.groups import GroupTable, group_tables
from indicators.presenters.judged import judged_texts
from indicators.presenters.lines import (
    Cell,
    LineView,
    base_text,
    line_view,
    scale_of,
    target_text,
    wave_names,
)
from indicators.presenters.method.reasons import ReasonView, reason_views, sheet_reasons
from indicators.presenters.numbers import DASH, Scale
from indicators.presenters.quality import (
    QualityView,
    agreement_text,
    class_text,
    cluster_text,
    quality_view,
)
from indicators.presenters.school_filter import SchoolFilterView, school_filter_view
from indicators.presenters.words import (
    GROUP_WORDS,
    StatusView,
    method_text,
    reason_text,
    respondent_text,
    status_view,
    unit_text,
    verdict_view,
)
from indicators.vocabulary import BaselinePolicy, Direction, Level, MeasureKind, SecondLook
from indicators.words import word

if TYPE_CHECKING:
    from indicators.presenters.words import VerdictView
    from indicators.results import (
        IndicatorHead,
        Line,
        Quote,
        RunHead,
        SchoolFilter,
        SchoolRow,
        Sheet,
        Source,
        TargetRow,
    )
    from indicators.results import Level as WaveLevel

MEANS = frozenset({MeasureKind.INDEX_MEAN, MeasureKind.ITEM_MEAN})


@dataclass(frozen=True, slots=True)
class Term:
    """One row of a list of terms."""

    term: str
    text: str


@dataclass(frozen=True, slots=True)
class SchoolLine:
    code: str
    name: str
    baseline: str
    endline: str
    change: Cell
    range: str
    verdict: VerdictView
    n: str
    chart: charts.Chart | None


@dataclass(frozen=True, slots=True)
class TargetLine:
    wave: str
    target: str
    status: StatusView
    value: str
    more: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SheetView:
    line: LineView
    finding: str
    chart: charts.Chart | None
    unit: str
    baseline: str
    endline: str
    n_baseline: str
    n_endline: str
    range_baseline: str
    range_endline: str
    reference: tuple[Term, ...]
    second_look: tuple[str, ...]
    judged: tuple[str, ...]
    panel: tuple[str, ...]
    answers: tuple[AnswersView, ...]
    has_patterns: bool
    quality: QualityView | None
    composition: CompositionView | None
    groups: tuple[GroupTable, ...]
    gap_kind: str
    schools: tuple[SchoolLine, ...]
    has_schools: bool
    filter: SchoolFilterView
    class_note: str
    page: int
    next_page: int | None
    previous_page: int | None
    targets: tuple[TargetLine, ...]
    quotes: tuple[Quote, ...]
    caveats: tuple[str, ...]
    reasons: tuple[ReasonView, ...]
    explain: tuple[Term, ...]
    sources: tuple[Source, ...]


def sheet_view(sheet: Sheet, run: RunHead, wanted: SchoolFilter) -> SheetView:
    line, indicator = sheet.line, sheet.line.indicator
    scale = scale_of(indicator)
    names = wave_names(sheet.waves)
    change = line.change
    reasons = reason_views(sheet_reasons(sheet))
    told = {reason.sentence for reason in reasons}
    caveats = (
        *sentences.caveats(line, indicator.respondent),
        *sheet.reference.limits,
        *fieldwork_sentences(sheet.reference.fieldwork),
    )
    reach = charts.reach_of((row.change for row in sheet.schools), change)
    return SheetView(
        line=line_view(line),
        finding=sentences.finding(line, scale),
        chart=charts.axis_chart(line, scale, names, indicator.name),
        unit=unit_text(indicator.unit),
        baseline=names[0],
        endline=names[1],
        n_baseline=base_text(line.baseline),
        n_endline=base_text(line.endline),
        range_baseline=_range(line.baseline, scale),
        range_endline=_range(line.endline, scale),
        reference=_reference(sheet),
        second_look=_second_look(sheet, scale),
        judged=_judged(sheet, scale, names),
        panel=_panel(sheet, scale),
        answers=tuple(answers_view(row, names) for row in sheet.answers),
        has_patterns=any(row.test and row.test.p is not None for row in sheet.answers),
        quality=quality_view(sheet.quality, names, scale),
        composition=composition_view(sheet.composition, names),
        groups=group_tables(sheet, scale, names),
        gap_kind=_gap_kind(indicator),
        schools=tuple(_school(row, sheet, scale, reach) for row in sheet.schools),
        has_schools=bool(sheet.schools) or sheet.page > 1 or wanted.is_active,
        filter=school_filter_view(sheet.choices, wanted),
        class_note=class_text(change),
        page=sheet.page,
        next_page=sheet.page + 1 if sheet.has_next_page else None,
        previous_page=sheet.page - 1 if sheet.page > 1 else None,
        targets=tuple(_target(row, scale) for row in sheet.targets),
        quotes=sheet.quotes,
        caveats=tuple(text for text in caveats if text not in told),
        reasons=reasons,
        explain=_explain(sheet, run),
        sources=sheet.sources,
    )


def _gap_kind(indicator: IndicatorHead) -> str:
    """Where an indicator that is a gap itself stands among the gaps; empty for others."""
    kinds = {MeasureKind.INSTRUMENT_GAP: QUESTIONNAIRES, MeasureKind.GROUP_GAP: BY_SEX}
    return kinds.get(MeasureKind(indicator.kind), "")


def _range(level: WaveLevel | None, scale: Scale) -> str:
    return scale.interval(level.ci_low, level.ci_high) if level else ""


def _reference(sheet: Sheet) -> tuple[Term, ...]:
    reference, indicator = sheet.reference, sheet.line.indicator
    rows = (
        (gettext("Definition"), reference.definition),
        (gettext("Unit"), unit_text(indicator.unit)),
        (gettext("Computed as"), str(word(MeasureKind(reference.kind)))),
        (gettext("Source"), respondent_text(indicator.respondent)),
        (gettext("Level"), str(word(Level(reference.level)))),
        (gettext("Which way is better"), str(word(Direction(indicator.direction)))),
        (gettext("Baseline"), str(word(BaselinePolicy(reference.baseline_policy)))),
        (
            gettext("Broken down by"),
            ", ".join(str(GROUP_WORDS.get(name, name)) for name in reference.disaggregation),
        ),
        (gettext("Responsible"), reference.responsible),
        (gettext("How often"), frequency_text(reference.frequency)),
    )
    return tuple(Term(term, text) for term, text in rows if text)


def frequency_text(frequency: str) -> str:
    texts = {
        "per wave": gettext("in every wave"),
        "yearly": gettext("every year"),
        "quarterly": gettext("every quarter"),
    }
    return texts.get(frequency, frequency)


def _second_look(sheet: Sheet, scale: Scale) -> tuple[str, ...]:
    """What the schools say one by one; empty where nothing was tested."""
    change = sheet.line.change
    if change is None or change.n_up is None or change.n_down is None:
        return ()
    texts = [
        gettext("%(up)s schools went up and %(down)s down, of %(all)s in both waves.")
        % {
            "up": numbers.whole(change.n_up),
            "down": numbers.whole(change.n_down),
            "all": numbers.whole(change.n_schools),
        }
    ]
    if change.school_difference is not None:
        texts.append(
            gettext("With every school counting the same: %(change)s (%(range)s).")
            % {
                "change": scale.difference(change.school_difference),
                "range": scale.interval(change.school_ci_low, change.school_ci_high, is_change=True)
                or DASH,
            }
        )
    if change.second_look in (SecondLook.CONFIRMED, SecondLook.DEPENDS_ON_LARGE_SCHOOLS):
        texts.append(
            gettext("Result: %(result)s (sign-flip p %(p)s).")
            % {
                "result": word(SecondLook(change.second_look)),
                "p": numbers.p_text(change.p_sign_flip),
            }
        )
    return tuple(texts)


def _judged(sheet: Sheet, scale: Scale, names: tuple[str, str]) -> tuple[str, ...]:
    """How the change was judged, and how alike the answers are that it rests on."""
    line = sheet.line
    texts = judged_texts(line.change, scale)
    if not texts:
        return ()
    more = (
        agreement_text(line.change, [row.test for row in sheet.answers]),
        cluster_text(line.baseline, line.endline, names),
    )
    return (*texts, *filter(None, more))


def _panel(sheet: Sheet, scale: Scale) -> tuple[str, ...]:
    """The schools of both waves beside all schools, and who came or went."""
    change = sheet.line.change
    if change is None or change.difference is None:
        return ()
    texts = []
    if change.all_difference is not None:
        texts.append(
            gettext("Schools in both waves: %(panel)s. All schools: %(all)s.")
            % {
                "panel": scale.difference(change.difference),
                "all": scale.difference(change.all_difference),
            }
        )
    if change.schools_left:
        texts.append(
            gettext("Only in the first wave: %(codes)s.")
            % {"codes": ", ".join(change.schools_left)}
        )
    if change.schools_joined:
        texts.append(
            gettext("Only in the second wave: %(codes)s.")
            % {"codes": ", ".join(change.schools_joined)}
        )
    return tuple(texts)


def _school(row: SchoolRow, sheet: Sheet, scale: Scale, reach: float | None) -> SchoolLine:
    change = row.change
    return SchoolLine(
        code=row.code,
        name=row.name,
        baseline=scale.value(change.baseline),
        endline=scale.value(change.endline),
        change=Cell(
            scale.difference(change.difference),
            "" if change.difference is not None else reason_text(change.reason),
        ),
        range=scale.interval(change.ci_low, change.ci_high, is_change=True),
        verdict=verdict_view(change.verdict, change.reason, sheet.line.indicator.direction),
        n=" / ".join(numbers.base(n, change.below) for n in (change.n_baseline, change.n_endline)),
        chart=charts.change_chart(change, sheet.line.change, scale, reach),
    )


def _target(row: TargetRow, scale: Scale) -> TargetLine:
    standing = row.standing
    more = []
    if standing.reached is not None:
        more.append(
            gettext("The value itself reached it.")
            if standing.reached
            else gettext("The value itself did not reach it.")
        )
    if standing.is_by_value_alone:
        more.append(gettext("Judged by the value alone: nothing was sampled."))
    elif standing.prob_met is not None:
        more.append(
            gettext("Probability of having reached it: about %(p)s.")
            % {"p": numbers.percent(standing.prob_met)}
        )
    if standing.share_closed is not None:
        more.append(
            gettext("%(share)s of the way from the baseline to the target; %(time)s of the time.")
            % {
                "share": numbers.percent(standing.share_closed),
                "time": numbers.percent(standing.share_elapsed),
            }
        )
    return TargetLine(
        wave=row.wave,
        target=target_text(standing, scale),
        status=status_view(standing.status),
        value=scale.value(standing.value),
        more=(*more, *([row.rationale] if row.rationale else [])),
    )


def _explain(sheet: Sheet, run: RunHead) -> tuple[Term, ...]:
    line = sheet.line
    methods = {level.method for level in (line.baseline, line.endline) if level}
    methods |= {line.change.method} if line.change else set()
    rows = (
        (gettext("Answers used"), f"{base_text(line.baseline)} / {base_text(line.endline)}"),
        (gettext("Standard deviation of the answers"), _spread(line)),
        (gettext("Schools"), _n_schools(line.indicator, sheet)),
        (gettext("Method"), "; ".join(method_text(m) for m in sorted(filter(None, methods)))),
        (gettext("Version of the definition"), str(sheet.version)),
        (gettext("Calculation"), f"№ {run.pk}"),
        (gettext("Fingerprint of all inputs"), run.input_sha256),
        *_records(sheet),
        (gettext("Software version"), run.code_version),
        (gettext("Started by"), run.started_by),
    )
    return tuple(Term(term, text) for term, text in rows if text)


def _spread(line: Line) -> str:
    """Of means of people's answers, both waves; a share says its own spread."""
    spreads = [level.sd if level else None for level in (line.baseline, line.endline)]
    if line.indicator.kind not in MEANS or not any(sd is not None for sd in spreads):
        return ""
    return " / ".join(numbers.fixed(sd, 2) for sd in spreads)


def _records(sheet: Sheet) -> list[tuple[str, str]]:
    records = sheet.records
    if records is None:
        return []
    if records.kind == "checklists":
        return [
            (gettext("Complete checklists, all waves"), numbers.whole(records.n)),
            (gettext("Fingerprint of the checklists"), records.sha256),
        ]
    return [(gettext("Fingerprint of the records"), records.sha256)]


def _n_schools(indicator: IndicatorHead, sheet: Sheet) -> str:
    sizes = [
        ngettext("%(n)s school", "%(n)s schools", level.n_schools)
        % {"n": numbers.whole(level.n_schools)}
        for level in (sheet.line.baseline, sheet.line.endline)
        if level and level.n_schools
    ]
    return " / ".join(sizes)

"""The inputs of a calculation in two parts: what definitions decide, and the data.

Two definitions of a measure are counted on the same data, which are read once and no further than
the measure needs.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from indicators.models import Checklist, Dataset, Instrument
from indicators.pipeline.inputs import AnswerSet, CalculationInputs
from indicators.queries.answer_sets import checklist_answers, selections, survey_answers
from indicators.queries.calculation import invited, project_rules, target_specs
from indicators.queries.counted_checklists import COUNTED_CHECKLISTS
from indicators.queries.facts import wave_facts
from indicators.queries.specs import (
    Catalogue,
    definitions,
    school_specs,
    stratum_specs,
    wave_specs,
)
from indicators.vocabulary import Respondent, UploadState

if TYPE_CHECKING:
    from indicators.models import Measure, Project
    from indicators.pipeline.shapes import IntArray

CHECKLIST_WEIGHS = 10  # a checklist or list of facts is read as text: slower than a row of codes


def definition_inputs(
    project: Project, measure: str, catalogue: Catalogue | None = None
) -> CalculationInputs:
    """One measure as it is defined now, and its targets; no data.

    Eleven queries, and none of them grows with the answers. `catalogue`: of the questions, which
    another definition leaves as they are.
    """
    found = definitions(project, measure, catalogue)
    return CalculationInputs(
        waves=wave_specs(project),
        schools={},
        measures=found.measures,
        gaps=found.gaps,
        facts=found.facts,
        wave_facts={},
        answers=(),
        targets=target_specs(project, measure),
        group_gaps=found.group_gaps,
        rules=project_rules(project),
        class_items=found.class_items,
        with_classes=found.with_classes,
        headline=found.headline,
        questionnaires=found.questionnaires,
    )


def with_data(
    project: Project, parts: Sequence[CalculationInputs]
) -> tuple[CalculationInputs, ...]:
    """The same definitions with the answers and facts that they need."""
    instruments, has_facts = _needs(parts)
    schools, ways = school_specs(project), selections(project)
    answers = survey_answers(project, ways, instruments)[0] if instruments else []
    if instruments & _checklists(project):
        sets = checklist_answers(project, ways)[0]
        answers += [one for one in sets if one.instrument in instruments]
    shared: dict[str, Any] = {
        "schools": schools,
        "wave_facts": wave_facts(project, schools) if has_facts else {},
        "answers": tuple(map(_remembering, answers)),
        "strata": stratum_specs(project),
        "invited": invited(project),
    }
    return tuple(replace(part, **shared) for part in parts)


def n_sheets(project: Project, measures: Sequence[Measure]) -> int:
    """How much counting these measures reads, in answer sheets. Four queries at most."""
    items = {key for one in measures for key in (one.item_id, one.second_item_id) if key}
    indices = {one.index_id for one in measures if one.index_id}
    asked = Q(items__in=items) | Q(indices__in=indices)
    instruments = set(
        Instrument.objects.filter(asked, project=project).values_list("code", flat=True)
    )
    accepted = Dataset.objects.filter(
        wave__project=project,
        upload__state=UploadState.ACCEPTED,
        version__instrument__code__in=instruments,
    )
    n = sum(accepted.values_list("n_used", flat=True))
    has_facts = any(not (one.item_id or one.index_id) for one in measures)
    if has_facts or instruments & _checklists(project):
        counted = Checklist.objects.filter(school__project=project, state__in=COUNTED_CHECKLISTS)
        n += CHECKLIST_WEIGHS * counted.count()
    return n


def _needs(parts: Sequence[CalculationInputs]) -> tuple[set[str], bool]:
    """The questionnaires that are read, and whether records are."""
    instruments = {spec.instrument for part in parts for spec in part.measures}
    return instruments, any(part.facts for part in parts)


def _checklists(project: Project) -> set[str]:
    """Questionnaires that may be filled in as checklists."""
    rows = Instrument.objects.filter(project=project, respondent=Respondent.DIRECTOR)
    return set(rows.values_list("code", flat=True))


def _remembering(answers: AnswerSet) -> AnswerSet:
    """The same answers; a column that one definition read is there for the next one."""
    held: dict[str, IntArray] = {}
    absent: set[str] = set()

    def load(names: Collection[str]) -> Mapping[str, IntArray]:
        missing = [name for name in names if name not in held and name not in absent]
        if missing:
            held.update(answers.load(missing))
            absent.update(name for name in missing if name not in held)
        return {name: held[name] for name in names if name in held}

    return replace(answers, load=load)

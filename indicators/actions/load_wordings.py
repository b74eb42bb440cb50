"""What the framework file says about reworded questions, stored as the first decision."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from indicators.actions.load_store import Store
from indicators.models import ItemVersion, WordingDecision
from indicators.pipeline.framework_shapes import ItemVersionDefinition
from indicators.pipeline.shapes import ProblemSpec
from indicators.vocabulary import Severity

Key = tuple[str, str, str]  # questionnaire, version, question


def store_wording_decisions(
    store: Store, questions: Mapping[Key, ItemVersion], asked: Iterable[ItemVersionDefinition]
) -> None:
    """A decision of a person stands above the file; a file that says something new adds a row."""
    said = {
        questions[one.instrument, one.version, one.item].pk: one
        for one in asked
        if one.is_comparable is not None
    }
    newest: dict[int, WordingDecision] = {}
    for row in WordingDecision.objects.filter(question__in=said).select_related("question"):
        newest[row.question_id] = row  # ordered: the last one is the newest
    for question, one in said.items():
        now, new = newest.get(question), (bool(one.is_comparable), one.note)
        if now is None or (now.is_from_file and (now.is_comparable, now.reason) != new):
            WordingDecision.objects.create(
                question_id=question, is_comparable=new[0], reason=new[1], is_from_file=True
            )
            store.created["WordingDecision"] += 1
        elif not now.is_from_file and now.is_comparable != new[0]:
            fields = {"fields": "comparable"}
            store.notices.append(
                ProblemSpec(
                    Severity.WARNING,
                    "edited_by_a_person",
                    value=one.name_in_version,
                    params=fields,
                )
            )
        else:
            store.unchanged["WordingDecision"] += 1

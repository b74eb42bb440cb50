"""Rows of the pipeline as rows of the database: codes become keys, nothing is recomputed."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, get_args

from indicators.actions.bulk import insert_rows
from indicators.models import (
    Assessment,
    Change,
    ConsistencyCheck,
    ConsistencyFinding,
    DistributionTest,
    Estimate,
    Gap,
    Measure,
    Reliability,
    Run,
    School,
    Target,
    Wave,
)
from indicators.pipeline.outcomes import (
    AssessmentRow,
    ChangeRow,
    DistributionRow,
    EstimateRow,
    FindingRow,
    GapRow,
    ReliabilityRow,
    Results,
)

# Fields of a row that are codes, or are stored in another form than they have in the pipeline.
TRANSLATED = frozenset(
    {
        "measure",
        "wave",
        "wave_from",
        "wave_to",
        "school",
        "target",
        "reason",
        "second_look",
        "schools_left",
        "schools_joined",
        "counts",
        "n_eff",
        "family",
        "flags",
        "change_reason",
        "change_word",
        "item_rest",
        "item_missing",
        "not_asked",
    }
)


def store_results(run: Run, results: Results) -> None:
    """Insert all results of a run. The caller holds the transaction."""
    keys = _Keys(run)
    insert_rows(Estimate, map(keys.estimate, results.estimates))
    insert_rows(Change, map(keys.change, results.changes))
    insert_rows(Gap, map(keys.gap, results.gaps))
    insert_rows(Reliability, map(keys.reliability, results.reliabilities))
    insert_rows(DistributionTest, map(keys.distribution, results.distributions))
    # A target removed while the calculation ran has no place to stand any more.
    known = (row for row in results.assessments if row.target in keys.targets)
    insert_rows(Assessment, map(keys.assessment, known))
    insert_rows(ConsistencyFinding, map(keys.finding, results.findings))
    ConsistencyCheck.objects.create(
        run=run, checked=dict(results.checked), n_findings=len(results.findings)
    )


class _Keys:
    """Codes to primary keys of one project, and the fields each row shares with its model."""

    def __init__(self, run: Run) -> None:
        project = run.project
        self.run_id = run.pk
        self.measures = dict(Measure.objects.filter(project=project).values_list("code", "pk"))
        self.waves = dict(Wave.objects.filter(project=project).values_list("code", "pk"))
        self.schools: dict[str, int | None] = {"": None}
        self.schools |= dict(School.objects.filter(project=project).values_list("code", "pk"))
        self.targets = Target.objects.filter(indicator__project=project).in_bulk()

    def estimate(self, row: EstimateRow) -> dict[str, Any]:
        return {
            "run_id": self.run_id,
            "measure_id": self.measures[row.measure],
            "wave_id": self.waves[row.wave],
            "school_id": self.schools[row.school],
            "counts": None if row.counts is None else dict(row.counts),
            "reason": row.reason or "",
            **_shared(row),
        }

    def change(self, row: ChangeRow) -> dict[str, Any]:
        return {
            "run_id": self.run_id,
            "measure_id": self.measures[row.measure],
            "wave_from_id": self.waves[row.wave_from],
            "wave_to_id": self.waves[row.wave_to],
            "school_id": self.schools[row.school],
            "schools_left": list(row.schools_left),
            "schools_joined": list(row.schools_joined),
            "second_look": row.second_look or "",
            "family": row.family or "",
            "flags": list(row.flags),
            "reason": row.reason or "",
            **_shared(row),
        }

    def gap(self, row: GapRow) -> dict[str, Any]:
        return {
            "run_id": self.run_id,
            "measure_id": self.measures[row.measure],
            "wave_id": self.waves[row.wave],
            "wave_from_id": self.waves[row.wave_from] if row.wave_from else None,
            "reason": row.reason or "",
            "change_reason": row.change_reason or "",
            "change_word": row.change_word or "",
            **_shared(row),
        }

    def reliability(self, row: ReliabilityRow) -> dict[str, Any]:
        return {
            "run_id": self.run_id,
            "measure_id": self.measures[row.measure],
            "wave_id": self.waves[row.wave],
            "item_rest": None if row.item_rest is None else dict(row.item_rest),
            "item_missing": dict(row.item_missing),
            "not_asked": list(row.not_asked),
            "flags": list(row.flags),
            "reason": row.reason or "",
            **_shared(row),
        }

    def distribution(self, row: DistributionRow) -> dict[str, Any]:
        return {
            "run_id": self.run_id,
            "measure_id": self.measures[row.measure],
            "wave_from_id": self.waves[row.wave_from],
            "wave_to_id": self.waves[row.wave_to],
            "reason": row.reason or "",
            **_shared(row),
        }

    def assessment(self, row: AssessmentRow) -> dict[str, Any]:
        target = self.targets[row.target]
        return {
            "run_id": self.run_id,
            "target_id": row.target,
            "target_type": target.type,
            "target_low": target.low,
            "target_high": target.high,
            "reason": row.reason or "",
            **_shared(row),
        }

    def finding(self, row: FindingRow) -> dict[str, Any]:
        return {
            "run_id": self.run_id,
            "measure_id": self.measures[row.measure],
            "wave_id": self.waves[row.wave],
            "school_id": self.schools[row.school],
            **_shared(row),
        }


Row = (
    EstimateRow | ChangeRow | GapRow | ReliabilityRow | DistributionRow | AssessmentRow | FindingRow
)

_SHARED = {
    row: tuple(field.name for field in fields(row) if field.name not in TRANSLATED)
    for row in get_args(Row)
}


def _shared(row: Row) -> dict[str, Any]:
    """The fields a row shares with its model by name."""
    return {name: getattr(row, name) for name in _SHARED[type(row)]}

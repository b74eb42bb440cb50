"""The register of the made-up project and what a page test may name."""

from __future__ import annotations

from dataclasses import dataclass

from indicators.models import Indicator, Project, Run, School, Upload, Wave
from indicators.vocabulary import Reason, Verdict


@dataclass
class World:
    """Everything a page test may want to name."""

    project: Project
    waves: tuple[Wave, Wave]
    run: Run
    schools: list[School]
    indicators: dict[str, Indicator]
    uploads: dict[str, Upload]

    def school(self, number: int) -> School:
        return self.schools[number - 1]


# code, name, kind, respondent, unit, direction, decimals, baseline, endline, verdict, reason
REGISTER = (
    ("S01", "School climate", "index", "student", "score 1-5", "increase", 2, 4.021, 4.184),
    (
        "S08",
        "Feeling safe",
        "share",
        "student",
        "% of answers",
        "increase",
        1,
        0.6,
        0.652,
    ),
    ("T03", "Self-rated competence", "item", "teacher", "score 1-5", "none", 2, 3.82, 3.69),
    ("P01", "Informed parents", "share", "parent", "% of answers", "none", 1, 0.717, 0.743),
    ("D04", "Schools with a computer class", "count", "director", "schools", "increase", 0, 15, 19),
    ("G01", "Gap in group work", "gap", "student+teacher", "times 0-3", "decrease", 2, 0.4, 0.2),
    ("C03", "Open lessons", "log", "cluster", "lessons", "increase", 0, 0, 61),
    ("X01", "ORT mean score", "desk", "desk", "ORT points", "none", 1, 112.4, 117.9),
    (
        "M01",
        "Annual report",
        "manual",
        "manual",
        "% of schools",
        "increase",
        1,
        0.13,
        0.4,
    ),
)
VERDICTS = {
    "S01": (Verdict.INCREASED, ""),
    "S08": (Verdict.NO_CLEAR_CHANGE, ""),
    "T03": (Verdict.DECREASED_SMALL, ""),
    "P01": (Verdict.NOT_APPLICABLE, Reason.SELF_SELECTED),
    "D04": (Verdict.NOT_APPLICABLE, Reason.CENSUS),
    "G01": (Verdict.NO_MEANINGFUL_CHANGE, ""),
    "C03": (Verdict.NOT_APPLICABLE, Reason.ZERO_BASELINE),
    "X01": (Verdict.NOT_APPLICABLE, Reason.NOT_A_SAMPLE),
    "M01": (Verdict.NOT_APPLICABLE, Reason.NOT_A_SAMPLE),
}
BASES = {"student": 40, "teacher": 11, "parent": 100, "director": 1}

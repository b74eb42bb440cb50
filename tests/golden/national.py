"""A national study made up by a seed: 180 schools of nine regions, weights, two waves.

The design is that of the readiness study: in every region twenty schools, drawn in town and village
apart, five teachers in each; 29 statements in five factors, answered agree, undecided or disagree.
The waves draw schools anew. Answers and schools are invented.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from openpyxl import Workbook

from indicators.pipeline.framework_indicators import INDICATOR_COLUMNS
from indicators.pipeline.framework_schools import REGISTER_COLUMNS

REGIONS = (
    *("batken", "jalal_abad", "issyk_kul", "naryn", "osh", "talas", "chui"),
    *("bishkek", "osh_city"),
)
SETTLEMENTS = ("urban", "rural")
LANGUAGES = ("ky", "ru", "uz", "tg")
WAVES = ("N1", "N2")
SCHOOLS_PER_REGION, TEACHERS = 20, 5
URBAN_SCHOOLS = 7
# Factor sizes are set here: the study does not print them.
FACTORS: Mapping[str, int] = {
    "online_course_skills": 8,
    "digital_communication": 6,
    "basic_computer": 6,
    "advanced_computer": 5,
    "lms": 4,
}
AGREE, UNDECIDED, DISAGREE = 1, 0, -1
OPTIONS = (("agree", AGREE), ("undecided", UNDECIDED), ("disagree", DISAGREE))
VERSION = "2025030101"
SHEET = list[Sequence[object]]


@dataclass(frozen=True)
class School:
    code: str
    region: str
    settlement: str
    language: str
    wave: str

    @property
    def stratum(self) -> str:
        return f"{self.region}-{self.settlement}"


@dataclass
class Study:
    """`rows[wave]`: one dict per respondent with school, weight and statements (None: missing)."""

    schools: list[School] = field(default_factory=list)
    frame: dict[str, int] = field(default_factory=dict)
    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def school(self, code: str) -> School:
        return next(one for one in self.schools if one.code == code)


def items() -> Iterator[tuple[str, str]]:
    """(factor, statement) of all 29."""
    for factor, size in FACTORS.items():
        for number in range(1, size + 1):
            yield factor, f"t_{factor}_{number}"


def draw_study(seed: int = 20250301) -> Study:
    rng = np.random.default_rng(seed)
    study = Study()
    for region in REGIONS:
        for settlement in SETTLEMENTS:
            study.frame[f"{region}-{settlement}"] = int(rng.integers(40, 220))
    for number, wave in enumerate(WAVES):
        study.rows[wave] = [
            person
            for region in REGIONS
            for place in range(SCHOOLS_PER_REGION)
            for person in _school(study, rng, wave, number, region, place)
        ]
    return study


def _school(
    study: Study, rng: np.random.Generator, wave: str, number: int, region: str, place: int
) -> Iterator[dict[str, Any]]:
    settlement = SETTLEMENTS[int(place >= URBAN_SCHOOLS)]
    language = LANGUAGES[int(rng.choice(4, p=[0.6, 0.2, 0.15, 0.05]))]
    code = f"{wave}-{len(study.schools) + 1:03d}"
    school = School(code, region, settlement, language, wave)
    study.schools.append(school)
    drawn = URBAN_SCHOOLS if settlement == "urban" else SCHOOLS_PER_REGION - URBAN_SCHOOLS
    level = rng.normal(0.4 + 0.25 * number, 0.5)
    staff = int(rng.integers(18, 90))
    for _ in range(TEACHERS):
        ability = level + rng.normal(0, 0.8)
        weight = study.frame[school.stratum] / drawn * staff / TEACHERS
        person: dict[str, Any] = {"school": code, "weight": round(weight, 4)}
        for factor, name in items():
            ease = 0.6 if factor == "basic_computer" else 0.0
            pull = ability + ease + rng.logistic()
            answer = AGREE if pull > 0.4 else UNDECIDED if pull > -0.4 else DISAGREE
            person[name] = None if rng.random() < 0.03 else answer
        yield person


def write_study(study: Study, folder: Path) -> dict[str, bytes]:
    """The project's folder, and the delivered file of each wave as CSV."""
    (folder / "register").mkdir(parents=True)
    (folder / "instruments").mkdir()
    (folder / "project.toml").write_text(
        'code = "national-study"\nreference_date = 2027-06-01\n\n[name]\n'
        'ky = "Улуттук изилдөө"\nru = "Национальное исследование"\nen = "National study"\n',
        encoding="utf-8",
    )
    _write(folder / "framework.xlsx", _framework())
    _write(folder / "register" / "schools.xlsx", _register(study))
    _write(folder / "instruments" / "teacher.xlsx", _form(study))
    return {wave: _delivered(rows) for wave, rows in study.rows.items()}


def _write(path: Path, sheets: Mapping[str, SHEET]) -> None:
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        page = book.create_sheet(name)
        for row in rows:
            page.append(list(row))
    book.save(path)


def _table(columns: Sequence[str], *rows: Mapping[str, object]) -> SHEET:
    return [columns, *([row.get(column) for column in columns] for row in rows)]


def _framework() -> dict[str, SHEET]:
    wave_columns = (
        *("code", "kind", "name_ky", "name_ru", "name_en", "field_start", "field_end"),
        *("school_year", "instrument_versions", "selections", "note"),
    )
    waves = [
        {
            "code": wave,
            "kind": kind,
            "name_en": wave,
            "school_year": f"{year}/{year + 1}",
            "field_start": f"{year}-03-01",
            "field_end": f"{year}-03-31",
            "instrument_versions": f"teacher {VERSION}",
            "selections": "teacher sample_schools_random_people",
        }
        for wave, kind, year in zip(WAVES, ("baseline", "endline"), (2025, 2027), strict=True)
    ]
    scale_columns = (
        *("scale", "name", "code", "label_ky", "label_ru", "label_en", "substantive", "note"),
    )
    options = [
        {"scale": "a_readiness_3", "name": name, "code": code, "label_en": name,
         "substantive": "yes"}
        for name, code in OPTIONS
    ]  # fmt: skip
    index_columns = (
        *("code", "instrument", "name_ky", "name_ru", "name_en", "items", "reverse_items"),
        *("statistic", "positive_codes", "scale_min", "scale_max", "min_answered_share"),
        *("rescale", "allowed", "note"),
    )
    whole = {"readiness": [name for _, name in items()]}
    parts = {code: [name for of, name in items() if of == code] for code in FACTORS}
    indices = [
        {"code": code, "instrument": "teacher", "name_en": code, "items": " ".join(names),
         "statistic": "percent_positive", "positive_codes": str(AGREE), "scale_min": 0,
         "scale_max": 100, "min_answered_share": 0.5, "allowed": "yes"}
        for code, names in {**whole, **parts}.items()
    ]  # fmt: skip
    indicators = [
        {"code": f"R{number:02d}", "name_en": index["code"], "definition_en": "percent positive",
         "level": "outcome", "source_type": "index", "instrument": "teacher",
         "items": index["code"], "statistic": "index_mean", "unit": "score 0-100",
         "direction": "increase", "disaggregation": "oblast;language;settlement",
         "responsible": "me_specialist", "frequency": "per wave", "baseline_policy": "measured",
         "decimals": 1, "descriptive_only": "no", "context_only": "no",
         "headline": "yes" if number == 0 else "no"}
        for number, index in enumerate(indices)
    ]  # fmt: skip
    columns = tuple(dict.fromkeys((*INDICATOR_COLUMNS, *indicators[0])))
    return {
        "waves": _table(wave_columns, *waves),
        "scales": _table(scale_columns, *options),
        "indices": _table(index_columns, *indices),
        "indicators": _table(columns, *indicators),
        "targets": _table(
            ("indicator", "scope", "school_code", "wave", "target_type", "target_value", "note"),
            {"indicator": "R00", "scope": "project", "wave": "N2", "target_type": "absolute",
             "target_value": 40, "note": "test"},
        ),
        "item_versions": _table(
            ("item", "instrument", "version", "name_in_version", "comparable", "note")
        ),
    }  # fmt: skip


def _register(study: Study) -> dict[str, SHEET]:
    code, ky, ru, en, oblast, settlement, _, languages = REGISTER_COLUMNS[:8]
    columns = (*REGISTER_COLUMNS, "stratum")
    rows = [
        {code: one.code, ky: f"Мектеп {one.code}", ru: f"Школа {one.code}",
         en: f"School {one.code}", oblast: one.region, settlement: one.settlement,
         languages: one.language, "stratum": one.stratum}
        for one in study.schools
    ]  # fmt: skip
    codes = [
        {"field": name, "code": value, "en": value}
        for name, values in (
            ("oblast", REGIONS),
            ("settlement", SETTLEMENTS),
            ("language", LANGUAGES),
            ("remoteness", ("near",)),
            ("role", ("comparison",)),
        )
        for value in values
    ]
    strata = [{"code": name, "n_schools": size} for name, size in study.frame.items()]
    return {
        "schools": _table(columns, *rows),
        "codes": _table(("field", "code", "ky", "ru", "en"), *codes),
        "strata": _table(("code", "n_schools", "merged_into"), *strata),
    }


def _form(study: Study) -> dict[str, SHEET]:
    label = "label::English (en)"
    questions = [
        {"type": "select_one school", "name": "school", label: "School", "required": "yes"},
        {"type": "decimal", "name": "weight", label: "Weight"},
        *(
            {"type": "select_one a_readiness_3", "name": name, label: f"Statement {name}"}
            for _, name in items()
        ),
    ]
    choices = [
        {"list_name": "school", "name": one.code.replace("-", "_").lower(),
         label: f"School {one.code}"}
        for one in study.schools
    ] + [
        {"list_name": "a_readiness_3", "name": name, label: name, "code": str(code)}
        for name, code in OPTIONS
    ]  # fmt: skip
    return {
        "survey": _table(("type", "name", label, "required"), *questions),
        "choices": _table(("list_name", "name", label, "code"), *choices),
        "settings": _table(
            ("form_title", "form_id", "version"),
            {"form_title": "Teachers", "form_id": "a_teacher", "version": VERSION},
        ),
    }


def _delivered(rows: Sequence[Mapping[str, Any]]) -> bytes:
    names = {code: name for name, code in OPTIONS}
    out = io.StringIO()
    table = csv.writer(out)
    statements = [name for _, name in items()]
    table.writerow(["school", "weight", *statements])
    for row in rows:
        answers = ["" if row[name] is None else names[row[name]] for name in statements]
        table.writerow([row["school"], row["weight"], *answers])
    return out.getvalue().encode()

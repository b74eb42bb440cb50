"""Contexts for reading the demo's files, built straight from its forms, without a database."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from indicators.pipeline.read import read_table
from indicators.pipeline.shapes import (
    CheckedFile,
    FormSpec,
    ImportContext,
    ItemSpec,
    Labels,
    OptionSpec,
    SchoolSpec,
    WaveSpec,
)
from indicators.pipeline.validate import validate
from indicators.vocabulary import FileKind, ItemKind, Respondent, Selection

ROOT = Path(__file__).resolve().parents[2]
DEMO = ROOT / "indicators" / "definitions" / "demo"
DIRTY = ROOT / "tests" / "golden" / "dirty"
TRUTH = ROOT / "tests" / "golden" / "truth"

WAVES = {
    "W0": WaveSpec("W0", 0, date(2025, 10, 6), date(2025, 11, 2)),
    "W1": WaveSpec("W1", 1, date(2027, 10, 4), date(2027, 10, 31)),
}
REFERENCE_DATE = date(2027, 12, 1)
SAME_ITEM = {"s_respect_everyone_v2": "s_respect_everyone"}
KINDS = {
    "select_one": ItemKind.SCALE,
    "select_multiple": ItemKind.MULTI,
    "text": ItemKind.TEXT,
    "date": ItemKind.DATE,
}

# file, kind, wave, form
CLEAN_SURVEYS = (
    ("baseline/student_googleforms.xlsx", "W0", "student"),
    ("baseline/student_googleforms_ru.csv", "W0", "student"),
    ("baseline/teacher_kobo.xlsx", "W0", "teacher"),
    ("baseline/parent_forms.csv", "W0", "parent"),
    ("endline/student_spss.sav", "W1", "student_v2_endline"),
    ("endline/teacher_kobo.csv", "W1", "teacher"),
    ("endline/parent_forms.xlsx", "W1", "parent"),
)


def rows_of(path: Path, sheet: str) -> list[dict[str, Any]]:
    rows = list(load_workbook(path)[sheet].iter_rows(values_only=True))
    names = [str(name) for name in rows[0]]
    return [dict(zip(names, row, strict=True)) for row in rows[1:] if any(row)]


def labels_of(row: Mapping[str, Any]) -> Labels:
    ky, ru, en = (
        str(row[f"label::{language}"] or "")
        for language in ("Кыргызча (ky)", "Русский (ru)", "English (en)")
    )
    return ky, ru, en


@cache
def form(name: str) -> FormSpec:
    """A questionnaire of the demo. Options without a code are numbered from 1."""
    path = DEMO / "instruments" / f"{name}.xlsx"
    respondent = Respondent(name.split("_")[0])
    options: dict[str, list[OptionSpec]] = {}
    for row in rows_of(path, "choices"):
        known = options.setdefault(row["list_name"], [])
        code = int(row["code"]) if row["code"] not in (None, "") else len(known) + 1
        known.append(OptionSpec(str(row["name"]), code, labels_of(row)))
    items, block, rule = [], "", ""
    for row in rows_of(path, "survey"):
        if row["type"] in ("begin_group", "end_group"):
            block, rule = row["name"] or "", row["relevant"] or ""
        elif row["type"].split()[0] in KINDS:
            rules = [f"({one})" for one in (rule, row["relevant"]) if one]
            items.append(
                replace(item(row, block, options, respondent), relevant=" and ".join(rules))
            )
    return FormSpec(respondent.value, "1", respondent, Selection.CENSUS, tuple(items))


def item(
    row: Mapping[str, Any],
    block: str,
    options: Mapping[str, list[OptionSpec]],
    respondent: Respondent,
) -> ItemSpec:
    word, _, scale = row["type"].partition(" ")
    kind = KINDS[word]
    if scale == "school":
        kind = ItemKind.SCHOOL
    elif scale.startswith("consent"):
        kind = ItemKind.CONSENT
    constraint = row["constraint"] or ""
    most = re.search(r"count-selected\(.\) <= (\d+)", constraint)
    alone = re.search(r"not\(selected\(\., '(\w+)'\) and count", constraint)
    return ItemSpec(
        name=SAME_ITEM.get(row["name"], row["name"]),
        file_name=row["name"],
        kind=kind,
        labels=labels_of(row),
        options=() if kind is ItemKind.SCHOOL else tuple(options.get(scale, ())),
        block=block,
        is_required=row["required"] == "yes",
        is_scored=kind is ItemKind.SCALE and respondent is Respondent.DIRECTOR,
        max_selected=int(most[1]) if most else None,
        exclusive_option=alone[1] if alone else "",
    )


@cache
def schools(wave: str) -> tuple[SchoolSpec, ...]:
    register = DEMO / "register" / "schools.xlsx"
    known = [
        SchoolSpec(
            row["Код"],
            (row["Мектептин аталышы (ky)"], row["Название школы (ru)"], row["School name (en)"]),
            row["Код"],
            n_students=row["Окуучулар, бардыгы"],
            n_teachers=row["Мугалимдер, бардыгы"],
        )
        for row in rows_of(register, "schools")
    ]
    if wave == "W1":
        known.append(SchoolSpec("IS-24", ("«Сары-Чабыт-Бирдик» орто мектеби",), "IS-09"))
    return tuple(known)


@cache
def regions() -> dict[str, str]:
    rows = rows_of(DEMO / "register" / "schools.xlsx", "codes")
    return {
        row[name]: row["code"]
        for row in rows
        if row["field"] == "oblast"
        for name in ("code", "ky", "ru", "en")
    }


def context(kind: str, wave: str, form_name: str = "", **changes: Any) -> ImportContext:
    fields: dict[str, Any] = {
        "form": form(form_name) if form_name else None,
        "indicator_codes": frozenset({"M01", "D02", "D07", "D08"}),
        "percent_indicators": frozenset({"M01"}),
        "wave_codes": frozenset(WAVES),
        "project_start": WAVES["W0"].field_start,
        "categories": {"oblast": regions()},
        **changes,
    }
    return ImportContext(FileKind(kind), WAVES[wave], REFERENCE_DATE, schools(wave), **fields)


def check(path: Path, kind: str, wave: str, form_name: str = "", **changes: Any) -> CheckedFile:
    raw = read_table(path.name, path.read_bytes())
    return validate(raw, context(kind, wave, form_name, **changes))


def check_text(text: str, kind: str, wave: str, form_name: str = "", **changes: Any) -> CheckedFile:
    raw = read_table("typed.csv", text.encode())
    return validate(raw, context(kind, wave, form_name, **changes))

"""Every planted problem of the dirty files by page, admin and command: found, or read as meant."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import transaction
from django.test import override_settings

from indicators.actions.table_rows import Tables
from indicators.models import Project
from indicators.pipeline.cells import moment_of
from indicators.pipeline.columns import find_header
from indicators.pipeline.headers import FormIndex
from indicators.pipeline.read import read_table
from indicators.pipeline.shapes import MISSING, CheckedFile
from indicators.vocabulary import RoleName
from tests.golden.dirty_doc import DOCUMENT, document
from tests.golden.dirty_doors import DOORS, Report, Said
from tests.golden.dirty_table import (
    ALARMS,
    COLUMNS,
    DISAGREED,
    FILES,
    KEY,
    QUIET,
    REPORTED,
    SAME,
    SUGGESTED,
    TAKEN,
    Read,
)
from tests.pipeline.import_cases import DIRTY, form, rows_of
from tests.resources.demo import load_demo, person

pytestmark = pytest.mark.django_db

BY_ID = {planted["id"]: planted for planted in KEY}


@pytest.fixture(scope="module")
def project(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Project]:
    settings = override_settings(MEDIA_ROOT=str(tmp_path_factory.mktemp("files")))
    with django_db_blocker.unblock(), settings, transaction.atomic(), patched():
        yield load_demo()
        transaction.set_rollback(True)


@contextmanager
def patched() -> Iterator[None]:
    """Without the work in the background that a door asks for."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("views.upload.go_on", "views.upload_content.go_on"):
            patch.setattr(f"indicators.{name}", lambda upload: None)
        for name in ("views.run.enqueue_calculation", "admin.files.enqueue_calculation"):
            patch.setattr(f"indicators.{name}", lambda run_id: None)
        yield


@pytest.fixture(scope="module")
def said(project: Project) -> dict[tuple[str, str], Said]:
    """What each door says about each file, every time as if it were the first."""
    officer = person("olga", project, RoleName.OFFICER)
    found = {}
    for door, load in DOORS.items():
        for name, how in FILES.items():
            with transaction.atomic():
                found[door, name] = load(project, officer, name, how)
                transaction.set_rollback(True)
    return found


def place(planted: dict[str, Any]) -> tuple[int | None, str]:
    column = COLUMNS.get(planted["id"], planted["column"] or "")
    return planted["row"], column.strip()


def is_at(report: Report, where: tuple[int | None, str]) -> bool:
    return (report.row, report.column.strip()) == where


def test_the_table_speaks_of_every_planted_problem():
    assert len(KEY) == 201
    assert sorted([*REPORTED, *QUIET]) == sorted(BY_ID)
    assert {planted["file"] for planted in KEY} == FILES.keys()


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("id", REPORTED)
def test_a_planted_problem_is_reported_where_it_stands(said, door, id):
    planted = BY_ID[id]
    reports = said[door, planted["file"]].reports
    here = [one for one in reports if is_at(one, place(planted))]
    kinds = [one.kind for one in here]
    assert set(REPORTED[id]) <= set(kinds), (place(planted), reports)
    found = next(one for one in here if one.kind == REPORTED[id][0])
    if found.sheet:
        assert found.sheet == planted["sheet"]
    assert found.suggestion == SUGGESTED.get(id, found.suggestion)
    if planted["expected_action"].startswith("suggest"):
        assert found.suggestion


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("name", FILES)
def test_nothing_else_is_reported(said, door, name):
    expected: Counter[tuple[str, int | None, str]] = Counter()
    for id, kinds in REPORTED.items():
        if BY_ID[id]["file"] == name:
            expected.update((kind, *place(BY_ID[id])) for kind in kinds)
    expected.update((one.kind, one.row, one.column) for one in ALARMS if one.file == name)
    found = Counter((one.kind, one.row, one.column.strip()) for one in said[door, name].reports)
    assert found == expected


@pytest.mark.parametrize("name", FILES)
def test_the_three_doors_say_and_store_the_same(said, name):
    page, admin, command = (said[door, name] for door in DOORS)
    assert page.reports == admin.reports == command.reports
    assert page.dataset == admin.dataset == command.dataset
    blocks = any(one.severity == "block" for one in page.reports)
    assert bool(page.dataset) is not blocks


@pytest.mark.parametrize("id", [*QUIET, *TAKEN])
def test_what_needs_no_report_is_read_as_meant(said, project, id):
    planted, read = BY_ID[id], QUIET.get(id) or TAKEN[id]
    checked = said["admin", planted["file"]].checked
    assert reading_of(read, planted, checked, project) == read.value


def reading_of(read: Read, planted: dict[str, Any], checked: CheckedFile, project: Project) -> Any:
    if read.how == "file":
        return fact(read.name, planted)
    if read.how == "column":
        return None if read.name in mapped(planted["file"], checked) else "not mapped"
    if read.how == "checklist":
        (row,) = checked.checklists
        return row.answers[read.name]
    if read.how == "desk":
        return desk_read(read, planted, checked)
    if read.how == "moment":
        moment = moment_of(planted["value"])
        return str(moment.at) if moment else None
    if read.how == "register":
        return school_read(project, planted["row"])[read.name]
    return answered(read, planted, checked)


def desk_read(read: Read, planted: dict[str, Any], checked: CheckedFile) -> Any:
    sheet = {"ЖРТ": "ort", "Олимпиада": "olympiad"}[planted["sheet"]]
    rows = [one for one in checked.records if one.table == sheet]
    if read.name == "first_row":
        return min(one.row for one in rows)
    cells = [one.values for one in rows if one.row == planted["row"]]
    if read.name == "period":
        (period,) = {one["period"] for one in cells}
        return period
    return next(one["value"] for one in cells if one["name"] == read.name)


def answered(read: Read, planted: dict[str, Any], checked: CheckedFile) -> Any:
    """A cell of an answer sheet; None for "used", "refused" and "nothing" when they are true."""
    table = checked.survey
    if table is None:
        return None if read.how == "nothing" else "no answers"
    rows = table.row_numbers.tolist()
    if read.how in ("nothing", "refused"):
        return None if planted["row"] not in rows else "taken for an answer sheet"
    row = rows.index(planted["row"])
    if read.how == "used":
        return None
    if read.how == "school":
        return table.school_codes[table.school_index[row]]
    if read.how == "text":
        return table.texts[read.name][row]
    code = int(table.columns[read.name][row])
    return None if code == MISSING else code


def mapped(name: str, checked: CheckedFile) -> set[str]:
    """Items with answers in a file: of a header that was not understood there are none."""
    table = checked.survey
    assert table is not None
    return {item for item, codes in table.columns.items() if (codes != MISSING).any()}


def fact(name: str, planted: dict[str, Any]) -> Any:
    raw = read_table(planted["file"], (DIRTY / planted["file"]).read_bytes())
    if name == "encoding":
        return raw.encoding
    if name == "first_header":
        return raw.tables[0].header[0]
    index = FormIndex(form(FILES[planted["file"]][2]), {})
    return find_header(raw.tables[0], index)[0].header_row


def school_read(project: Project, row: int) -> dict[str, Any]:
    """A row of the register through the table of schools, its own way in."""
    return Tables(project).school(rows_of(DIRTY / "schools.xlsx", "schools")[row - 2], row)


@pytest.mark.parametrize("id", [one["id"] for one in KEY if one["expected_value"] is not None])
def test_the_value_the_key_expects_is_the_one_we_read_or_propose(id):
    expected = str(BY_ID[id]["expected_value"])
    read = QUIET.get(id) or TAKEN.get(id)
    ours = {str(read.value), read.name} if read else set()
    assert expected in {*ours, SUGGESTED.get(id)} or id in SAME or id in DISAGREED


def test_the_document_says_what_the_table_says():
    assert DOCUMENT.read_text(encoding="utf-8") == document()


def test_codes_follow_the_labels_where_those_are_reversed(said):
    """P176: in this column of the .sav the number 1 is labelled “strongly agree”."""
    table = said["admin", "student_spss.sav"].checked.survey
    raw = read_table("a.sav", (DIRTY / "student_spss.sav").read_bytes()).tables[0]
    place = raw.header.index("s_like_coming")
    cells = dict(zip(raw.row_numbers, (row[place] for row in raw.rows), strict=True))
    pairs = zip(table.row_numbers.tolist(), table.columns["s_like_coming"].tolist(), strict=True)
    read = {(cells[row], code) for row, code in pairs if code != MISSING}
    assert read
    assert all(code == 6 - number for number, code in read)


def test_a_funnel_counts_those_who_refused(said):
    for name, n in (("student_googleforms.xlsx", 3), ("teacher_kobo.xlsx", 1)):
        funnel = said["admin", name].checked.survey.funnel
        assert funnel.opened - funnel.consented == n

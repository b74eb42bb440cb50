"""Every hostile file is refused by name within five seconds and 500 MB, and ends no process.

Each is read in a process of its own, which measures its time and the memory of itself and of the
processes it starts.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from indicators.pipeline.read import read_table
from tests.pipeline import hostile
from tests.pipeline.import_cases import DEMO, ROOT
from tests.pipeline.small_survey import check, column_of, found_in, table
from tests.pipeline.test_read import blocks, parts_of, sav, zipped
from tests.pipeline.test_read_formats import dta

SECONDS, MEGABYTES = 5.0, 500
MEASURE = """
import json, resource, sys, time
from pathlib import Path
resource.setrlimit(resource.RLIMIT_AS, (2 * 2**30, 2 * 2**30))
from indicators.pipeline.read import read_table
path = Path(sys.argv[1])
start = time.monotonic()
raw = read_table(path.name, path.read_bytes())
seconds = time.monotonic() - start
# The peak that the system remembers for a process begins with that of the one that started it.
own = Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0]
children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
print(json.dumps({
    "kinds": [p.kind for p in raw.problems if p.severity.value == "block"],
    "tables": len(raw.tables),
    "seconds": seconds,
    "megabytes": max(int(own), children) / 1024,
}))
"""
KOBO, SPSS = DEMO / "baseline" / "teacher_kobo.xlsx", DEMO / "endline" / "student_spss.sav"


def half(content: bytes) -> bytes:
    return content[: len(content) // 2]


def old_rows() -> bytes:
    return hostile.old_workbook(*[(row, column, 1.0) for row in range(99) for column in range(3)])


CASES: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "truncated workbook": ("a.xlsx", lambda: half(KOBO.read_bytes()), "broken_workbook"),
    "truncated old workbook": ("a.xls", lambda: half(old_rows()), "broken_workbook"),
    "truncated SPSS": ("a.sav", lambda: half(SPSS.read_bytes()), "broken_sav_file"),
    "truncated Stata": ("a.dta", lambda: half(dta({"q": [1.0] * 99})), "broken_dta_file"),
    "wrong extension": ("a.xlsx", lambda: b"a;b\n1;2", "file_type_mismatch"),
    "expansion bomb": ("a.xlsx", hostile.bomb, "workbook_too_large"),
    "bomb that lies": ("a.xlsx", hostile.bomb_that_lies, "workbook_too_large"),
    "entities": ("a.xlsx", hostile.entities, "workbook_unsafe"),
    "far cells": ("a.xlsx", hostile.far_cells, "workbook_too_large"),
    "very many parts": ("a.xlsx", lambda: hostile.archive(30_000), "broken_workbook"),
    "macros": (
        "a.xlsm",
        lambda: hostile.with_part("xl/vbaProject.bin", b"\x00"),
        "workbook_with_macros",
    ),
    "macros of old": (
        "a.xls",
        lambda: old_rows() + "_VBA_PROJECT_CUR".encode("utf-16-le"),
        "workbook_with_macros",
    ),
    "repeated cells": ("a.ods", hostile.open_document, "broken_workbook"),
    "more cells than memory": (
        "a.ods",
        lambda: hostile.open_document(1000, 10**6),
        "file_too_demanding",
    ),
    "a million columns": ("a.csv", lambda: b"a," * 10**6 + b"\n1", "too_many_columns"),
    "a million columns of a workbook": (
        "a.xlsx",
        lambda: hostile.sheet(
            "<row>" + "<c><v>1</v></c>" * 10**6 + "</row><row><c><v>1</v></c></row>"
        ),
        "too_many_columns",
    ),
    "only line ends": ("a.csv", lambda: b"a;b" + b"\n" * 50_000_000, "too_many_lines"),
    "a cell at the end of an old workbook": (
        "a.xls",
        lambda: hostile.old_workbook((0, 0, 1.0), (65_535, 65_535, 2.0)),
        "file_too_demanding",
    ),
    "wild Stata": ("a.dta", hostile.wild_dta, "broken_dta_file"),
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES)
def test_a_hostile_file_is_refused_by_name_in_time_and_memory(case: str, tmp_path: Path) -> None:
    name, content, kind = CASES[case]
    path = tmp_path / name
    path.write_bytes(content())
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, str(path)],
        cwd=ROOT, capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    found = json.loads(done.stdout)
    assert found["kinds"] == [kind]
    assert found["seconds"] < SECONDS
    assert found["megabytes"] < MEGABYTES


@pytest.mark.parametrize(("place", "number"), [(68, 2**31 - 1), (72, 99), (80, 2**31 - 1)])
def test_wild_numbers_in_the_header_of_spss_are_not_believed(place: int, number: int) -> None:
    raw = read_table("a.sav", hostile.wild_sav(place, number))
    assert raw.tables == read_table("a.sav", sav({"q": [1.0, 2.0], "s": ["x", "y"]})).tables


def test_an_old_workbook_is_read_apart_as_it_was_here() -> None:
    raw = read_table("a.xls", hostile.old_workbook((0, 0, 1.0), (1, 0, 2.5)))
    assert (raw.format, raw.problems) == ("xls", ())
    assert (raw.tables[0].header, raw.tables[0].rows) == (("1.0",), ((2.5,),))


def test_cells_that_an_open_document_repeats_are_read() -> None:
    raw = read_table("a.ods", hostile.open_document(3, 2))
    assert (raw.format, raw.problems) == ("ods", ())
    assert raw.tables[0].rows == (("x", "x"), ("x", "x"))


def test_what_takes_too_long_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("indicators.pipeline.read_apart.LEAST_SECONDS", 0.01)
    assert blocks(read_table("a.sav", SPSS.read_bytes())) == ["file_too_demanding"]


def test_a_workbook_with_a_hundred_times_more_room_than_cells_is_refused_and_a_wide_one_is_not():
    cells = "".join(hostile.text_cell(f"A{n}", "x") for n in range(2, 5))
    far = hostile.sheet(f'<row r="1">{cells}</row><row r="900000"><c r="C900000"/></row>')
    near = hostile.sheet(f'<row r="1">{cells}</row><row r="9000"><c r="CC9000"/></row>')
    assert blocks(read_table("a.xlsx", far)) == ["workbook_too_large"]
    assert blocks(read_table("a.xlsx", near)) == []


def test_a_part_packed_in_another_way_is_not_opened() -> None:
    import io
    import zipfile

    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_BZIP2) as archive:
        for name, data in parts_of(hostile.SMALL).items():
            archive.writestr(name, data)
    assert blocks(read_table("a.xlsx", content.getvalue())) == ["broken_workbook"]
    assert blocks(read_table("a.xlsx", zipped(parts_of(hostile.SMALL)))) == []


def test_cells_of_a_hundred_thousand_letters_are_listed_and_shortened() -> None:
    long = "я" * 100_000
    header = ["consent", "school", "age", "safe", "heard", "ways", "why"]
    checked = check(table(header, [["yes", "IS-01", long, long, "4", long, long]]))
    assert {(kind, column) for _, kind, _, column, _ in found_in(checked)} == {
        ("text_in_numeric", "age"),
        ("unknown_answer_label", "safe"),
        ("unknown_option_in_multi_select", "ways"),
        ("very_long_cell", "why"),
    }
    assert all(len(value) <= 200 for *_, value in found_in(checked))
    assert column_of(checked, "heard") == [4]
    assert checked.survey is not None
    assert len(checked.survey.texts["why"][0]) == 5_000

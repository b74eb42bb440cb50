"""The marked workbook: problems where they are, nothing run, and readable like the file itself."""

import io

import pytest
from openpyxl import load_workbook

from indicators.models import Problem
from indicators.pipeline.read import read_table
from indicators.pipeline.shapes import ProblemSpec, RawFile, RawTable
from indicators.pipeline.validate import validate
from indicators.reports import marked_workbook as module
from indicators.reports.marked_workbook import COLOURS, marked_workbook
from indicators.vocabulary import Severity
from tests.pipeline.import_cases import DIRTY, context
from tests.pipeline.test_validate_dirty import FILES

UNREADABLE = {"empty.csv", "header_only.csv", "renamed_text.xlsx"}
# A workbook holds the value of a formula, and has no rows of different length.
OF_THE_FORMAT = {
    *("formula_cell", "error_cell"),
    *("ragged_row_too_few_fields", "ragged_row_too_many_fields"),
}
TABLES = sorted(FILES.keys() - UNREADABLE)


def stored(spec: ProblemSpec) -> Problem:
    """The row that lists a problem, unsaved."""
    return Problem(
        severity=spec.severity,
        kind=spec.kind,
        sheet=spec.sheet,
        row=spec.row,
        column=spec.column,
        value=spec.value,
        suggestion=spec.suggestion,
        params=dict(spec.params),
    )


def blank_or(cell):
    return None if isinstance(cell, str) and not cell.strip() else cell


def small(*rows, header=("school", "answer")) -> RawFile:
    numbers = tuple(range(2, len(rows) + 2))
    return RawFile("x.csv", "csv", (RawTable("", header, 1, rows, numbers),))


def bad(row=2, column="answer", severity=Severity.ROW, **fields) -> Problem:
    kind = fields.pop("kind", "unknown_school")
    return Problem(severity=severity, kind=kind, row=row, column=column, **fields)


def opened(raw, *problems):
    return load_workbook(io.BytesIO(marked_workbook(raw, problems)))


@pytest.mark.parametrize("name", TABLES)
def test_a_marked_workbook_reads_like_its_file(name):
    """Every table cell by cell; so whatever was right in the file stays right."""
    raw = read_table(name, (DIRTY / name).read_bytes())
    found = [stored(spec) for spec in validate(raw, context(*FILES[name])).problems]
    again = read_table("marked.xlsx", marked_workbook(raw, found))
    assert len(again.tables) == len(raw.tables) + 1
    for one, other in zip(raw.tables, again.tables[1:], strict=True):
        assert [cell for cell in other.header if cell] == [cell for cell in one.header if cell]
        assert not any(blank_or(cell) for row in one.rows[len(other.rows) :] for cell in row)
        for before, after in zip(one.rows, other.rows, strict=False):
            assert list(map(blank_or, after[: len(before)])) == list(map(blank_or, before))


@pytest.mark.parametrize("name", [name for name in TABLES if not name.endswith(".sav")])
def test_every_problem_is_found_again_and_no_other(name):
    raw = read_table(name, (DIRTY / name).read_bytes())
    how = context(*FILES[name])
    first = validate(raw, how)
    again = validate(
        read_table("m.xlsx", marked_workbook(raw, [stored(p) for p in first.problems])), how
    )

    def key(problem):
        return (problem.severity, problem.kind, problem.row, problem.column, problem.value)

    before, after = {key(p) for p in first.problems}, {key(p) for p in again.problems}
    assert {one for one in before - after if one[1] not in OF_THE_FORMAT} == set()
    assert {one for one in after - before if one[1] != "column_without_header"} == set()


def test_a_bad_cell_is_coloured_and_says_why_and_what_instead():
    book = opened(small(("IS-1", 7)), bad(column="school", value="IS-1", suggestion="IS-01"))
    cell = book.worksheets[1]["A2"]
    assert cell.fill.start_color.rgb.endswith(COLOURS[Severity.ROW])
    assert "IS-01" in cell.comment.text
    assert book.worksheets[1]["B2"].comment is None


def test_the_heaviest_problem_gives_the_colour_and_all_are_told():
    book = opened(
        small(("IS-1", 7)),
        bad(severity=Severity.WARNING, kind="date_as_text"),
        bad(severity=Severity.BLOCK),
    )
    cell = book.worksheets[1]["B2"]
    assert cell.fill.start_color.rgb.endswith(COLOURS[Severity.BLOCK])
    assert len(cell.comment.text.splitlines()) == 2


def test_a_row_marks_its_first_cell_and_a_column_its_header():
    book = opened(small((None, 7)), bad(column=""), bad(row=None))
    sheet = book.worksheets[1]
    assert sheet["A2"].comment is not None
    assert sheet["B1"].comment is not None


def test_the_first_sheet_counts_by_kind_heaviest_first():
    book = opened(
        small((1, 2), (3, 4), (5, 6)),
        bad(2, severity=Severity.WARNING, kind="date_as_text"),
        *(bad(row) for row in (2, 3, 4)),
    )
    rows = list(book.worksheets[0].iter_rows(values_only=True))
    assert [row[2] for row in rows[1:3]] == [3, 1]
    assert [row[3] for row in rows[5:]] == [2, 3, 4, 2]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://x")'])
def test_nothing_is_run(text):
    content = marked_workbook(small((text, text)), [bad(value=text, suggestion=text)])
    book = load_workbook(io.BytesIO(content))
    for sheet in book.worksheets:
        assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    assert book.worksheets[1]["B2"].value == text
    assert book.worksheets[1]["B2"].quotePrefix


def test_a_large_table_keeps_its_bad_rows_and_says_what_is_left_out(monkeypatch):
    monkeypatch.setattr(module, "MOST_CELLS", 80)
    raw = small(*((f"IS-{n}", n) for n in range(1000)))
    book = opened(raw, bad(900), bad(901))
    rows = list(book.worksheets[1].iter_rows(values_only=True))
    assert len(rows) == 40
    assert ("IS-898", 898) in rows
    assert "961" in book.worksheets[0]["A1"].value


def test_two_sheets_never_share_a_name():
    table = RawTable("Problems", ("a",), 1, ((1,),), (2,))
    book = opened(RawFile("x", "xlsx", (table, table)))
    assert book.sheetnames == ["Problems 3", "Problems", "Problems 2"]
    assert "No problem" in book.worksheets[0]["A1"].value


def test_control_characters_and_other_types_do_not_stop_it():
    book = opened(small(("a\x00b", frozenset({1}))))
    assert [cell.value for cell in book.worksheets[1][2]] == ["ab", "frozenset({1})"]

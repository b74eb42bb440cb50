"""An export is read back as it was stored, also where words are not sure or would be run."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indicators.pipeline.export_files import write_file
from indicators.pipeline.export_table import export_columns
from indicators.pipeline.read import read_table
from indicators.pipeline.shapes import MISSING, Funnel, OptionSpec, SurveyTable
from indicators.pipeline.validate import validate
from indicators.vocabulary import ExportFormat, ItemKind
from tests.pipeline.small_survey import FORM, ITEMS, context, item

# The same word twice, a word that is run, one that is a number, "don't know", one too long.
ODD = (
    OptionSpec("a", 1, ("макул", "", "")),
    OptionSpec("b", 2, ("макул", "", "")),
    OptionSpec("c", 3, ("=1+1", "", "")),
    OptionSpec("5", 4, ("7", "", "")),
    OptionSpec("dk", 98, ("билбейм", "", ""), is_substantive=False),
    OptionSpec("long", 6, ("узун " * 40, "", "")),
)
WAYS = (
    OptionSpec("x", 1, ("бир, эки", "", "")),
    OptionSpec("y", 2, ("эки", "", "")),
    OptionSpec("other", 3, ("башка", "", "")),
)
HARD = replace(
    FORM,
    items=(
        *ITEMS[:4],
        item("odd", options=ODD),
        item("ways", ItemKind.MULTI, options=WAYS),
        item("ways_other", ItemKind.TEXT),
        item("why", ItemKind.TEXT),
        item("weight", ItemKind.WEIGHT),
    ),
)
ROWS = st.tuples(
    st.sampled_from([0, 1]),
    st.sampled_from([5, 15, 20, MISSING]),
    st.sampled_from([1, 2, 3, 4, 5]),
    st.sampled_from([1, 2, 3, 4, 98, 6, MISSING]),
    st.sampled_from([*range(1, 8), MISSING]),
    st.sampled_from(["", "=1+1", "-ооба", "'x", 'а;"б",\nв', "ñ ң ө", "@жок"]),
    st.floats(1e-7, 1000.0),
)


def stored(rows: list[tuple[int, int, int, int, int, str, float]]) -> SurveyTable:
    school, age, safe, odd, ways, why, weight = zip(*rows, strict=True)
    present, index = np.unique(np.array(school), return_inverse=True)
    columns = {"age": age, "safe": safe, "odd": odd, "ways": ways}
    return SurveyTable(
        school_codes=tuple(("IS-01", "IS-02")[place] for place in present),
        school_index=index.astype(np.int64),
        row_numbers=np.arange(len(rows), dtype=np.int64) + 2,
        columns={name: np.array(codes, dtype=np.int64) for name, codes in columns.items()},
        texts={"why": list(why), "ways_other": [""] * len(rows)},
        funnel=Funnel(*[len(rows)] * 4),
        weight=np.array(weight),
    )


@pytest.mark.slow
@settings(max_examples=12, deadline=None)
@given(st.lists(ROWS, min_size=1, max_size=6), st.sampled_from(ExportFormat), st.integers(0, 2))
def test_what_is_read_back_is_what_was_stored(rows, format, language):
    table = stored(rows)
    content = write_file(format, export_columns(HARD, table, language))
    checked = validate(read_table(f"a.{format}", content), context(form=HARD))
    again = checked.survey
    assert again is not None, checked.problems
    assert again.school_codes == table.school_codes
    assert again.school_index.tolist() == table.school_index.tolist()
    assert {name: codes.tolist() for name, codes in again.columns.items()} == {
        name: codes.tolist() for name, codes in table.columns.items()
    }
    assert again.texts["why"] == table.texts["why"]
    assert again.weight is not None
    assert again.weight.tolist() == table.weight.tolist()


def test_no_text_of_a_csv_or_workbook_is_run_as_a_formula() -> None:
    columns = export_columns(HARD, stored([(0, 15, 4, 3, 1, "=1+1", 1.0)]), 0)
    text = write_file(ExportFormat.CSV, columns).decode("utf-8-sig")
    assert "'=1+1" in text
    assert not any(cell.startswith("=") for line in text.splitlines() for cell in line.split(","))
    raw = read_table("a.xlsx", write_file(ExportFormat.XLSX, columns))
    assert "formula_cell" not in {problem.kind for problem in raw.problems}
    assert [table.sheet for table in raw.tables] == ["answers", "codebook"]


def test_spss_is_told_which_codes_are_no_answer() -> None:
    table = stored([(0, 15, 4, 98, 3, "", 1.0), (0, 15, 4, MISSING, MISSING, "", 1.0)])
    (sheet,) = read_table(
        "a.sav", write_file(ExportFormat.SAV, export_columns(HARD, table, 0))
    ).tables
    assert sheet.missing_codes["odd"] == {98.0, 99.0}
    assert sheet.value_labels["odd"][98.0] == "билбейм"
    place = sheet.header.index("ways__x")
    assert [row[place : place + 3] for row in sheet.rows] == [(1.0, 1.0, 0.0), (None, None, None)]


@pytest.mark.parametrize("name", ["1q", "q-1", "_q", "q" * 80])
def test_names_that_spss_does_not_allow_are_changed(name: str) -> None:
    form = replace(FORM, items=(*ITEMS[:3], replace(ITEMS[3], file_name=name)))
    columns = export_columns(form, stored([(0, 15, 4, 1, 1, "", 1.0)]), 0)
    (sheet,) = read_table("a.sav", write_file(ExportFormat.SAV, columns)).tables
    assert sheet.labels[sheet.header[-1]] == "Суроо safe"
    assert len(sheet.header[-1]) <= 64

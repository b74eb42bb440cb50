"""Small tables typed here: what is wrong with records, checklists and odd surveys."""

from dataclasses import replace

import pytest

from indicators.pipeline.read import read_table
from indicators.pipeline.shapes import CheckedFile
from indicators.pipeline.validate import validate
from indicators.vocabulary import Severity
from tests.pipeline.import_cases import check_text, context, form
from tests.pipeline.test_read import workbook, zipped

ORT = "Мектептин коду;Мектеп;Жыл;11-класстын окуучулары;ЖРТ тапшыргандар;ЖРТ орточо балл\n"
MANUAL = "indicator;wave;value;numerator;denominator;date;source;entered_by\n"
NOTES = "id;theme;quote;language;source;speaker;related_indicator\n"
CHANGES = "Эски код;Эски аталышы;change;Жаңы код;Жаңы аталышы;Күнү;enrolment_after\n"
EVENTS = "Мектептин коду;Күнү;Түрү (код);Катышкан кластердик мектептер\n"
PLANS = "Мектептин коду;Кластердик мектептердин саны;Кол коюлган план;Кол коюлган күн\n"


def found(checked: CheckedFile) -> list[tuple[str, str, int | None]]:
    return [(problem.severity.value, problem.kind, problem.row) for problem in checked.problems]


@pytest.mark.parametrize("kind", ["desk", "activity", "manual", "notes", "register"])
def test_a_table_of_another_kind_blocks(kind):
    assert ("block", "wrong_file_kind", None) in found(check_text("a;b\n1;2", kind, "W0"))


@pytest.mark.parametrize("kind", ["desk", "activity", "manual", "notes", "register"])
def test_a_file_that_could_not_be_read_is_not_judged_further(kind):
    assert found(check_text("", kind, "W0")) == [("block", "empty_file", None)]


def test_a_missing_column_of_a_table_blocks():
    checked = check_text("Код школы;Год;Средний балл ОРТ\nIS-01;2025;120", "desk", "W0")
    assert found(checked) == [("block", "missing_needed_column", 1)]


def test_columns_may_be_named_in_russian_and_english():
    russian = "Код школы;Школа;Год;Сдавшие ОРТ;Средний балл ОРТ\nIS-01;;2025;50;120,5"
    english = "School code;School;Year;ORT takers;ORT mean score\nIS-01;;2025;50;120.5"
    for text in (russian, english):
        checked = check_text(text, "desk", "W0")
        assert found(checked) == []
        assert [row.values["value"] for row in checked.records] == [50.0, 120.5]


def test_a_doubled_and_an_unknown_column():
    text = ORT.replace("\n", ";Жыл;Дагы\n") + "IS-01;;2025;100;50;120;2025;x"
    assert found(check_text(text, "desk", "W0")) == [
        ("block", "duplicate_header", 1),
        ("warning", "unknown_extra_column", 1),
    ]


@pytest.mark.parametrize(
    ("row", "kind", "severity"),
    [
        (";;2025;100;50;120", "missing_required_value", "row"),
        ("IS-99;;2025;100;50;120", "unknown_school", "block"),
        ("Таң Шоола;;2025;100;50;120", "school_written_differently", "warning"),
        ("Тан-Шола;;2025;100;50;120", "misspelt_school", "warning"),
        ("IS-01;«Көк-Мунара»;2025;100;50;120", "school_name_contradicts_code", "block"),
        ("IS-01;;;100;50;120", "missing_required_value", "row"),
        ("IS-01;;былтыр;100;50;120", "unclear_period", "row"),
        ("IS-01;;2025;100;50;жүз", "text_in_numeric", "cell"),
        ("IS-01;;2025;100;50;300", "out_of_range_value", "cell"),
    ],
)
def test_what_is_wrong_with_a_row_of_desk_data(row, kind, severity):
    assert found(check_text(ORT + row, "desk", "W0")) == [(severity, kind, 2)]


def test_the_header_is_the_row_that_names_most_columns():
    """A title may repeat two of the columns' names."""
    title = "Мектептин коду;ЖРТ орточо балл;;;;\n"
    for above in (title, title + title):
        checked = check_text(above + ORT + "IS-01;;2025;100;50;120", "desk", "W0")
        assert found(checked) == []
        assert [row.values["value"] for row in checked.records] == [100.0, 50.0, 120.0]
    below = "Мектептин коду;;Жыл;;;ЖРТ орточо балл\n"
    checked = check_text(ORT + below + "IS-01;;2025;100;50;120", "desk", "W0")
    assert {row.row for row in checked.records} == {3}
    assert ("block", "unknown_school", 2) in found(checked)


def test_a_column_without_a_header_is_mentioned_when_it_has_cells():
    text = ORT.replace("\n", ";;\n") + "IS-01;;2025;100;50;120;;унутулган"
    assert [(p.kind, p.value) for p in check_text(text, "desk", "W0").problems] == [
        ("column_without_header", "8")
    ]


def test_a_second_sheet_of_the_same_table_is_named():
    header = ORT.strip().split(";")
    rows = [header, ["IS-01", None, 2024, 90, 40, 110.0]]
    raw = read_table("desk.xlsx", workbook(rows, [header, ["IS-01", None, 2025, 100, 50, 120.0]]))
    checked = validate(raw, context("desk", "W0"))
    assert [(p.kind, p.value, p.params["n"]) for p in checked.problems] == [
        ("sheet_not_read", "sheet 1", "1")
    ]


def test_olympiads_of_one_year():
    header = "Мектептин коду;Окуу жылы;Баскыч;Катышкандар;Байгелүү орундар\n"
    rows = "IS-01;2024/2025;районный;5;1\nIS-01;2024-25;District;6;1\nIS-02;2024/26;облустук;5;1\n"
    more = "IS-02;2024/2025;ай;1;1\nIS-03;2024;облустук;1;1\n"
    checked = check_text(header + rows + more, "desk", "W0")
    assert found(checked) == [
        ("block", "duplicate_school_year", 3),
        ("row", "unclear_period", 4),
        ("block", "unknown_value", 5),
        ("row", "unclear_period", 6),
    ]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("M01;W0;13,0;3;23;2025-10-31;кат;о", []),
        ("M01;W0;13,0;3;23;2025-10-31;;о", [("warning", "document_missing", 2)]),
        ("M01;W0;20;3;23;2025-10-31;кат;о", [("warning", "value_differs_from_parts", 2)]),
        ("M01;W0;130;;;2025-10-31;кат;о", [("cell", "out_of_range_value", 2)]),
        ("M01;W0;;;;2025-10-31;кат;о", []),
        ("M99;W0;13;;;2025-10-31;кат;о", [("block", "unknown_indicator", 2)]),
        ("M01;W7;13;;;2025-10-31;кат;о", [("block", "unknown_wave", 2)]),
        (";W0;13;;;2025-10-31;кат;о", [("row", "missing_required_value", 2)]),
        ("M01;W0;13;;;2030-10-31;кат;о", [("warning", "date_in_future", 2)]),
        ("M01;W0;13;;;31.02.2025;кат;о", [("cell", "impossible_date", 2)]),
        ("D02;W0;13;;;14.10.25;кат;о", [("warning", "date_two_digit_year", 2)]),
    ],
)
def test_what_is_wrong_with_a_value_by_hand(row, expected):
    assert found(check_text(MANUAL + row, "manual", "W0")) == expected


def test_values_by_hand_stay_what_they_are_when_not_percent():
    checked = check_text(MANUAL + "D02;;13;;;;кат;о", "manual", "W0")
    assert found(checked) == []
    (row,) = checked.records
    assert (row.values["value"], row.values["wave"]) == (13.0, "W0")


@pytest.mark.parametrize("wave", ["W0", "w0", ""])
def test_a_value_by_hand_stands_once(wave):
    rows = f"M01;W0;13;;;;кат;о\nM01;{wave};14;;;;кат;о"
    assert found(check_text(MANUAL + rows, "manual", "W0")) == [("block", "duplicate_value", 3)]


def test_a_value_by_hand_of_no_wave_is_listed():
    raw = read_table("typed.csv", (MANUAL + "M01;;13;;;;кат;о").encode())
    checked = validate(raw, replace(context("manual", "W0"), wave=None))
    assert found(checked) == [("row", "missing_required_value", 2)]
    assert checked.records == ()


def test_what_is_wrong_with_notes():
    rows = "Q1;t;сөз;ky;FG1;d;D07\nQ1;t;сөз;ky;FG1;d;X99\nQ2;t;;ky;FG1;d;D07\n;t;сөз;ky;;;"
    checked = check_text(NOTES + rows, "notes", "W0")
    assert found(checked) == [
        ("block", "duplicate_code", 3),
        ("warning", "unknown_indicator", 3),
        ("row", "missing_required_value", 4),
        ("row", "missing_required_value", 5),
    ]
    assert [row.values["indicator"] for row in checked.records] == ["D07", ""]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("IS-09;«Сары-Чабыт»;merged_renamed;IS-24;x;2026-08-20;1020", []),
        ("IS-09;;merged_renamed;;x;2026-08-20;", [("block", "new_code_missing", 2)]),
        ("IS-09;;renamed;IS-08;x;2026-08-20;", [("block", "new_code_taken", 2)]),
        ("IS-09;;катышкан жок;;;2026-08-20;", []),
        ("IS-09;;exploded;;;2026-08-20;", [("block", "unknown_change", 2)]),
        ("IS-09;;absent;;;2030-08-20;", [("warning", "date_in_future", 2)]),
        ("IS-09;«Көк-Мунара»;absent;;;;", [("block", "school_name_contradicts_code", 2)]),
    ],
)
def test_what_is_wrong_with_a_change_of_the_register(row, expected):
    assert found(check_text(CHANGES + row, "register", "W0")) == expected


def test_a_school_changes_once_in_a_file():
    rows = "IS-09;;absent;;;;\nIS-09;;closed;;;;"
    assert ("block", "duplicate_school", 3) in found(check_text(CHANGES + rows, "register", "W0"))


def test_activities_and_plans():
    events = "IS-01;2026-03-05;Ачык сабак;3\nIS-01;2030-03-05;training;3\nIS-01;;training;3"
    checked = check_text(EVENTS + events, "activity", "W1")
    assert found(checked) == [("row", "date_in_future", 3), ("row", "missing_required_value", 4)]
    assert [row.values["kind"] for row in checked.records] == ["open_lesson"]
    plans = "IS-01;3;ооба;2026-03-05\nIS-01;3;нет;\nIS-02;3;балким;2030-03-05\nIS-03;3;1;"
    checked = check_text(PLANS + plans, "activity", "W1")
    assert found(checked) == [
        ("block", "duplicate_school", 3),
        ("cell", "unknown_answer_label", 4),
        ("warning", "date_in_future", 4),
    ]
    assert [row.values["is_signed"] for row in checked.records] == [True, False, None, True]


# --- checklists ---------------------------------------------------------------------------

QUESTIONS = [item.labels[0] for item in form("director").items if item.is_scored]
HEAD = ["Код", "Мектеп", "Толтурулган күнү", "Директор"]


def checklists(*rows: list[object], header: list[str] | None = None) -> CheckedFile:
    content = workbook([header or HEAD + QUESTIONS, *rows])
    raw = read_table("checklists.xlsx", content)
    return validate(raw, context("checklist", "W0", "director"))


def answered(*head: object) -> list[object]:
    return [*head, *([1] * len(QUESTIONS))]


def kinds(checked: CheckedFile, *severities: Severity) -> list[str]:
    return [p.kind for p in checked.problems if not severities or p.severity in severities]


def test_one_row_per_school():
    checked = checklists(
        answered("IS-01", "«Таң-Шоола» мектеп-гимназиясы", "2025-10-12", "A. B."),
        ["IS-02", None, None, None, 1],
        answered(None, "Көк-Мунара", "31.02.2025", None),
        answered("IS-01", None, "2035-10-12", None),
        answered("IS-05", "«Көк-Мунара»", "2024-10-12", None),
        answered(None, None, None, None),
    )
    blocking = kinds(checked, Severity.BLOCK)
    assert sorted(blocking) == [
        "duplicate_school",
        "school_missing",
        "school_name_contradicts_code",
    ]
    others = set(kinds(checked, Severity.WARNING, Severity.CELL))
    assert {"checklist_incomplete", "impossible_date", "date_in_future"} <= others
    assert {"date_outside_wave", "date_as_text", "school_written_differently"} <= others
    assert [row.school_code for row in checked.checklists] == [
        "IS-01",
        "IS-02",
        "IS-04",
        "IS-01",
        "IS-05",
    ]
    assert checked.checklists[0].filled_by == "A. B."


def test_columns_of_checklists_are_checked_too():
    header = [*HEAD, *QUESTIONS, QUESTIONS[0], "Дагы бир баган"]
    checked = checklists([*answered("IS-01", None, None, None), 1, "x"], header=header)
    assert kinds(checked, Severity.BLOCK) == ["duplicate_header"]
    assert "unknown_extra_column" in kinds(checked)


def test_an_empty_table_of_checklists_and_a_wrong_one():
    assert "no_data_rows" in kinds(checklists())
    raw = read_table("x.csv", b"a;b;c\n1;2;3")
    checked = validate(raw, context("checklist", "W0", "director"))
    assert kinds(checked) == ["wrong_instrument"]
    assert kinds(check_text("", "checklist", "W0", "director")) == ["empty_file"]


@pytest.mark.parametrize("kind", ["survey", "checklist"])
def test_answers_are_not_read_without_their_form(kind):
    with pytest.raises(ValueError, match="form"):
        check_text("a;b\n1;2", kind, "W0")


# --- surveys ------------------------------------------------------------------------------

TEACHER = [item.file_name for item in form("teacher").items]


def survey(*rows: dict[str, object], **columns: str) -> CheckedFile:
    names = [name for name in TEACHER if name not in columns] + [
        name for name in columns.values() if name
    ]
    header = ["_uuid", *names]
    body = [[row.get(name) for name in header] for row in rows]
    raw = read_table("t.xlsx", workbook([header, *body]))
    return validate(raw, context("survey", "W0", "teacher"))


TEACHES = {"consent": "yes", "t_school": "is_01", "t_comp_ict": 4}


def test_a_survey_needs_school_and_consent():
    for name in ("consent", "t_school"):
        checked = survey({**TEACHES, "_uuid": "1"}, **{name: ""})
        assert "missing_needed_column" in kinds(checked, Severity.BLOCK)
        assert checked.survey is not None
        assert checked.survey.funnel.used == 0


def test_consent_that_cannot_be_read_counts_as_none():
    checked = survey({**TEACHES, "_uuid": "1"}, {**TEACHES, "_uuid": "2", "consent": "балким"})
    assert kinds(checked, Severity.ROW) == ["consent_unclear"]
    assert checked.survey is not None
    assert (checked.survey.funnel.opened, checked.survey.funnel.consented) == (2, 1)


def test_split_columns_alone_are_enough():
    checked = survey(
        {**TEACHES, "_uuid": "1", "t_ways_of_support/mentoring": "1"},
        {**TEACHES, "_uuid": "2", "t_ways_of_support/mentoring": "0"},
        t_ways_of_support="t_ways_of_support/mentoring",
    )
    assert checked.survey is not None
    assert checked.survey.columns["t_ways_of_support"].tolist() == [1, -128]


def test_a_header_that_is_not_sure_is_proposed_and_not_used():
    unknown = "Мен предметтик билимимди жакшы деп ойлобойм, бирок кээде"
    real = next(i for i in form("teacher").items if i.name == "t_goals_clear").labels[0]
    words = real.split()
    unsure = " ".join([*words[:-1], words[-1][:-3], "деп"])
    text = (
        ";".join(["consent", "t_school", *TEACHER[6:30], unsure, unknown])
        + "\nyes;is_01"
        + ";3" * 26
    )
    checked = check_text(text, "survey", "W0", "teacher")
    proposed = [p for p in checked.problems if p.kind.startswith("header_")]
    assert [p.suggestion for p in proposed] in ([], ["t_goals_clear"])
    assert "unknown_extra_column" in kinds(checked)


def test_a_column_without_a_header_is_mentioned():
    text = ";".join(["consent", "t_school", *TEACHER[4:20], ""]) + "\nyes;is_01" + ";3" * 17
    checked = check_text(text, "survey", "W0", "teacher")
    assert "column_without_header" in kinds(checked)


def test_tags_below_the_header_are_no_answers():
    text = ";".join(TEACHER) + "\n" + ";".join(["#meta"] * len(TEACHER)) + "\nyes;is_01;;;4;;3"
    checked = check_text(text, "survey", "W0", "teacher")
    assert checked.survey is not None
    assert checked.survey.funnel.opened == 1


def test_sheets_of_an_open_document_are_read():
    rows = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p>'
            "</table:table-cell>"
            for cell in row.split(";")
        )
        + "</table:table-row>"
        for row in (NOTES + "Q1;t;сөз;ky;FG1;d;D07").splitlines()
    )
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text", "manifest")
    )
    manifest = (
        f'<?xml version="1.0"?><manifest:manifest {spaces}><manifest:file-entry '
        'manifest:full-path="/" '
        'manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/>'
        "</manifest:manifest>"
    )
    body = (
        f'<?xml version="1.0"?><office:document-content {spaces}><office:body>'
        f'<office:spreadsheet><table:table table:name="notes">{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    content = zipped(
        {
            "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": body.encode(),
            "META-INF/manifest.xml": manifest.encode(),
        }
    )
    raw = read_table("notes.ods", content)
    assert raw.format == "ods"
    checked = validate(raw, context("notes", "W0"))
    assert checked.is_acceptable
    assert checked.records[0].values["quote"] == "сөз"

"""What a bundle holds, and when there is none. No R is needed here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from django.utils import timezone, translation

from indicators.models import (
    Change,
    Checklist,
    Dataset,
    Exclusion,
    IndexItem,
    Indicator,
    Measure,
    Run,
    ScaleOption,
    School,
    Upload,
    Wave,
)
from indicators.queries.answer_tables import NotReproducible
from indicators.queries.answers import answers_of
from indicators.queries.reproduction import reproduction_of
from indicators.reports.r_bundle import r_bundle
from indicators.reports.r_values import r_list, r_number, r_text, r_vector
from indicators.vocabulary import Irreproducible, MeasureKind, UploadState
from tests.reports.bundles import bundle_files, change, csv_rows, files_of, gap, level
from tests.reports.hard_cases import PER_SCHOOL, SCHOOLS

pytestmark = pytest.mark.django_db


def refusal(row: Any) -> Irreproducible:
    with pytest.raises(NotReproducible) as refused:
        reproduction_of(row)
    return refused.value.why


# --- the files ----------------------------------------------------------------------------


def test_the_same_run_gives_the_same_bytes(hard_run: Run) -> None:
    first = r_bundle(reproduction_of(change(hard_run, "index:reversed")))
    assert first == r_bundle(reproduction_of(change(hard_run, "index:reversed")))


def test_a_bundle_holds_the_functions_its_script_reads(hard_run: Run) -> None:
    for row in (
        level(hard_run, "index:reversed", "W0"),
        level(hard_run, "gap:s_суроо:sex", "W0"),
        change(hard_run, "nps"),
        gap(hard_run, "index:positive", "W0"),
        change(hard_run, "nps", scope="school", school__code="IS-1"),
    ):
        files = bundle_files(row)
        read = {line for line in files["reproduce.R"].splitlines() if line.startswith("source(")}
        assert read == {f'source("{name}")' for name in files if name.endswith(".R")} - {
            'source("reproduce.R")'
        }
        assert "README.txt" in files
        assert all(text.isascii() for name, text in files.items() if name.endswith(".R"))


@pytest.mark.parametrize(
    ("find", "columns"),
    [
        (lambda run: level(run, "nps", "W0"), ["item.s_recommend"]),
        (lambda run: change(run, "item:s_суроо"), ["item.s_суроо"]),
        (
            lambda run: level(
                run, "nps", "W0", scope="group", group_by="settlement", group="urban"
            ),
            ["attribute.settlement", "item.s_recommend"],
        ),
        (lambda run: gap(run, "nps", "W0"), ["item.s_recommend", "item.s_sex"]),
        (
            lambda run: change(run, "nps", scope="school", school__code="IS-1"),
            ["item.s_recommend", "item.s_grade"],
        ),
    ],
)
def test_only_the_columns_needed_leave(hard_run: Run, find: Callable[[Run], Any], columns) -> None:
    head = csv_rows(bundle_files(find(hard_run))["answers.csv"])[0]
    assert head == ["wave", "school", "line", *columns]


def test_the_answers_are_those_stored_in_an_order_of_their_own(hard_run: Run) -> None:
    rows = csv_rows(bundle_files(level(hard_run, "nps", "W0"))["answers.csv"])[1:]
    dataset = Dataset.objects.get(wave__code="W0")
    columns = answers_of(dataset, ["_school", "s_recommend"])
    expected = Counter(
        zip(columns["_school"].tolist(), columns["s_recommend"].tolist(), strict=True)
    )
    safe = {"=1+1": "'=1+1", "-8": "'-8"}
    found = Counter(
        (SCHOOLS.index(code), -128 if answer == "" else int(answer))
        for wave, school, _line, answer in rows
        for code in SCHOOLS
        if safe.get(code, code) == school
    )
    assert found == expected
    assert len(rows) == PER_SCHOOL * len(SCHOOLS)
    stored_order = [str(code) if code != -128 else "" for code in columns["s_recommend"]]
    assert [row[3] for row in rows] != stored_order


def test_of_several_options_only_the_one_asked_for_leaves(hard_run: Run) -> None:
    rows = csv_rows(bundle_files(level(hard_run, "option:trips", "W0"))["answers.csv"])[1:]
    masks = answers_of(Dataset.objects.get(wave__code="W0"), ["s_several"])["s_several"]
    expected = np.where(masks == -128, -128, masks >> 1 & 1)
    found = Counter(-128 if row[3] == "" else int(row[3]) for row in rows)
    assert found == Counter(expected.tolist())


def test_a_number_of_one_school_carries_that_school_alone(hard_run: Run) -> None:
    row = level(hard_run, "nps", "W0", scope="school", school__code="007")
    rows = csv_rows(bundle_files(row)["answers.csv"])[1:]
    assert {row[1] for row in rows} == {"007"}
    assert len(rows) == PER_SCHOOL


def test_a_cell_runs_in_no_spreadsheet(hard_run: Run) -> None:
    files = bundle_files(level(hard_run, "nps", "W0"))
    cells = {cell for row in csv_rows(files["answers.csv"]) for cell in row}
    assert "'=1+1" in cells
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in cells)


def test_the_readme_names_the_number_and_warns(hard_run: Run) -> None:
    row = change(hard_run, "nps")
    found = reproduction_of(row)
    texts = {}
    for language in ("en", "ky", "ru"):
        with translation.override(language):
            texts[language] = files_of(r_bundle(found))["README.txt"]
    assert len(set(texts.values())) == 3
    assert "Rscript reproduce.R" in texts["ky"]
    assert "audit log" in texts["en"]
    assert f"{row.difference:.12g}" in texts["ru"]
    assert hard_run.input_sha256 in texts["en"]
    assert "item.s_recommend" in texts["en"]


# --- refusals -----------------------------------------------------------------------------


def reword(run: Run) -> None:
    IndexItem.objects.filter(item__name="s_q1").update(is_reversed=True)


def recode(run: Run) -> None:
    ScaleOption.objects.filter(name="dont_know").update(is_substantive=True)


def take_out_of_the_register(run: Run) -> None:
    Indicator.objects.filter(measure__code="nps").delete()


def break_a_definition(run: Run) -> None:
    Measure.objects.filter(kind=MeasureKind.GROUP_GAP).update(item=None)


def move_a_school(run: Run) -> None:
    School.objects.filter(code="007").update(settlement="rural")


def move_a_wave(run: Run) -> None:
    Wave.objects.filter(code="W0").update(field_end="2025-11-20")


def withdraw(run: Run) -> None:
    Upload.objects.filter(file_name="W0.csv").update(
        state=UploadState.WITHDRAWN, withdrawn_at=timezone.now()
    )


def leave_out_a_row(run: Run) -> None:
    dataset = Dataset.objects.get(wave__code="W0")
    Exclusion.objects.create(dataset=dataset, row=2, reason="filled in twice")


@pytest.mark.parametrize(
    "happens",
    [reword, recode, take_out_of_the_register, break_a_definition, move_a_school, move_a_wave],
)
def test_other_definitions_than_the_run_had_are_refused(
    hard_run: Run, happens: Callable[[Run], None]
) -> None:
    happens(hard_run)
    assert refusal(change(hard_run, "index:reversed")) is Irreproducible.DEFINITIONS_CHANGED


@pytest.mark.parametrize("happens", [withdraw, leave_out_a_row])
def test_other_data_than_the_run_had_are_refused(
    hard_run: Run, happens: Callable[[Run], None]
) -> None:
    before = bundle_files(level(hard_run, "nps", "Т1"))
    happens(hard_run)
    assert refusal(change(hard_run, "nps")) is Irreproducible.DATA_CHANGED
    assert bundle_files(level(hard_run, "nps", "Т1")) == before  # the other wave is as it was


def test_a_changed_checklist_refuses_the_numbers_of_checklists_alone(hard_run: Run) -> None:
    before = bundle_files(change(hard_run, "nps"))
    Checklist.objects.filter(school__code="007").update(answers={"d_plan": 5})
    row = change(hard_run, "schools_count:d_plan:4,5")
    assert refusal(row) is Irreproducible.DATA_CHANGED
    assert bundle_files(change(hard_run, "nps")) == before


def test_a_file_accepted_since_is_left_out(hard_run: Run) -> None:
    before = bundle_files(change(hard_run, "nps"))
    newer = Dataset.objects.get(wave__code="W0")
    columns = list(newer.columns.all())
    upload = newer.upload
    upload.pk, upload.sha256 = None, "f" * 64
    upload.save()
    newer.pk, newer.upload, newer.sha256 = None, upload, "f" * 64
    newer.save()
    for column in columns:
        column.pk, column.dataset = None, newer
        column.save()
    assert bundle_files(change(hard_run, "nps")) == before


def test_facts_have_no_answers_of_people(hard_run: Run) -> None:
    measure = Measure.objects.get(code="manual:M")
    waves = Wave.objects.order_by("position")
    row = Change(run=hard_run, measure=measure, wave_from=waves[0], wave_to=waves[1])
    assert refusal(row) is Irreproducible.NO_ANSWERS


# --- R as text ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("plain", '"plain"'),
        ('a"b\\', '"a\\"b\\\\"'),
        ("Т1", '"\\u04221"'),
        ("😀", '"\\U0001f600"'),
        ("a\nb", '"a\\nb"'),
        ("=1+1", '"\'=1+1"'),
    ],
)
def test_a_text_is_written_so_that_any_locale_reads_it(text: str, written: str) -> None:
    assert r_text(text) == written


@pytest.mark.parametrize(
    ("value", "written"), [(3, "3"), (3.0, "3"), (0.1, "0.1"), (1e-20, "1e-20"), (-2.5, "-2.5")]
)
def test_a_number_keeps_its_digits(value: float, written: str) -> None:
    assert r_number(value) == written


def test_long_vectors_break_between_their_parts() -> None:
    assert r_vector(("a", 1)) == 'c("a", 1)'
    assert r_list([]) == "c()"
    text = r_vector(f"item number {n}" for n in range(30))
    assert max(map(len, text.splitlines())) <= 90
    assert text.count('"') == 60

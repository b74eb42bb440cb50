"""Accepted answers handed out and loaded back: the same answers, in every format and language."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from indicators.actions.dataset_export import export_dataset
from indicators.actions.uploads import import_file, withdraw_upload
from indicators.models import AuditEvent, Dataset, User, Wave
from indicators.pipeline.read import read_table
from indicators.vocabulary import ExportFormat, FileKind, Language
from tests.actions.upload_cases import REGISTER, load
from tests.pipeline.import_cases import DEMO

FILES = {
    "student": ("baseline/student_googleforms.xlsx", "W0"),
    "student with codes": ("endline/student_spss.sav", "W1"),
    "teacher": ("baseline/teacher_kobo.xlsx", "W0"),
    "parent": ("baseline/parent_forms.csv", "W0"),
}


def accepted(demo: Any, case: str) -> Dataset:
    file, wave = FILES[case]
    if wave == "W1":  # a school that came later
        load(demo, REGISTER, "register", wave)
    report = load(demo, DEMO / file, "survey", wave, instrument=case.split()[0])
    assert report.upload is not None
    return report.upload.dataset


def answers_sha256(dataset: Dataset) -> str:
    """Of schools, answers, weights and texts; the row numbers are those of another file."""
    columns = [(c.name, c.sha256) for c in dataset.columns.exclude(name="_row")]
    texts = [(c.name, c.sha256) for c in dataset.text_columns.all()]
    content = [*dataset.school_codes, *sorted(columns), *sorted(texts)]
    return hashlib.sha256(repr(content).encode()).hexdigest()


@pytest.mark.parametrize("case", FILES)
@pytest.mark.parametrize(
    ("format", "language"),
    [
        (ExportFormat.XLSX, Language.KY),
        (ExportFormat.CSV, Language.RU),
        (ExportFormat.SAV, Language.EN),
        (ExportFormat.SAV, Language.KY),
    ],
)
def test_an_export_loads_back_identically(
    demo: Any, officer: User, case: str, format: ExportFormat, language: Language
) -> None:
    dataset = accepted(demo, case)
    before, n_used = answers_sha256(dataset), dataset.n_used
    content = export_dataset(dataset=dataset, format=format, language=language, by=officer)
    withdraw_upload(upload=dataset.upload, by=officer, reason="to load it back")
    report = import_file(
        project=demo,
        wave=Wave.objects.get(project=demo, code=FILES[case][1]),
        kind=FileKind.SURVEY,
        file_name=f"answers.{format}",
        content=content,
        instrument=case.split()[0],
        by=officer,
    )
    assert report.is_accepted, report.problems[:5]
    assert report.upload is not None
    again = report.upload.dataset
    assert (again.n_used, answers_sha256(again)) == (n_used, before)


def test_every_download_is_on_record(demo: Any, officer: User) -> None:
    dataset = accepted(demo, "teacher")
    content = export_dataset(
        dataset=dataset, format=ExportFormat.CSV, language=Language.EN, by=officer
    )
    event = AuditEvent.objects.get(kind="answers.exported")
    assert (event.by, event.object_id) == (officer, str(dataset.upload_id))
    assert event.after["people"] == dataset.n_used
    assert event.after["sha256"] == hashlib.sha256(content).hexdigest()


def test_a_file_of_spss_has_labels_in_the_language_asked_for(demo: Any, officer: User) -> None:
    dataset = accepted(demo, "student with codes")
    found = {}
    for language in Language:
        content = export_dataset(
            dataset=dataset, format=ExportFormat.SAV, language=language, by=officer
        )
        (table,) = read_table("a.sav", content).tables
        found[language] = (table.labels["s_feel_safe"], table.value_labels["s_feel_safe"][5.0])
        assert 99.0 in table.missing_codes["s_feel_safe"]
    assert len(set(found.values())) == len(Language)
    assert found[Language.EN][1] == "strongly agree"


@pytest.mark.pspp
def test_pspp_opens_the_file_with_its_labels(demo: Any, officer: User, tmp_path: Path) -> None:
    dataset = accepted(demo, "student with codes")
    content = export_dataset(
        dataset=dataset, format=ExportFormat.SAV, language=Language.EN, by=officer
    )
    (tmp_path / "a.sav").write_bytes(content)
    syntax = (
        "GET FILE='a.sav'.\nDISPLAY DICTIONARY /VARIABLES=s_feel_safe.\n"
        "FREQUENCIES /VARIABLES=s_feel_safe.\n"
    )
    (tmp_path / "a.sps").write_text(syntax, encoding="utf-8")
    pspp = shutil.which("pspp")
    assert pspp is not None
    done = subprocess.run(
        [pspp, "a.sps", "-O", "format=txt", "-o", "-"],
        cwd=tmp_path, capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    item = dataset.version.item_versions.get(name_in_version="s_feel_safe")
    assert item.label_en[:30] in " ".join(done.stdout.split())
    assert "strongly agree" in done.stdout
    assert "99" in done.stdout

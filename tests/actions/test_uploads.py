"""Files received, checked, accepted and taken back: what counts afterwards, and what does not."""

import hashlib
import io
from typing import Any

import numpy as np
import pytest
from django.core.files.storage import default_storage

from indicators.actions.storage import pack
from indicators.actions.uploads import (
    AlreadyAccepted,
    UploadClosed,
    UploadRefused,
    accept_upload,
    check_upload,
    receive_upload,
    withdraw_upload,
)
from indicators.models import (
    AnswerColumn,
    AuditEvent,
    Dataset,
    Problem,
    School,
    Upload,
    Wave,
)
from indicators.pipeline.shapes import MISSING
from indicators.queries.answers import answers_of, texts_of, unpack
from indicators.queries.import_context import form_spec, import_context, version_in_wave
from indicators.vocabulary import FileKind, Severity, UploadState
from tests.actions.upload_cases import PARENTS, TEACHERS, load, received
from tests.pipeline.import_cases import DIRTY, form

# --- specs from the database --------------------------------------------------------------


@pytest.mark.parametrize("name", ["student", "teacher", "parent", "director"])
def test_the_form_in_the_database_is_the_form_of_the_file(demo, name):
    wave = Wave.objects.get(project=demo, code="W0")
    version = version_in_wave(project=demo, wave=wave, instrument=name)
    assert version is not None
    stored, typed = form_spec(version, wave), form(name)
    assert [item.file_name for item in stored.items] == [item.file_name for item in typed.items]
    for one, other in zip(stored.items, typed.items, strict=True):
        assert (one.kind, one.labels, one.is_required) == (
            other.kind,
            other.labels,
            other.is_required,
        )
        assert [option.name for option in one.options] == [o.name for o in other.options]
        assert (one.max_selected, one.exclusive_option, one.block) == (
            other.max_selected,
            other.exclusive_option,
            other.block,
        )


def test_a_context_takes_few_queries(demo, django_assert_max_num_queries):
    wave = Wave.objects.get(project=demo, code="W0")
    version = version_in_wave(project=demo, wave=wave, instrument="student")
    with django_assert_max_num_queries(10):
        context = import_context(project=demo, kind=FileKind.SURVEY, wave=wave, version=version)
    assert len(context.schools) == 23
    assert "M01" in context.percent_indicators
    assert context.project_start == wave.field_start
    assert context.categories["oblast"]["Чүй облусу"] == "chui"


# --- from received to accepted ------------------------------------------------------------


def test_a_file_counts_only_after_it_is_accepted(demo, officer):
    upload = received(demo, TEACHERS, officer)
    assert upload.state == UploadState.RECEIVED
    check_upload(upload=upload, by=officer)
    assert upload.state == UploadState.CHECKED
    assert (upload.n_rows, upload.n_blocking, upload.format) == (251, 0, "xlsx")
    assert not Dataset.objects.exists()
    counts = accept_upload(upload=upload, by=officer)
    assert upload.state == UploadState.ACCEPTED
    assert upload.accepted_by == officer
    assert counts["answers"] == 251
    kinds = AuditEvent.objects.filter(by=officer).values_list("kind", flat=True)
    assert {"upload.received", "upload.checked", "upload.accepted"} <= set(kinds)


def test_answers_are_stored_by_column_and_come_back(demo):
    load(demo, PARENTS, "survey", "W0", instrument="parent")
    dataset = Dataset.objects.get()
    assert (dataset.n_opened, dataset.n_consented, dataset.n_used) == (2603, 2535, 2535)
    column = AnswerColumn.objects.get(dataset=dataset, name="p_recommend")
    assert (column.dtype, column.length) == ("<i1", 2535)
    assert column.item is not None
    found = answers_of(dataset, ["_school", "_row", "p_channels", "unknown"])
    assert set(found) == {"_school", "_row", "p_channels"}
    assert all(len(codes) == 2535 for codes in found.values())
    assert found["_school"].max() == len(dataset.school_codes) - 1
    assert found["_row"].min() >= 2
    assert found["p_channels"].dtype == np.int64
    texts = texts_of(dataset, ["p_open_improve", "p_channels_other"])
    assert len(texts["p_open_improve"]) == 2535
    assert sum(map(bool, texts["p_channels_other"])) == 65
    arrivals = dataset.arrivals.values_list("n_received", "n_used", "last_on")
    assert (len(arrivals), sum(used for _received, used, _day in arrivals)) == (23, 2535)
    assert all(received >= used and day for received, used, day in arrivals)


@pytest.mark.parametrize(
    ("codes", "dtype"),
    [([1, MISSING, 127], "<i1"), ([300, MISSING], "<i4"), ([2**40], "<i8"), ([], "<i1")],
)
def test_the_smallest_type_is_taken(codes, dtype):
    packed = pack(np.array(codes, dtype=np.int64))
    assert packed.dtype == dtype
    column = AnswerColumn(dtype=packed.dtype, data=packed.data)
    assert unpack(column).tolist() == codes


def test_the_hash_names_the_exact_data(demo):
    load(demo, TEACHERS, "survey", "W0", instrument="teacher")
    first = Dataset.objects.get()
    sha256 = first.sha256
    withdraw_upload(upload=first.upload, by=None, reason="again")
    load(demo, TEACHERS, "survey", "W0", instrument="teacher")
    assert Dataset.objects.get().sha256 == sha256


def test_the_file_is_kept_by_its_content_and_its_name_is_no_path(demo, officer):
    content = TEACHERS.read_bytes()
    wave = Wave.objects.get(project=demo, code="W0")
    upload = receive_upload(
        project=demo,
        file_name="..\\..\\secret/../x.xlsx",
        content=io.BytesIO(content),
        kind=FileKind.SURVEY,
        wave=wave,
        by=officer,
    )
    sha256 = hashlib.sha256(content).hexdigest()
    assert (upload.sha256, upload.file_name) == (sha256, "x.xlsx")
    assert upload.stored_as == f"uploads/{sha256[:2]}/{sha256}"
    with default_storage.open(upload.stored_as, "rb") as file:
        assert file.read() == content


def test_the_same_file_counts_once(demo, officer):
    first = load(demo, TEACHERS, "survey", "W0", instrument="teacher")
    again = load(demo, TEACHERS, "survey", "W0", instrument="teacher")
    assert again.already
    assert again.upload == first.upload
    upload = received(demo, TEACHERS, officer)
    with pytest.raises(AlreadyAccepted) as refusal:
        accept_upload(upload=upload, by=officer)
    assert refusal.value.upload == first.upload
    assert Dataset.objects.count() == 1


def test_a_file_with_blocking_problems_changes_nothing(demo, officer):
    upload = received(demo, DIRTY / "teacher_kobo.xlsx", officer)
    check_upload(upload=upload, by=officer)
    assert upload.n_blocking > 0
    assert upload.n_problems == Problem.objects.filter(upload=upload).count()
    with pytest.raises(UploadRefused) as refusal:
        accept_upload(upload=upload, by=officer)
    assert any(problem.severity is Severity.BLOCK for problem in refusal.value.problems)
    upload.refresh_from_db()
    assert upload.state == UploadState.CHECKED
    assert not Dataset.objects.exists()


def test_a_refused_import_stays_to_be_looked_at(demo):
    report = load(demo, DIRTY / "teacher_kobo.xlsx", "survey", "W0", instrument="teacher")
    assert not report.is_accepted
    assert report.upload is not None
    assert report.upload.state == UploadState.CHECKED
    assert report.upload.problems.filter(severity=Severity.BLOCK, kind="unknown_school").exists()


def test_a_check_can_be_repeated(demo, officer):
    upload = received(demo, DIRTY / "teacher_kobo_bom.csv", officer)
    check_upload(upload=upload, by=officer)
    n = upload.n_problems
    check_upload(upload=upload, by=officer)
    assert Problem.objects.filter(upload=upload).count() == n


def test_a_questionnaire_must_be_named(demo):
    report = load(demo, TEACHERS, "survey", "W0")
    assert [problem.kind for problem in report.problems] == ["questionnaire_not_named"]
    assert not report.is_accepted


def test_the_wave_must_use_the_questionnaire(demo, officer):
    wave = Wave.objects.get(project=demo, code="W0")
    later = Wave.objects.get(project=demo, code="W1")
    version = version_in_wave(project=demo, wave=later, instrument="student")
    fields = {"project": demo, "file_name": "x", "content": b"x", "by": officer}
    wrong = receive_upload(kind=FileKind.SURVEY, wave=wave, version=version, **fields)
    check_upload(upload=wrong, by=officer)
    assert wrong.problems.get().kind == "questionnaire_not_named"
    nowhere = receive_upload(kind=FileKind.DESK, wave=None, **fields)
    check_upload(upload=nowhere, by=officer)
    assert nowhere.problems.get().kind == "wave_not_named"


def test_a_mapping_is_kept_and_used(demo):
    mapping = {"professional_competences/t_comp_ict": ""}
    load(demo, TEACHERS, "survey", "W0", instrument="teacher", mapping=mapping)
    dataset = Dataset.objects.get()
    assert dataset.upload.mapping == mapping
    assert answers_of(dataset, ["t_comp_ict"]) == {}


def test_a_dry_run_leaves_nothing_behind(demo):
    report = load(demo, TEACHERS, "survey", "W0", instrument="teacher", dry_run=True)
    assert report.is_accepted
    assert report.upload is None
    assert not Upload.objects.exists()
    wrong = load(demo, DIRTY / "empty.csv", "survey", "W0", instrument="teacher", dry_run=True)
    assert not wrong.is_accepted
    unnamed = load(demo, TEACHERS, "survey", "W0", dry_run=True)
    assert [problem.kind for problem in unnamed.problems] == ["questionnaire_not_named"]


# --- taking back --------------------------------------------------------------------------


def test_a_withdrawn_file_takes_its_data_with_it_and_stays(demo, officer):
    report = load(demo, TEACHERS, "survey", "W0", instrument="teacher")
    upload = report.upload
    assert upload is not None
    withdraw_upload(upload=upload, by=officer, reason="wrong wave")
    assert upload.state == UploadState.WITHDRAWN
    assert (upload.withdrawn_by, upload.withdrawal_reason) == (officer, "wrong wave")
    assert not Dataset.objects.exists()
    assert default_storage.exists(upload.stored_as)
    event = AuditEvent.objects.get(kind="upload.withdrawn")
    assert (event.reason, event.before["Dataset"]) == ("wrong wave", 1)
    with pytest.raises(UploadClosed):
        withdraw_upload(upload=upload, by=officer, reason="again")


def test_an_accepted_file_is_neither_checked_nor_accepted_again(demo, officer):
    upload = load(demo, TEACHERS, "survey", "W0", instrument="teacher").upload
    assert upload is not None
    for step in (accept_upload, check_upload):
        with pytest.raises(UploadClosed):
            step(upload=upload, by=officer)


def test_a_file_never_accepted_can_be_withdrawn(demo, officer):
    upload = received(demo, DIRTY / "teacher_kobo.xlsx", officer)
    withdraw_upload(upload=upload, by=officer, reason="not ours")
    assert upload.state == UploadState.WITHDRAWN


def test_what_the_database_refuses_is_a_problem_and_no_crash(demo, officer, monkeypatch):
    """A rule only the database knows: here, the same school loaded twice."""
    from indicators.actions import accept

    upload = received(demo, TEACHERS, officer)

    def store_twice(**fields: Any) -> dict[str, int]:
        School.objects.create(project=demo, code="IS-01")
        return {}

    monkeypatch.setattr("indicators.actions.uploads.store_accepted", store_twice)
    with pytest.raises(UploadRefused) as refusal:
        accept_upload(upload=upload, by=officer)
    assert refusal.value.problems[-1].kind == "database_refused"
    assert accept.store_accepted is not store_twice

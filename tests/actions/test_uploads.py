"""Files received, checked, accepted and taken back: what counts afterwards, and what does not."""

import hashlib
import io
import json
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import override_settings

from indicators.actions.load_project import load_project
from indicators.actions.storage import pack
from indicators.actions.uploads import (
    AlreadyAccepted,
    ImportReport,
    NotWithdrawn,
    UploadClosed,
    UploadRefused,
    accept_upload,
    check_upload,
    import_file,
    receive_upload,
    withdraw_upload,
)
from indicators.models import (
    ActivityLog,
    AnswerColumn,
    AuditEvent,
    Checklist,
    ChecklistEvent,
    ClusterPlan,
    Dataset,
    DeskValue,
    ManualValue,
    Note,
    Problem,
    Project,
    School,
    SchoolEvent,
    Upload,
    User,
    Wave,
)
from indicators.pipeline.shapes import MISSING
from indicators.queries.answers import answers_of, texts_of, unpack
from indicators.queries.import_context import form_spec, import_context, version_in_wave
from indicators.vocabulary import ChecklistState, FileKind, Severity, UploadState
from tests.pipeline.import_cases import DEMO, DIRTY, form

TEACHERS = DEMO / "baseline" / "teacher_kobo.xlsx"
PARENTS = DEMO / "baseline" / "parent_forms.csv"
REGISTER = DEMO / "endline" / "register_changes.xlsx"
CHECKLISTS = DEMO / "baseline" / "director_checklist"


@pytest.fixture(scope="module")
def loaded(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Project]:
    """The demo project without its files, once for this module."""
    folder = tmp_path_factory.mktemp("files")
    settings = override_settings(MEDIA_ROOT=str(folder))
    with django_db_blocker.unblock(), settings, transaction.atomic():
        yield load_project(directory=DEMO, by=None).project
        transaction.set_rollback(True)


@pytest.fixture
def project(db: None, loaded: Project) -> Project:
    return loaded


@pytest.fixture
def officer(project: Project) -> User:
    return User.objects.create_user("olga")


def load(project: Project, path: Any, kind: str, wave: str, **changes: Any) -> ImportReport:
    fields: dict[str, Any] = {"instrument": "", "by": None, **changes}
    return import_file(
        project=project,
        wave=Wave.objects.get(project=project, code=wave),
        kind=FileKind(kind),
        file_name=path.name,
        content=path.read_bytes(),
        **fields,
    )


def received(project: Project, path: Any, by: User, instrument: str = "teacher") -> Upload:
    wave = Wave.objects.get(project=project, code="W0")
    return receive_upload(
        project=project,
        file_name=path.name,
        content=path.read_bytes(),
        kind=FileKind.SURVEY,
        wave=wave,
        version=version_in_wave(project=project, wave=wave, instrument=instrument),
        by=by,
    )


# --- specs from the database --------------------------------------------------------------


@pytest.mark.parametrize("name", ["student", "teacher", "parent", "director"])
def test_the_form_in_the_database_is_the_form_of_the_file(project, name):
    wave = Wave.objects.get(project=project, code="W0")
    version = version_in_wave(project=project, wave=wave, instrument=name)
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


def test_a_context_takes_few_queries(project, django_assert_max_num_queries):
    wave = Wave.objects.get(project=project, code="W0")
    version = version_in_wave(project=project, wave=wave, instrument="student")
    with django_assert_max_num_queries(10):
        context = import_context(project=project, kind=FileKind.SURVEY, wave=wave, version=version)
    assert len(context.schools) == 23
    assert "M01" in context.percent_indicators
    assert context.project_start == wave.field_start
    assert context.categories["oblast"]["Чүй облусу"] == "chui"


# --- from received to accepted ------------------------------------------------------------


def test_a_file_counts_only_after_it_is_accepted(project, officer):
    upload = received(project, TEACHERS, officer)
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


def test_answers_are_stored_by_column_and_come_back(project):
    load(project, PARENTS, "survey", "W0", instrument="parent")
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


@pytest.mark.parametrize(
    ("codes", "dtype"),
    [([1, MISSING, 127], "<i1"), ([300, MISSING], "<i4"), ([2**40], "<i8"), ([], "<i1")],
)
def test_the_smallest_type_is_taken(codes, dtype):
    packed = pack(np.array(codes, dtype=np.int64))
    assert packed.dtype == dtype
    column = AnswerColumn(dtype=packed.dtype, data=packed.data)
    assert unpack(column).tolist() == codes


def test_the_hash_names_the_exact_data(project):
    load(project, TEACHERS, "survey", "W0", instrument="teacher")
    first = Dataset.objects.get()
    sha256 = first.sha256
    withdraw_upload(upload=first.upload, by=None, reason="again")
    load(project, TEACHERS, "survey", "W0", instrument="teacher")
    assert Dataset.objects.get().sha256 == sha256


def test_the_file_is_kept_by_its_content_and_its_name_is_no_path(project, officer):
    content = TEACHERS.read_bytes()
    wave = Wave.objects.get(project=project, code="W0")
    upload = receive_upload(
        project=project,
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


def test_the_same_file_counts_once(project, officer):
    first = load(project, TEACHERS, "survey", "W0", instrument="teacher")
    again = load(project, TEACHERS, "survey", "W0", instrument="teacher")
    assert again.already
    assert again.upload == first.upload
    upload = received(project, TEACHERS, officer)
    with pytest.raises(AlreadyAccepted) as refusal:
        accept_upload(upload=upload, by=officer)
    assert refusal.value.upload == first.upload
    assert Dataset.objects.count() == 1


def test_a_file_with_blocking_problems_changes_nothing(project, officer):
    upload = received(project, DIRTY / "teacher_kobo.xlsx", officer)
    check_upload(upload=upload, by=officer)
    assert upload.n_blocking > 0
    assert upload.n_problems == Problem.objects.filter(upload=upload).count()
    with pytest.raises(UploadRefused) as refusal:
        accept_upload(upload=upload, by=officer)
    assert any(problem.severity is Severity.BLOCK for problem in refusal.value.problems)
    upload.refresh_from_db()
    assert upload.state == UploadState.CHECKED
    assert not Dataset.objects.exists()


def test_a_refused_import_stays_to_be_looked_at(project):
    report = load(project, DIRTY / "teacher_kobo.xlsx", "survey", "W0", instrument="teacher")
    assert not report.is_accepted
    assert report.upload is not None
    assert report.upload.state == UploadState.CHECKED
    assert report.upload.problems.filter(severity=Severity.BLOCK, kind="unknown_school").exists()


def test_a_check_can_be_repeated(project, officer):
    upload = received(project, DIRTY / "teacher_kobo_bom.csv", officer)
    check_upload(upload=upload, by=officer)
    n = upload.n_problems
    check_upload(upload=upload, by=officer)
    assert Problem.objects.filter(upload=upload).count() == n


def test_a_questionnaire_must_be_named(project):
    report = load(project, TEACHERS, "survey", "W0")
    assert [problem.kind for problem in report.problems] == ["questionnaire_not_named"]
    assert not report.is_accepted


def test_a_mapping_is_kept_and_used(project):
    mapping = {"professional_competences/t_comp_ict": ""}
    load(project, TEACHERS, "survey", "W0", instrument="teacher", mapping=mapping)
    dataset = Dataset.objects.get()
    assert dataset.upload.mapping == mapping
    assert answers_of(dataset, ["t_comp_ict"]) == {}


def test_a_dry_run_leaves_nothing_behind(project):
    report = load(project, TEACHERS, "survey", "W0", instrument="teacher", dry_run=True)
    assert report.is_accepted
    assert report.upload is None
    assert not Upload.objects.exists()
    wrong = load(project, DIRTY / "empty.csv", "survey", "W0", instrument="teacher", dry_run=True)
    assert not wrong.is_accepted
    unnamed = load(project, TEACHERS, "survey", "W0", dry_run=True)
    assert [problem.kind for problem in unnamed.problems] == ["questionnaire_not_named"]


# --- taking back --------------------------------------------------------------------------


def test_a_withdrawn_file_takes_its_data_with_it_and_stays(project, officer):
    report = load(project, TEACHERS, "survey", "W0", instrument="teacher")
    upload = report.upload
    assert upload is not None
    withdraw_upload(upload=upload, by=officer, reason="wrong wave")
    assert upload.state == UploadState.WITHDRAWN
    assert (upload.withdrawn_by, upload.withdrawal_reason) == (officer, "wrong wave")
    assert not Dataset.objects.exists()
    assert default_storage.exists(upload.stored_as)
    event = AuditEvent.objects.get(kind="upload.withdrawn")
    assert (event.reason, event.before["Dataset"]) == ("wrong wave", 1)
    for step in (accept_upload, check_upload):
        with pytest.raises(UploadClosed):
            step(upload=upload, by=officer)
    with pytest.raises(UploadClosed):
        withdraw_upload(upload=upload, by=officer, reason="again")


def test_a_file_never_accepted_can_be_withdrawn(project, officer):
    upload = received(project, DIRTY / "teacher_kobo.xlsx", officer)
    withdraw_upload(upload=upload, by=officer, reason="not ours")
    assert upload.state == UploadState.WITHDRAWN


# --- register -----------------------------------------------------------------------------


def test_a_merged_school_continues_under_its_new_code(project, officer):
    load(project, REGISTER, "register", "W1", by=officer)
    old, new = (School.objects.get(project=project, code=code) for code in ("IS-09", "IS-24"))
    assert new.continues == old
    assert new.n_students == 1020
    assert (new.n_girls_1_4, new.n_teachers) == (None, None)
    assert (new.oblast, new.languages) == (old.oblast, old.languages)
    absent = SchoolEvent.objects.get(kind="absent")
    assert (absent.school.code, absent.wave.code) == ("IS-17", "W1")
    assert AuditEvent.objects.filter(kind="school.created", by=officer).exists()


def test_a_register_change_is_taken_back_unless_data_stand_on_it(project, officer):
    upload = load(project, REGISTER, "register", "W1").upload
    assert upload is not None
    data = load(
        project, DEMO / "endline" / "teacher_kobo.csv", "survey", "W1", instrument="teacher"
    )
    with pytest.raises(NotWithdrawn, match="IS-24"):
        withdraw_upload(upload=upload, by=officer, reason="too early")
    assert School.objects.filter(project=project, code="IS-24").exists()
    assert data.upload is not None
    withdraw_upload(upload=data.upload, by=officer, reason="first the data")
    withdraw_upload(upload=upload, by=officer, reason="now")
    assert not School.objects.filter(project=project, code="IS-24").exists()
    assert not SchoolEvent.objects.exists()


def test_a_register_change_needs_free_records_too(project, officer):
    upload = load(project, REGISTER, "register", "W1").upload
    assert upload is not None
    load(project, DEMO / "endline" / "desk_data.xlsx", "desk", "W1")
    with pytest.raises(NotWithdrawn, match="IS-24"):
        withdraw_upload(upload=upload, by=officer, reason="too early")


# --- checklists ---------------------------------------------------------------------------


def checklist_of(code: str) -> Any:
    return next(CHECKLISTS.glob(f"{code}_*"))


def test_a_complete_checklist_is_sent_and_an_incomplete_one_returned(project):
    for code in ("IS-01", "IS-10"):
        load(project, checklist_of(code), "checklist", "W0", instrument="director")
    complete = Checklist.objects.get(school__code="IS-01")
    incomplete = Checklist.objects.get(school__code="IS-10")
    assert complete.state == ChecklistState.SUBMITTED
    assert complete.submitted_at is not None
    assert complete.answers["d_stem_labs"] in range(1, 6)
    assert incomplete.state == ChecklistState.RETURNED
    assert "12" in incomplete.return_reason
    assert incomplete.submitted_at is None
    assert ChecklistEvent.objects.filter(kind="loaded").count() == 2


def test_a_checklist_on_the_site_is_never_overwritten(project):
    wave = Wave.objects.get(project=project, code="W0")
    version = version_in_wave(project=project, wave=wave, instrument="director")
    school = School.objects.get(project=project, code="IS-01")
    mine = Checklist.objects.create(
        school=school, wave=wave, version=version, answers={"d_stem_labs": 1}
    )
    report = load(project, checklist_of("IS-01"), "checklist", "W0", instrument="director")
    assert not report.is_accepted
    assert [p.kind for p in report.problems if p.severity is Severity.BLOCK] == ["checklist_taken"]
    mine.refresh_from_db()
    assert mine.answers == {"d_stem_labs": 1}


def test_an_empty_draft_is_filled_from_the_file(project):
    wave = Wave.objects.get(project=project, code="W0")
    version = version_in_wave(project=project, wave=wave, instrument="director")
    school = School.objects.get(project=project, code="IS-01")
    draft = Checklist.objects.create(school=school, wave=wave, version=version)
    load(project, checklist_of("IS-01"), "checklist", "W0", instrument="director")
    draft.refresh_from_db()
    assert draft.state == ChecklistState.SUBMITTED
    assert draft.revision == 2


def test_a_loaded_checklist_is_taken_back_until_somebody_worked_on_it(project, officer):
    upload = load(project, checklist_of("IS-10"), "checklist", "W0", instrument="director").upload
    assert upload is not None
    checklist = Checklist.objects.get()
    event = ChecklistEvent.objects.create(checklist=checklist, kind="saved", by=officer)
    with pytest.raises(NotWithdrawn, match="IS-10"):
        withdraw_upload(upload=upload, by=officer, reason="wrong file")
    event.delete()
    withdraw_upload(upload=upload, by=officer, reason="wrong file")
    assert not Checklist.objects.exists()


# --- records ------------------------------------------------------------------------------


def test_records_of_every_kind_are_stored_and_taken_back(project):
    load(project, REGISTER, "register", "W1")
    files = [
        (DEMO / "endline" / "desk_data.xlsx", "desk", "W1"),
        (DEMO / "endline" / "cluster_activity.xlsx", "activity", "W1"),
        (DEMO / "endline" / "manual_values.csv", "manual", "W1"),
        (DEMO / "baseline" / "qualitative.csv", "notes", "W0"),
    ]
    uploads = [load(project, *file).upload for file in files]
    models = {DeskValue: 396, ActivityLog: 106, ClusterPlan: 22, ManualValue: 2, Note: 26}
    assert {model: model.objects.count() for model in models} == models
    assert set(ManualValue.objects.values_list("wave__code", "value")) == {
        ("W0", 0.13),
        ("W1", 0.591),
    }
    for upload in uploads:
        assert upload is not None
        withdraw_upload(upload=upload, by=None, reason="test")
    assert not any(model.objects.exists() for model in models)


def test_what_the_database_refuses_is_a_problem_and_no_crash(project, officer, monkeypatch):
    """A rule only the database knows: here, the same school loaded twice."""
    from indicators.actions import accept

    upload = received(project, TEACHERS, officer)

    def store_twice(**fields: Any) -> dict[str, int]:
        School.objects.create(project=project, code="IS-01")
        return {}

    monkeypatch.setattr("indicators.actions.uploads.store_accepted", store_twice)
    with pytest.raises(UploadRefused) as refusal:
        accept_upload(upload=upload, by=officer)
    assert refusal.value.problems[-1].kind == "database_refused"
    assert accept.store_accepted is not store_twice


# --- the command --------------------------------------------------------------------------


def command(project: Project, path: Any, *options: str, wave: str = "W0") -> str:
    out = io.StringIO()
    call_command(
        "import_file", str(path), "--project", project.code, "--wave", wave, *options, stdout=out
    )
    return out.getvalue()


def test_the_command_loads_a_file_and_says_what_it_did(project):
    options = ("--kind", "survey", "--instrument", "parent")
    out = command(project, PARENTS, *options)
    assert "parent_forms.csv accepted: 2535 answers" in out
    assert "IS-13" in out
    assert "counts already" in command(project, PARENTS, *options)


def test_the_command_refuses_a_blocked_file_with_its_problems(project):
    with pytest.raises(CommandError) as refusal:
        command(project, DIRTY / "desk_data.xlsx", "--kind", "desk")
    assert refusal.value.returncode == 2
    assert not DeskValue.objects.exists()


def test_the_command_speaks_json_and_dry(project):
    found = json.loads(
        command(
            project, DEMO / "baseline" / "desk_data.xlsx", "--kind", "desk", "--json", "--dry-run"
        )
    )
    assert found["accepted"]
    assert found["problems"] == []
    assert not Upload.objects.exists()


def test_the_command_takes_a_mapping(project, tmp_path):
    options = ("--kind", "survey", "--instrument", "teacher", "--dry-run", "--json", "--mapping")
    texts = {
        "m.yaml": '# comment\n"professional_competences/t_comp_ict": ""\n',
        "m.json": '{"professional_competences/t_comp_ict": null}',
        "m.toml": '"professional_competences/t_comp_ict" = ""\n',
    }
    for name, text in texts.items():
        path = tmp_path / name
        path.write_text(text)
        found = json.loads(command(project, TEACHERS, *options, str(path)))
        assert [p["value"] for p in found["problems"]] == ["t_comp_ict"]
    (tmp_path / "bad.yaml").write_text("no table")
    (tmp_path / "list.json").write_text("[]")
    for name in ("bad.yaml", "list.json", "absent.yaml"):
        with pytest.raises(CommandError, match=name):
            command(project, TEACHERS, *options, str(tmp_path / name))


def test_the_command_says_what_it_was_not_given(project, tmp_path):
    with pytest.raises(CommandError, match="no file"):
        command(project, tmp_path / "absent.csv", "--kind", "desk")
    with pytest.raises(CommandError, match="no wave"):
        command(project, PARENTS, "--kind", "desk", wave="W9")
    with pytest.raises(CommandError, match="no project"):
        call_command("import_file", str(PARENTS), "--project", "nobody", "--kind", "desk")

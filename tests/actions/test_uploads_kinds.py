"""Register changes, checklists and records from files: what they bring and take back."""

from typing import Any

import pytest

from indicators.actions.uploads import (
    NotWithdrawn,
    withdraw_upload,
)
from indicators.models import (
    ActivityLog,
    AuditEvent,
    Checklist,
    ChecklistEvent,
    ClusterPlan,
    DeskValue,
    ManualValue,
    Note,
    School,
    SchoolEvent,
    Wave,
)
from indicators.queries.import_context import version_in_wave
from indicators.queries.notes import STANDING
from indicators.vocabulary import ChecklistState, Severity
from tests.actions.upload_cases import CHECKLISTS, REGISTER, load
from tests.pipeline.import_cases import DEMO

# --- register -----------------------------------------------------------------------------


def test_a_merged_school_continues_under_its_new_code(demo, officer):
    load(demo, REGISTER, "register", "W1", by=officer)
    old, new = (School.objects.get(project=demo, code=code) for code in ("IS-09", "IS-24"))
    assert new.continues == old
    assert new.n_students == 1020
    assert (new.n_girls_1_4, new.n_teachers) == (None, None)
    assert (new.oblast, new.languages) == (old.oblast, old.languages)
    absent = SchoolEvent.objects.get(kind="absent")
    assert (absent.school.code, absent.wave.code) == ("IS-17", "W1")
    assert AuditEvent.objects.filter(kind="school.created", by=officer).exists()


def test_a_register_change_is_taken_back_unless_data_stand_on_it(demo, officer):
    upload = load(demo, REGISTER, "register", "W1").upload
    assert upload is not None
    data = load(demo, DEMO / "endline" / "teacher_kobo.csv", "survey", "W1", instrument="teacher")
    with pytest.raises(NotWithdrawn, match="IS-24"):
        withdraw_upload(upload=upload, by=officer, reason="too early")
    assert School.objects.filter(project=demo, code="IS-24").exists()
    assert data.upload is not None
    withdraw_upload(upload=data.upload, by=officer, reason="first the data")
    withdraw_upload(upload=upload, by=officer, reason="now")
    assert not School.objects.filter(project=demo, code="IS-24").exists()
    assert not SchoolEvent.objects.exists()


def test_a_register_change_needs_free_records_too(demo, officer):
    upload = load(demo, REGISTER, "register", "W1").upload
    assert upload is not None
    load(demo, DEMO / "endline" / "desk_data.xlsx", "desk", "W1")
    with pytest.raises(NotWithdrawn, match="IS-24"):
        withdraw_upload(upload=upload, by=officer, reason="too early")


# --- checklists ---------------------------------------------------------------------------


def checklist_of(code: str) -> Any:
    return next(CHECKLISTS.glob(f"{code}_*"))


def test_a_complete_checklist_is_sent_and_an_incomplete_one_returned(demo):
    for code in ("IS-01", "IS-10"):
        load(demo, checklist_of(code), "checklist", "W0", instrument="director")
    complete = Checklist.objects.get(school__code="IS-01")
    incomplete = Checklist.objects.get(school__code="IS-10")
    assert complete.state == ChecklistState.SUBMITTED
    assert complete.submitted_at is not None
    assert complete.answers["d_stem_labs"] in range(1, 6)
    assert incomplete.state == ChecklistState.RETURNED
    assert incomplete.return_reason == ""  # pages say it in the language of their reader
    assert incomplete.submitted_at is None
    assert ChecklistEvent.objects.filter(kind="loaded").count() == 2


def test_a_checklist_on_the_site_is_never_overwritten(demo):
    wave = Wave.objects.get(project=demo, code="W0")
    version = version_in_wave(project=demo, wave=wave, instrument="director")
    school = School.objects.get(project=demo, code="IS-01")
    mine = Checklist.objects.create(
        school=school, wave=wave, version=version, answers={"d_stem_labs": 1}
    )
    report = load(demo, checklist_of("IS-01"), "checklist", "W0", instrument="director")
    assert not report.is_accepted
    assert [p.kind for p in report.problems if p.severity is Severity.BLOCK] == ["checklist_taken"]
    mine.refresh_from_db()
    assert mine.answers == {"d_stem_labs": 1}


def test_an_empty_draft_is_filled_from_the_file(demo):
    wave = Wave.objects.get(project=demo, code="W0")
    version = version_in_wave(project=demo, wave=wave, instrument="director")
    school = School.objects.get(project=demo, code="IS-01")
    draft = Checklist.objects.create(school=school, wave=wave, version=version)
    load(demo, checklist_of("IS-01"), "checklist", "W0", instrument="director")
    draft.refresh_from_db()
    assert draft.state == ChecklistState.SUBMITTED
    assert draft.revision == 2


def test_a_loaded_checklist_is_taken_back_until_somebody_worked_on_it(demo, officer):
    upload = load(demo, checklist_of("IS-10"), "checklist", "W0", instrument="director").upload
    assert upload is not None
    checklist = Checklist.objects.get()
    event = ChecklistEvent.objects.create(checklist=checklist, kind="saved", by=officer)
    with pytest.raises(NotWithdrawn, match="IS-10"):
        withdraw_upload(upload=upload, by=officer, reason="wrong file")
    event.delete()
    withdraw_upload(upload=upload, by=officer, reason="wrong file")
    assert not Checklist.objects.exists()


# --- records ------------------------------------------------------------------------------


def test_records_of_every_kind_are_stored_and_taken_back(demo):
    load(demo, REGISTER, "register", "W1")
    files = [
        (DEMO / "endline" / "desk_data.xlsx", "desk", "W1"),
        (DEMO / "endline" / "cluster_activity.xlsx", "activity", "W1"),
        (DEMO / "endline" / "manual_values.csv", "manual", "W1"),
        (DEMO / "baseline" / "qualitative.csv", "notes", "W0"),
    ]
    uploads = [load(demo, *file).upload for file in files]
    models = {DeskValue: 396, ActivityLog: 106, ClusterPlan: 22, ManualValue: 2, Note: 26}
    assert {model: model.objects.count() for model in models} == models
    assert set(ManualValue.objects.values_list("wave__code", "value")) == {
        ("W0", 0.13),
        ("W1", 0.591),
    }
    for upload in uploads:
        assert upload is not None
        withdraw_upload(upload=upload, by=None, reason="test")
    # Notes stay hidden, with the marks officers gave them, in case the file comes back.
    assert not Note.objects.filter(STANDING).exists()
    assert not any(model.objects.exists() for model in models.keys() - {Note})

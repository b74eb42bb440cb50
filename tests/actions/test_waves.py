"""Waves made, changed, opened, locked; a wave that is not open takes no data by any way."""

from datetime import date

import pytest
from django.core.management import CommandError, call_command

from indicators.actions.checklists import ChecklistClosed, save_draft, start_checklist
from indicators.actions.exclusions import exclude_rows
from indicators.actions.projects import StaleRow
from indicators.actions.replace import replace_upload
from indicators.actions.uploads import (
    UploadRefused,
    WaveClosed,
    accept_upload,
    withdraw_upload,
)
from indicators.actions.waves import (
    WaveRefusal,
    WaveRefused,
    change_wave,
    create_wave,
    move_waves,
)
from indicators.models import (
    AuditEvent,
    Checklist,
    Dataset,
    InstrumentVersion,
    ManualValue,
    School,
    Wave,
    WaveInstrument,
)
from indicators.vocabulary import Selection, UploadState, WaveState, WaveStep
from tests.actions.upload_cases import DEMO, PARENTS, TEACHERS, load, received

pytestmark = pytest.mark.django_db
VALUES = {
    "kind": "midline",
    "name_ky": "Орто",
    "name_ru": "",
    "name_en": "Midline",
    "field_start": date(2026, 10, 1),
    "field_end": date(2026, 10, 30),
    "school_year": "2026/27",
}


def wave(project, code="W0") -> Wave:
    return Wave.objects.get(project=project, code=code)


def move(project, step, *codes, reason="", by=None):
    return move_waves(project=project, codes=codes, step=WaveStep(step), reason=reason, by=by)


def version(project, code="teacher") -> InstrumentVersion:
    return InstrumentVersion.objects.get(instrument__project=project, instrument__code=code)


# --- made and changed ---------------------------------------------------------------------


def test_a_new_wave_is_planned_comes_last_and_uses_what_was_chosen(demo, officer):
    uses = {version(demo): Selection.RANDOM_PEOPLE}
    made = create_wave(project=demo, code="W2", values=VALUES, uses=uses, by=officer)
    assert (made.state, made.position) == (WaveState.PLANNED, 2)
    use = WaveInstrument.objects.get(wave=made)
    assert (use.version.instrument.code, use.selection) == ("teacher", Selection.RANDOM_PEOPLE)
    assert AuditEvent.objects.filter(kind="wave.created", by=officer).count() == 1


@pytest.mark.parametrize(
    ("code", "changes", "reason"),
    [
        ("w1", {}, WaveRefusal.CODE_TAKEN),
        ("W2", {"name_ky": "", "name_en": ""}, WaveRefusal.NO_NAME),
        ("W2", {"field_end": date(2026, 9, 30)}, WaveRefusal.DATES),
    ],
)
def test_a_wave_that_cannot_be_is_refused(demo, officer, code, changes, reason):
    with pytest.raises(WaveRefused) as refused:
        create_wave(project=demo, code=code, values=VALUES | changes, uses={}, by=officer)
    assert refused.value.reason is reason
    assert Wave.objects.filter(project=demo).count() == 2


def uses_of(one: Wave) -> dict[InstrumentVersion, Selection]:
    rows = WaveInstrument.objects.filter(wave=one).select_related("version__instrument")
    return {use.version: Selection(use.selection) for use in rows}


def test_a_change_is_kept_with_what_was_before(demo, officer):
    one = wave(demo)
    uses = uses_of(one) | {version(demo): Selection.CENSUS}
    values = VALUES | {"kind": "baseline"}
    assert change_wave(wave=one, values=values, uses=uses, revision=1, by=officer)
    one.refresh_from_db()
    assert (one.name_en, one.revision, one.updated_by) == ("Midline", 2, officer)
    assert (
        WaveInstrument.objects.get(wave=one, version=version(demo)).selection
        == "census_schools_census_people"
    )
    event = AuditEvent.objects.get(kind="wave.changed")
    assert event.before["name_en"] == "Baseline"
    assert event.after["name_en"] == "Midline"
    assert not change_wave(wave=one, values=values, uses=uses, revision=1, by=officer)


def test_two_officers_at_once_lose_nothing(demo, officer):
    one = wave(demo)
    change_wave(wave=one, values=VALUES, uses=uses_of(one), revision=1, by=officer)
    other = VALUES | {"name_en": "Other"}
    with pytest.raises(StaleRow) as stale:
        change_wave(wave=one, values=other, uses=uses_of(one), revision=1, by=officer)
    assert stale.value.stored.name_en == "Midline"


def test_a_questionnaire_with_answers_stays_in_its_wave(demo, officer):
    load(demo, TEACHERS, "survey", "W0", instrument="teacher")
    one = wave(demo)
    uses = {key: how for key, how in uses_of(one).items() if key.instrument.code != "teacher"}
    with pytest.raises(WaveRefused) as refused:
        change_wave(wave=one, values=VALUES, uses=uses, revision=1, by=officer)
    assert refused.value.reason is WaveRefusal.VERSION_HAS_DATA
    uses = {key: how for key, how in uses_of(one).items() if key.instrument.code != "parent"}
    assert change_wave(wave=one, values=VALUES, uses=uses, revision=1, by=officer)
    assert "parent" not in {key.instrument.code for key in uses_of(one)}


# --- opened, locked, unlocked -------------------------------------------------------------


def test_many_waves_are_locked_at_once_and_unlocked_with_a_reason(demo, officer):
    assert len(move(demo, "lock", "W0", "W1", by=officer)) == 2
    with pytest.raises(WaveRefused) as refused:
        move(demo, "unlock", "W0", reason="  ", by=officer)
    assert refused.value.reason is WaveRefusal.NO_REASON
    assert wave(demo).state == WaveState.LOCKED
    move(demo, "unlock", "W0", reason="A sheet was found.", by=officer)
    assert (wave(demo).state, wave(demo, "W1").state) == (WaveState.OPEN, WaveState.LOCKED)
    event = AuditEvent.objects.get(kind="wave.unlocked")
    assert (event.reason, event.by, event.before) == (
        "A sheet was found.",
        officer,
        {"state": "locked"},
    )


def test_a_step_that_fits_no_chosen_wave_is_refused(demo, officer):
    for step in ("open", "unlock"):
        with pytest.raises(WaveRefused) as refused:
            move(demo, step, "W0", "nowhere", reason="why", by=officer)
        assert refused.value.reason is WaveRefusal.NOTHING_CHOSEN


# --- a wave that is not open --------------------------------------------------------------


def kinds(upload) -> list[str]:
    return list(upload.problems.filter(severity="block").values_list("kind", flat=True))


@pytest.mark.parametrize(
    ("state", "kind"), [(WaveState.LOCKED, "wave_locked"), (WaveState.PLANNED, "wave_planned")]
)
def test_no_file_is_accepted(demo, officer, state, kind):
    upload = received(demo, TEACHERS, officer)
    Wave.objects.filter(project=demo, code="W0").update(state=state)
    with pytest.raises(UploadRefused) as refused:
        accept_upload(upload=upload, by=officer)
    assert [one.kind for one in refused.value.problems if one.severity == "block"] == [kind]
    assert not Dataset.objects.exists()


def test_no_accepted_file_is_withdrawn_replaced_or_cut(demo, officer):
    upload = load(demo, TEACHERS, "survey", "W0", instrument="teacher").upload
    newer = received(demo, TEACHERS, officer)
    move(demo, "lock", "W0", by=officer)
    with pytest.raises(WaveClosed) as closed:
        withdraw_upload(upload=upload, by=officer, reason="wrong file")
    assert closed.value.names == "Baseline"
    with pytest.raises(WaveClosed):
        exclude_rows(upload=upload, rows=[2], reason="doubtful", by=officer)
    with pytest.raises(WaveClosed):
        replace_upload(upload=newer, earlier=upload, by=officer, reason="corrected")
    upload.refresh_from_db()
    assert upload.state == UploadState.ACCEPTED
    move(demo, "unlock", "W0", reason="wrong file", by=officer)
    withdraw_upload(upload=upload, by=officer, reason="wrong file")
    assert not Dataset.objects.exists()


def test_a_file_that_counts_nowhere_may_be_withdrawn(demo, officer):
    upload = received(demo, TEACHERS, officer)
    move(demo, "lock", "W0", by=officer)
    assert withdraw_upload(upload=upload, by=officer, reason="not ours").state == "withdrawn"


def test_a_file_of_values_by_hand_is_judged_by_the_waves_it_names(demo, officer):
    manual = DEMO / "endline" / "manual_values.csv"
    named = load(demo, manual, "manual", "W1").upload
    codes = set(ManualValue.objects.filter(upload=named).values_list("wave__code", flat=True))
    assert codes
    move(demo, "lock", *codes, by=officer)
    with pytest.raises(WaveClosed):
        withdraw_upload(upload=named, by=officer, reason="typed wrongly")


def test_no_checklist_is_started_or_saved(demo, officer):
    school = School.objects.filter(project=demo)[0]
    form = version(demo, "director")
    started = start_checklist(school=school, wave=wave(demo), version=form, by=officer)
    move(demo, "lock", "W0", by=officer)
    with pytest.raises(ChecklistClosed):
        save_draft(checklist=started, answers={}, comments={"d": "x"}, revision=1, by=officer)
    other = School.objects.filter(project=demo)[1]
    with pytest.raises(ChecklistClosed):
        start_checklist(school=other, wave=wave(demo), version=form, by=officer)
    assert Checklist.objects.count() == 1


def test_the_command_says_why_it_loads_nothing(demo, officer, capsys):
    move(demo, "lock", "W0", by=officer)
    arguments = [str(PARENTS), "--project", demo.code, "--wave", "W0", "--kind", "survey"]
    for more in ([], ["--dry-run"]):
        with pytest.raises(CommandError):
            call_command("import_file", *arguments, "--instrument", "parent", *more)
        assert "is locked" in "".join(capsys.readouterr())
    assert not Dataset.objects.exists()

"""The pages that set a project up: what they show, refuse and lead to."""

from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from indicators.actions.agenda import remove_question
from indicators.actions.load_project import load_project
from indicators.actions.projects import create_project
from indicators.models import (
    AgendaQuestion,
    AuditEvent,
    DefinitionFile,
    Instrument,
    Membership,
    Project,
    Run,
    School,
    Upload,
    User,
    Wave,
)
from indicators.pipeline import framework
from tests.pipeline.project_folder import DEMO, read_form_once
from tests.web.factories import build_world, member

pytestmark = pytest.mark.django_db
FILES = (
    DEMO / "register" / "schools.xlsx",
    DEMO / "framework.xlsx",
    *sorted((DEMO / "instruments").glob("*.xlsx")),
)
NEW = {
    "code": "schools",
    "name_en": "Schools",
    "name_ky": "",
    "name_ru": "",
    "reference_date": "2027-12-01",
}


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(framework, "read_form", read_form_once)
    monkeypatch.setattr("indicators.views.run.enqueue_calculation", lambda run_id: None)


@pytest.fixture
def olga(db: None) -> User:
    return User.objects.create_user("olga", is_staff=True)


@pytest.fixture
def client(olga: User) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(olga)
    return client


@pytest.fixture
def empty(olga: User) -> Project:
    day = date(2027, 12, 1)
    return create_project(code="p", names={"en": "P"}, reference_date=day, by=olga)


@pytest.fixture
def loaded(olga: User) -> Project:
    project = load_project(directory=DEMO, by=None, code="p").project
    Membership.objects.create(user=olga, project=project, role="officer")
    return project


def url(name: str, *args: Any) -> str:
    return reverse(name, args=["p", *args])


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def drop(client: Client, *paths: Any) -> str:
    files = [SimpleUploadedFile(path.name, path.read_bytes()) for path in paths]
    return text(client.post(url("definition-list"), {"file": files}, follow=True))


# --- a new project ------------------------------------------------------------------------


def test_an_officer_without_a_project_is_led_to_create_one(client, olga):
    assert reverse("project-new") in text(client.get("/"))
    answer = client.post(reverse("project-new"), NEW, follow=True)
    assert answer.redirect_chain[-1][0] == "/p/schools/setup/"
    assert "you are its officer" in text(answer)
    assert Membership.objects.get(user=olga).role == "officer"
    assert reverse("setup", args=["schools"]) in text(client.get("/p/schools/"))


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"code": "two words"}, "Enter a valid"),
        ({"name_en": ""}, "a name in one language"),
        ({"reference_date": ""}, "This field is required"),
        ({"code": "P"}, "a project with this code already"),
    ],
)
def test_a_project_that_cannot_be_is_told_beside_the_field(client, empty, changes, says):
    answer = client.post(reverse("project-new"), NEW | changes)
    assert answer.status_code == 200
    assert says in text(answer)
    assert Project.objects.count() == 1


# --- steps --------------------------------------------------------------------------------


def states(client) -> list[str]:
    steps = client.get(url("setup")).context["steps"]
    return [step.state for step in steps]


def test_the_steps_say_what_is_next(client, empty):
    assert states(client) == ["next", *["later"] * 6]
    drop(client, FILES[0])
    assert "A workbook waits" in text(client.get(url("setup")))


def test_the_steps_of_a_project_that_is_set_up(client, loaded):
    assert states(client) == ["done"] * 5 + ["next", "later", "later"]
    page = text(client.get(url("setup")))
    assert "Endline agenda" in page
    assert "25 questions" in page
    assert "23 schools" in page
    assert "70 indicators" in page
    Wave.objects.filter(project=loaded).update(state="planned")
    assert states(client)[4] == "next"
    Upload.objects.create(
        project=loaded, file_name="a.csv", stored_as="x", sha256="a", size=1, state="checked"
    )
    assert url("upload-many") in text(client.get(url("setup")))


@pytest.mark.parametrize(
    ("name", "most"),
    [
        ("setup", 15),
        ("project-settings", 8),
        ("limits-list", 5),
        ("definition-list", 10),
        ("wave-list", 6),
        ("wave-new", 6),
        ("upload-many", 5),
    ],
)
def test_pages_ask_a_bounded_number_of_questions(client, loaded, name, most):
    client.get(url(name))
    with CaptureQueriesContext(connection) as caught:
        assert client.get(url(name)).status_code == 200
    assert len(caught) <= most


# --- workbooks ----------------------------------------------------------------------------


def test_workbooks_are_looked_at_and_accepted(client, empty):
    assert "Still missing: register of schools, questionnaire." in drop(client, FILES[1])
    page = drop(client, *FILES[2:], FILES[0])
    assert "Still missing" not in page
    assert "What accepting would do" in page
    mark = client.get(url("definition-list")).context["page"].mark
    answer = client.post(url("definition-accept"), {"mark": mark}, follow=True)
    assert "23 schools, 70 indicators" in text(answer)
    assert School.objects.filter(project=empty).count() == 23
    page = text(client.get(url("definition-list")))
    assert "Waiting to be accepted" not in page
    held = DefinitionFile.objects.get(project=empty, slot="register")
    assert client.get(url("definition-download", held.pk)).headers["Content-Disposition"] == (
        'attachment; filename="schools.xlsx"'
    )


def test_what_is_wrong_is_a_table_and_cannot_be_accepted(client, empty, tmp_path):
    book = load_workbook(FILES[0])
    book["schools"]["A4"] = None
    book.save(tmp_path / "schools.xlsx")
    page = drop(client, tmp_path / "schools.xlsx", *FILES[1:])
    assert "To mend before anything can be accepted" in page
    assert "The school has no code. Give it one." in page
    assert url("definition-accept") not in page
    mark = client.get(url("definition-list")).context["page"].mark
    answer = client.post(url("definition-accept"), {"mark": mark}, follow=True)
    assert "Nothing was accepted" in text(answer)


def test_another_file_is_told_and_the_rest_kept(client, empty):
    page = drop(client, DEMO / "baseline" / "teacher_kobo.xlsx", FILES[0])
    assert "teacher_kobo.xlsx was not kept." in page
    assert DefinitionFile.objects.get().slot == "register"
    waiting = DefinitionFile.objects.get()
    client.post(url("definition-take-back", waiting.pk))
    assert "Waiting to be accepted" not in text(client.get(url("definition-list")))


def test_a_change_under_data_asks_why_and_calculates(client, loaded, tmp_path):
    Run.objects.create(project=loaded, state="done")
    book = load_workbook(FILES[1])
    book["waves"]["D2"] = "Start"
    book.save(tmp_path / "framework.xlsx")
    drop(client, tmp_path / "framework.xlsx")
    mark = client.get(url("definition-list")).context["page"].mark
    answer = client.post(url("definition-accept"), {"mark": mark}, follow=True)
    assert "Say why the definitions change" in text(answer)
    given = {"mark": mark, "reason": "Misread before."}
    client.post(url("definition-accept"), given)
    assert Run.objects.filter(project=loaded, state="waiting").count() == 1
    client.post(url("definition-accept"), {"mark": ""}, follow=True)


def test_examples_are_handed_out(client, empty):
    for name in ("register", "questionnaire", "framework", "agenda"):
        assert client.get(url("definition-example", name)).status_code == 200
    assert client.get(url("definition-example", "settings")).status_code == 404


def test_questions_of_the_agenda_are_loaded_like_any_workbook(client, loaded, tmp_path):
    Run.objects.create(project=loaded, state="done")
    book = load_workbook(DEMO / "agenda.xlsx")
    book["agenda"]["F3"] = "G01 S99"
    book["agenda"]["A4"] = None
    book.save(tmp_path / "questions of ours.xlsx")
    page = drop(client, tmp_path / "questions of ours.xlsx")
    assert "endline agenda" in page
    assert "takes the place of agenda.xlsx" in page
    assert url("definition-accept") not in page
    lines = client.get(url("definition-list")).context["page"].problems[0].lines
    places = {(one.file, one.sheet, one.row, one.column, one.value) for one in lines}
    file = "questions of ours.xlsx"
    assert (file, "agenda", "3", "indicators", "S99") in places
    assert (file, "agenda", "4", "code", "") in places
    assert "A workbook waits" in text(client.get(url("setup")))

    book["agenda"]["F3"] = "G01 S01"
    book["agenda"]["E3"] = "Another wording?"
    book["agenda"]["A4"] = "E99"
    book.save(tmp_path / "agenda.xlsx")
    page = drop(client, tmp_path / "agenda.xlsx")
    assert "Another wording?" in page
    assert "added: E99" in page
    # Data do not rest on it: nobody has to say why, and nothing is calculated anew.
    assert "Data rest on the definitions" not in page
    mark = client.get(url("definition-list")).context["page"].mark
    answer = client.post(url("definition-accept"), {"mark": mark}, follow=True)
    assert "1 question of the endline agenda" in text(answer)
    assert Run.objects.filter(project=loaded).count() == 1
    question = AgendaQuestion.objects.get(project=loaded, code="E02")
    assert question.question_en == "Another wording?"
    assert sorted(question.indicators.values_list("code", flat=True)) == ["G01", "S01"]
    assert DefinitionFile.objects.get(project=loaded, slot="agenda", state="holds").file_name == (
        "agenda.xlsx"
    )
    # Another workbook does not bring back what was taken out on the site.
    remove_question(question=question, reason="asked twice", revision=2, by=loaded_officer())
    book = load_workbook(FILES[1])
    book["waves"]["D2"] = "Start"
    book.save(tmp_path / "framework.xlsx")
    page = drop(client, tmp_path / "framework.xlsx")
    assert "“E02” was removed on the site and stays out." in page


def loaded_officer() -> User:
    return User.objects.get(username="olga")


# --- waves --------------------------------------------------------------------------------


def wave_form(client, wave: Wave, **changes: str) -> dict[str, Any]:
    form = client.get(url("wave-edit", wave.code)).context["form"]
    typed = {name: form.initial.get(name) or "" for name in form.fields}
    dates = {name: typed[name].isoformat() for name in ("field_start", "field_end")}
    return typed | dates | changes


def test_waves_are_planned_opened_locked_and_unlocked(client, loaded):
    values = {
        "code": "W2",
        "name_en": "Follow-up",
        "kind": "monitoring",
        "field_start": "2028-10-01",
        "field_end": "2028-10-20",
    }
    assert "planned" in text(client.post(url("wave-new"), values, follow=True))
    again = text(client.post(url("wave-new"), values))
    assert "There is a wave with this code already." in again
    move = url("wave-move")
    client.post(move, {"wave": ["W2"], "step": "open"})
    assert Wave.objects.get(code="W2").state == "open"
    page = text(client.post(move, {"wave": ["W0", "W2"], "step": "lock"}, follow=True))
    assert "2 waves are locked" in page
    page = text(client.post(move, {"wave": ["W0"], "step": "unlock"}, follow=True))
    assert "Say why the wave is unlocked" in page
    client.post(move, {"wave": ["W0"], "step": "unlock", "reason": "Late sheets."})
    assert Wave.objects.get(code="W0").state == "open"
    assert client.post(move, {"wave": ["W0"], "step": "burn"}).status_code == 404
    assert "Choose waves" in text(client.post(move, {"step": "lock"}, follow=True))


def test_a_wave_is_changed_and_a_second_officer_is_told(client, loaded):
    wave = Wave.objects.get(project=loaded, code="W0")
    mine, theirs = (wave_form(client, wave, name_en=name) for name in ("Mine", "Theirs"))
    client.post(url("wave-edit", "W0"), theirs)
    answer = client.post(url("wave-edit", "W0"), mine)
    assert answer.status_code == 409
    assert "Saved by somebody else meanwhile" in text(answer)
    assert "Theirs" in text(answer)
    assert 'value="Mine"' in text(answer)
    revision = answer.context["form"]["revision"].value()
    client.post(url("wave-edit", "W0"), mine | {"revision": revision})
    wave.refresh_from_db()
    assert (wave.name_en, wave.wave_instruments.count()) == ("Mine", 4)


def test_empty_states_say_what_to_do(client, empty):
    assert "There is no wave yet." in text(client.get(url("wave-list")))
    assert "There is no questionnaire yet" in text(client.get(url("wave-new")))
    assert "There is no questionnaire yet." in text(client.get(url("limits-list")))
    assert "No file waits" in text(client.get(url("upload-many")))
    assert "Nothing has been accepted yet." in text(client.get(url("definition-list")))


# --- settings and limits ------------------------------------------------------------------


def settings_form(client, **changes: str) -> dict[str, Any]:
    form = client.get(url("project-settings")).context["form"]
    typed = {name: form.initial.get(name) or "" for name in form.fields}
    return typed | {"reference_date": typed["reference_date"].isoformat()} | changes


def test_settings_are_typed_in_percent_and_on_record(client, loaded):
    changes = {"alpha": "1", "on_track_share": "75", "target_confidence": "80"}
    answer = client.post(url("project-settings"), settings_form(client, **changes))
    assert answer.status_code == 302
    loaded.refresh_from_db()
    stored = (loaded.alpha, loaded.on_track_share, loaded.target_confidence)
    assert stored == (0.01, 0.75, 0.8)
    assert "Targets are judged by 80 % ranges" in text(client.get(url("legend")))
    assert AuditEvent.objects.filter(kind="project.settings_changed").count() == 1


def test_settings_outside_their_limits_stay_in_the_form(client, loaded):
    answer = client.post(
        url("project-settings"), settings_form(client, min_group_public="3", alpha="x")
    )
    assert answer.status_code == 200
    assert "outside the limits" in text(answer)
    assert "Type a number" in text(answer)
    assert 'value="3"' in text(answer)


def test_settings_under_results_ask_why(client, loaded):
    Run.objects.create(project=loaded, state="done")
    typed = settings_form(client, margin_share="3")
    assert "say why they change" in text(client.post(url("project-settings"), typed))
    client.post(url("project-settings"), typed | {"reason": "Agreed with the donor."})
    loaded.refresh_from_db()
    assert loaded.margin_share == 0.03
    assert Run.objects.filter(project=loaded, state="waiting").count() == 1


def test_a_second_persons_settings_are_shown_beside(client, loaded):
    first, second = settings_form(client, margin_nps="12"), settings_form(client, margin_nps="15")
    client.post(url("project-settings"), first)
    answer = client.post(url("project-settings"), second)
    assert answer.status_code == 409
    assert ("12" in text(answer), "15" in text(answer)) == (True, True)


def test_limits_are_printed_with_the_figures_of_their_questionnaire(client, olga):
    world = build_world(code="p")
    Instrument.objects.filter(project=world.project, code="student").update(limits_en="")
    client.force_login(member(world, "officer"))
    texts = {"limits_en": "Answers of those <present>.", "limits_ky": "", "limits_ru": ""}
    answer = client.post(url("limits-edit", "student"), texts | {"revision": 1}, follow=True)
    assert "Saved" in text(answer)
    shown = "Answers of those &lt;present&gt;."
    for page in (
        reverse("project-overview", args=["p"]),
        url("indicator-detail", "S01"),
        url("school-detail", "IS-01"),
        url("limits-list"),
    ):
        assert shown in text(client.get(page)), page
    stale = client.post(url("limits-edit", "student"), texts | {"limits_en": "x", "revision": 1})
    assert stale.status_code == 409


# --- files --------------------------------------------------------------------------------


def test_many_files_are_summed_up_and_accepted(client, loaded):
    paths = sorted((DEMO / "baseline" / "director_checklist").iterdir())[:3]
    files = [SimpleUploadedFile(path.name, path.read_bytes()) for path in paths]
    client.post(url("upload-new"), {"file": files})
    assert "Nothing blocks 3 files that wait." in text(client.get(url("upload-list")))
    page = client.get(url("upload-many"))
    assert page.context["sums"] == ["director checklists: 3 files, 3 rows"]
    assert "Tick the files" in text(client.post(url("upload-many"), {"file": "x"}, follow=True))
    pks = [line.pk for line in page.context["lines"]]
    answer = client.post(url("upload-many"), {"file": pks[:2]}, follow=True)
    assert "2 files are accepted." in text(answer)
    assert Upload.objects.filter(state="accepted").count() == 2
    assert Run.objects.filter(project=loaded).count() == 1


def test_a_locked_wave_is_named_where_a_file_is_withdrawn(client, loaded):
    path = DEMO / "baseline" / "desk_data.xlsx"
    client.post(url("upload-new"), {"file": SimpleUploadedFile(path.name, path.read_bytes())})
    upload = Upload.objects.get()
    client.post(url("upload-accept", upload.pk))
    client.post(url("wave-move"), {"wave": ["W0"], "step": "lock"})
    answer = client.post(url("upload-withdraw", upload.pk), {"reason": "wrong"}, follow=True)
    assert "the wave “Baseline” is not open" in text(answer)
    upload.refresh_from_db()
    assert upload.state == "accepted"

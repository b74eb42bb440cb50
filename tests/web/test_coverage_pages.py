"""The coverage board: what came in, what is missing, and the numbers expected."""

from datetime import date, timedelta

import numpy as np
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from indicators.actions.storage import pack
from indicators.models import (
    AnswerColumn,
    AuditEvent,
    Checklist,
    Dataset,
    Exclusion,
    FieldPlan,
    Membership,
    Project,
    Run,
    School,
    SchoolArrival,
    SchoolEvent,
    Upload,
    User,
    Wave,
    WaveInstrument,
)
from tests.web.factories import build_world, member

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(monkeypatch):
    monkeypatch.setattr("indicators.views.run.enqueue_calculation", lambda run_id: None)
    world = build_world()
    Checklist.objects.all().delete()
    return world


@pytest.fixture
def client(world) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(member(world, "officer"))
    return client


def arrive(world, respondent, *numbers, wave="W1"):
    """(school number, received, used, day) of one file."""
    dataset = Dataset.objects.get(upload=world.uploads[f"{respondent}_{wave}"])
    SchoolArrival.objects.bulk_create(
        SchoolArrival(
            dataset=dataset,
            school_code=world.school(school).code,
            n_received=received,
            n_used=used,
            last_on=day,
        )
        for school, received, used, day in numbers
    )
    total = sum(received for _school, received, _used, _day in numbers)
    used = sum(used for _school, _received, used, _day in numbers)
    Dataset.objects.filter(pk=dataset.pk).update(
        n_opened=total + 2, n_consented=used, n_answered=used, n_used=used
    )
    return dataset


def board(client, query="?wave=W1"):
    return client.get(reverse("coverage", args=["demo"]) + query)


def plan_url(instrument="student", wave="W1"):
    return reverse("coverage-plan", args=["demo", wave, instrument])


def rows_of(answer):
    return {row.school_code: row for row in answer.context["rows"]}


def cell(answer, school, who):
    """The cell of a school under a questionnaire."""
    row = rows_of(answer)[school.code]
    return next(cell for cell in row.cells if cell.title == f"{who} questionnaire")


def test_a_board_counts_what_is_stored(client, world):
    arrive(world, "student", (1, 44, 42, date(2027, 10, 14)), (2, 9, 9, None))
    arrive(world, "teacher", (1, 12, 11, date(2027, 10, 15)), (2, 5, 5, date(2027, 10, 16)))
    answer = board(client)
    columns = {column.code: column for column in answer.context["columns"]}
    assert {code: column.figure for code, column in columns.items()} == {
        "student": "51",
        "teacher": "16 of 32–60",
        "parent": "0",
        "director": "0 of 4",
    }
    assert "answers from 2 of 4 schools" in columns["student"].notes
    assert "2 rows name no school" in columns["student"].notes
    first, second = world.school(1), world.school(2)
    assert cell(answer, first, "student").note.startswith("44 received, the last on")
    counts = [cell(answer, first, who).figure for who in ("student", "teacher", "director")]
    assert counts == ["42", "11 of 8–15", "0 of 1"]
    assert set(rows_of(answer)[first.code].remind) == {
        "parent questionnaire: nothing yet",
        "director questionnaire: nothing yet",
    }
    assert "teacher questionnaire: 3 missing" in rows_of(answer)[second.code].remind


def test_schools_stand_by_code_and_are_not_ranked(client, world):
    arrive(world, "student", (3, 80, 80, None), (1, 2, 2, None))
    codes = [row.school_code for row in board(client).context["rows"]]
    assert codes == sorted(codes)


def test_only_schools_to_remind_can_be_shown(client, world):
    for who in ("student", "parent"):
        arrive(world, who, (1, 40, 40, None))
    arrive(world, "teacher", (1, 9, 9, None))
    form = WaveInstrument.objects.get(wave=world.waves[1], version__instrument__code="director")
    Checklist.objects.create(
        school=world.school(1),
        wave=world.waves[1],
        version=form.version,
        state="approved",
        answers={"d_d04": 1},
    )
    every, due = rows_of(board(client)), rows_of(board(client, "?wave=W1&remind=1"))
    assert every.keys() - due.keys() == {world.school(1).code}
    assert all(row.remind for row in due.values())


def test_a_closed_wave_and_an_absent_school_are_not_reminded(client, world):
    SchoolEvent.objects.create(school=world.school(2), kind="absent", wave=world.waves[1])
    row = rows_of(board(client))[world.school(2).code]
    assert row.is_absent
    assert not row.remind
    Wave.objects.filter(pk=world.waves[1].pk).update(state="locked")
    answer = board(client)
    assert not any(row.remind for row in answer.context["rows"])
    assert "nobody is reminded" in answer.content.decode()


def test_a_merged_school_answers_for_its_line(client, world):
    new = School.objects.create(project=world.project, code="IS-99", continues=world.school(1))
    assert world.school(1).code not in rows_of(board(client))
    assert "IS-99" in rows_of(board(client))
    arrive(world, "student", (1, 5, 5, None))
    assert world.school(1).code in rows_of(board(client))
    assert new.code not in rows_of(board(client))


def test_excluded_rows_are_not_used(client, world):
    dataset = arrive(world, "student", (1, 3, 3, None), (2, 1, 1, None))
    dataset.school_codes = [world.school(1).code, world.school(2).code]
    dataset.save()
    for name, codes in (("_row", [2, 3, 4, 5]), ("_school", [0, 0, 0, 1])):
        packed = pack(np.array(codes))
        AnswerColumn.objects.create(
            dataset=dataset,
            name=name,
            dtype=packed.dtype,
            length=packed.length,
            data=packed.data,
            sha256=packed.sha256,
        )
    Exclusion.objects.create(dataset=dataset, row=3, reason="filled in twice")
    answer = board(client)
    counts = [cell(answer, world.school(number), "student").figure for number in (1, 2)]
    assert counts == ["2", "1"]


def test_files_that_are_not_accepted_are_named(client, world):
    Upload.objects.filter(pk=world.uploads["parent_W1"].pk).update(state="checked")
    assert "1 file of this wave is not accepted" in board(client).content.decode()


def test_expected_numbers_are_typed_kept_and_on_record(client, world):
    arrive(world, "student", (1, 44, 42, None))
    box = f"school_{world.school(1).pk}"
    answer = client.post(plan_url(), {"n_invited": "1200", box: "45"})
    assert answer.url.endswith("?wave=W1")
    assert FieldPlan.objects.get().n_expected == 45
    assert cell(board(client), world.school(1), "student").figure == "42 of 45"
    assert "student questionnaire: 3 missing" in rows_of(board(client))[world.school(1).code].remind
    assert "1 200 people asked" in board(client).content.decode().replace("\u202f", " ")
    event = AuditEvent.objects.get(kind="field_plan.changed")
    assert event.after == {world.school(1).code: 45, "people asked": 1200}
    assert Run.objects.filter(state="waiting").count() == 1
    client.post(plan_url(), {"n_invited": "1200", box: "45"})
    assert AuditEvent.objects.filter(kind="field_plan.changed").count() == 1
    client.post(plan_url(), {"n_invited": "1200", box: ""})
    assert not FieldPlan.objects.exists()
    assert Run.objects.filter(state="waiting").count() == 1


@pytest.mark.parametrize("state", ["locked", "published"])
def test_what_a_locked_wave_rests_on_stays_and_nothing_typed_is_lost(client, world, state):
    Wave.objects.filter(project=world.project, code="W1").update(state=state)
    box = f"school_{world.school(1).pk}"
    answer = client.post(plan_url(), {"n_invited": "1200", box: "45"})
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "is not open, so its data stay as they are" in page
    assert 'value="1200"' in page
    assert not FieldPlan.objects.exists()
    assert not Run.objects.filter(state="waiting").exists()


@pytest.mark.parametrize("bad", ["-1", "x", "1.5", "9999999"])
def test_a_number_that_is_none_is_refused(client, world, bad):
    answer = client.post(plan_url(), {"n_invited": "", f"school_{world.school(1).pk}": bad})
    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert not FieldPlan.objects.exists()


def test_an_unknown_questionnaire_does_not_exist(client, world):
    assert client.get(plan_url("nobody")).status_code == 404
    assert client.get(plan_url("student", "W9")).status_code == 404


def test_empty_states_say_what_comes(client, world):
    assert "nothing yet" in board(client).content.decode()
    School.objects.all().delete()
    assert "There are no schools yet" in board(client).content.decode()
    WaveInstrument.objects.all().delete()
    assert "no questionnaire yet" in board(client).content.decode()
    empty = Project.objects.create(code="empty", reference_date=date(2027, 12, 1))
    user = User.objects.create(username="alone")
    Membership.objects.create(user=user, project=empty, role="officer")
    client.force_login(user)
    page = client.get(reverse("coverage", args=["empty"])).content.decode()
    assert "The project has no wave yet" in page


def test_the_newest_open_wave_comes_first(client, world):
    assert board(client, "").context["page"].wave.code == "W1"
    Wave.objects.filter(code="W1").update(state="planned")
    assert board(client, "").context["page"].wave.code == "W0"


@pytest.mark.parametrize("role", ["donor", "director", "administrator"])
def test_only_officers_see_it(world, role):
    client = Client()
    client.force_login(member(world, role))
    for url in (reverse("coverage", args=["demo"]), plan_url()):
        assert client.get(url).status_code == 403


def test_the_number_of_queries_does_not_grow(client):
    counts = []
    for n_schools, code in ((8, "few"), (120, "many")):
        world = build_world(n_schools, code=code)
        client.force_login(member(world, "officer"))
        day = date(2027, 10, 10)
        arrive(world, "student", *((n, n, n, day + timedelta(n % 9)) for n in range(1, n_schools)))
        for name in ("coverage", "coverage-plan"):
            args = [code] if name == "coverage" else [code, "W1", "student"]
            client.get(reverse(name, args=args))
            with CaptureQueriesContext(connection) as caught:
                assert client.get(reverse(name, args=args)).status_code == 200
            counts.append(len(caught))
    assert counts[:2] == counts[2:]
    assert max(counts) <= 20

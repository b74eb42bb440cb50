"""The answers behind a number: offered to officers, on record, or refused with the reason."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from indicators.actions.runs import request_run, run_calculation
from indicators.models import AuditEvent, Change, Estimate, Gap, Run, School
from indicators.vocabulary import Scope
from tests.actions.cast import World, build_world
from tests.operations.answers import add_answers
from tests.reports.bundles import csv_rows, files_of

pytestmark = pytest.mark.django_db

ADDRESSES = ("estimate-reproduce", "change-reproduce", "gap-reproduce")
ENGLISH = {"accept-language": "en"}
MOST = 45  # grows with files and kinds of definitions, not with schools or people


@pytest.fixture
def world() -> World:
    world = add_answers(build_world())
    run_calculation(run_id=request_run(project=world.project, by=None).pk)
    return world


@pytest.fixture
def officer(client: Any, world: World) -> Any:
    client.force_login(world.person("olga"))
    return client


def address(row: Any) -> str:
    name = f"{row._meta.model_name}-reproduce"
    return reverse(name, args=(row.run.project.code, row.pk))


def test_an_officer_gets_the_zip(officer: Any, world: World) -> None:
    row = Change.objects.get(scope=Scope.PROJECT, measure=world.share.measure)
    response = officer.get(address(row))
    assert response.status_code == 200
    assert response["Content-Type"] == "application/zip"
    assert response["Content-Disposition"].startswith('attachment; filename="reproduce-change-')
    assert response["Cache-Control"] == "no-store"
    files = files_of(response.content)
    assert {"README.txt", "reproduce.R", "answers.csv"} <= set(files)
    head, *rows = csv_rows(files["answers.csv"])
    assert head[:3] == ["wave", "school", "line"]
    assert len(rows) == row.n_baseline + row.n_endline


def test_handing_out_answers_is_on_record(officer: Any, world: World) -> None:
    row = Estimate.objects.filter(scope=Scope.SCHOOL).order_by("pk").first()
    officer.get(address(row))
    event = AuditEvent.objects.get(kind="answers.downloaded")
    assert event.by == world.person("olga")
    assert (event.object_type, event.object_id) == ("run", str(row.run_id))
    assert event.after["number"] == "estimate"
    assert event.after["id"] == row.pk
    assert event.after["people"] == row.n
    assert event.after["school"] == row.school.code
    assert len(event.after["sha256"]) == 64
    log = officer.get(reverse("audit-list", args=(world.project.code,)), headers=ENGLISH)
    page = log.content.decode()
    assert "answers of people downloaded" in page


@pytest.mark.parametrize("name", ["dina", "donna", "adam"])
def test_nobody_else_gets_answers(client: Any, world: World, name: str) -> None:
    client.force_login(world.person(name))
    for model in (Estimate, Change):
        assert client.get(address(model.objects.order_by("pk").first())).status_code == 403
    assert not AuditEvent.objects.filter(kind="answers.downloaded").exists()


def test_a_number_of_another_project_does_not_exist(officer: Any, world: World) -> None:
    other = add_answers(build_world(code="other"))
    run = run_calculation(run_id=request_run(project=other.project, by=None).pk)
    for model in (Estimate, Change):
        row = model.objects.filter(run=run).order_by("pk").first()
        name = f"{model._meta.model_name}-reproduce"
        assert officer.get(reverse(name, args=(world.project.code, row.pk))).status_code == 404


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "Calculate again"), ("ky", "Кайра эсептеп"), ("ru", "Рассчитайте заново")],
    indirect=["language"],
)
def test_a_refusal_says_why_and_hands_out_nothing(
    officer: Any, world: World, language: str, words: str
) -> None:
    School.objects.filter(project=world.project).update(n_students=7)
    response = officer.get(
        address(Change.objects.order_by("pk").first()), headers={"accept-language": language}
    )
    assert response.status_code == 409
    assert words in response.content.decode()
    assert not AuditEvent.objects.filter(kind="answers.downloaded").exists()


def test_a_download_asks_a_bounded_number_of_questions(officer: Any, world: World) -> None:
    row = Change.objects.get(scope=Scope.PROJECT, measure=world.share.measure)
    officer.get(address(row))
    with CaptureQueriesContext(connection) as caught:
        assert officer.get(address(row)).status_code == 200
    assert len(caught) <= MOST


# --- the links ----------------------------------------------------------------------------


@pytest.mark.parametrize(("role", "is_offered"), [("officer", True), ("donor", False)])
def test_the_links_are_offered_to_officers(visit_as: Any, demo: Any, role, is_offered) -> None:
    client = visit_as(role)
    for path in ("indicators/S01/", "schools/IS-01/"):
        page = client.get(f"/p/demo/{path}", headers=ENGLISH).content.decode()
        assert ("Repeat these numbers in R" in page) is is_offered
        assert ("/reproduce/" in page) is is_offered


def test_every_number_of_an_indicator_has_its_link(visit_as: Any, demo: Any) -> None:
    page = visit_as("officer").get("/p/demo/indicators/S01/").content.decode()
    measure = demo.indicators["S01"].measure
    rows: list[Any] = [
        *Estimate.objects.filter(measure=measure).exclude(scope=Scope.SCHOOL),
        *Change.objects.filter(measure=measure),
        *Gap.objects.filter(measure=measure),
    ]
    assert len(rows) > 10
    assert [row for row in rows if f'href="{address(row)}"' not in page] == []


@pytest.mark.parametrize("code", ["C03", "X01", "M01"])
def test_counted_facts_offer_none(visit_as: Any, demo: Any, code: str) -> None:
    page = visit_as("officer").get(f"/p/demo/indicators/{code}/").content.decode()
    assert "/reproduce/" not in page


def test_the_page_of_a_school_links_its_own_numbers(visit_as: Any, demo: Any) -> None:
    page = visit_as("officer").get("/p/demo/schools/IS-01/").content.decode()
    own = Change.objects.get(measure=demo.indicators["S01"].measure, school__code="IS-01")
    fact = Change.objects.filter(measure=demo.indicators["C03"].measure, school__code="IS-01")
    assert f'href="{address(own)}"' in page
    assert not any(f'href="{address(row)}"' in page for row in fact)


def test_a_run_without_answers_is_refused_on_every_address(visit_as: Any, demo: Any) -> None:
    client = visit_as("officer")
    run = Run.objects.get()
    for model, name in zip((Estimate, Change, Gap), ADDRESSES, strict=True):
        row = model.objects.filter(run=run).order_by("pk").first()
        response = client.get(reverse(name, args=("demo", row.pk)), headers=ENGLISH)
        assert response.status_code == 409
        assert "cannot be repeated" in response.content.decode()

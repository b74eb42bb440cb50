"""The download of accepted answers: officers only, in the language asked for, few queries."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from indicators.models import AuditEvent, Dataset
from tests.actions.cast import World, build_world
from tests.operations.answers import add_answers

pytestmark = pytest.mark.django_db

ENGLISH = {"accept-language": "en"}
MOST = 20  # whatever the number of questions and people


@pytest.fixture
def world() -> World:
    return add_answers(build_world())


@pytest.fixture
def dataset(world: World) -> Dataset:
    found = Dataset.objects.order_by("pk").first()
    assert found is not None
    return found


def address(dataset: Dataset, project: str = "p") -> str:
    return reverse("dataset-export", args=(project, dataset.upload_id))


@pytest.mark.parametrize("format", ["xlsx", "csv", "sav"])
@pytest.mark.parametrize("code", ["ky", "ru", "en"])
def test_an_officer_gets_the_file(
    client: Any, world: World, dataset: Dataset, format: str, code: str
) -> None:
    client.force_login(world.person("olga"))
    response = client.get(address(dataset), {"format": format, "language": code})
    assert response.status_code == 200
    assert response["Content-Disposition"].endswith(f'-{dataset.upload_id}.{format}"')
    assert response["Cache-Control"] == "no-store"
    event = AuditEvent.objects.get(kind="answers.exported")
    assert (event.by, event.after["format"]) == (world.person("olga"), format)
    assert event.after["language"] == code
    assert event.after["people"] == dataset.n_used


@pytest.mark.parametrize(
    ("name", "status"), [("dina", 403), ("donna", 403), ("adam", 403), ("sam", 404)]
)
def test_nobody_else_gets_answers(
    client: Any, world: World, dataset: Dataset, name: str, status: int
) -> None:
    client.force_login(world.person(name))
    asked = {"format": "csv", "language": "en"}
    assert client.get(address(dataset), asked).status_code == status
    assert not AuditEvent.objects.filter(kind="answers.exported").exists()


@pytest.mark.parametrize(
    "asked",
    [{}, {"format": "exe", "language": "en"}, {"format": "csv", "language": "xx"}],
)
def test_what_is_not_offered_does_not_exist(
    client: Any, world: World, dataset: Dataset, asked: dict[str, str]
) -> None:
    client.force_login(world.person("olga"))
    assert client.get(address(dataset), asked).status_code == 404


def test_answers_of_another_project_do_not_exist(client: Any, world: World) -> None:
    add_answers(build_world(code="other"))
    foreign = Dataset.objects.filter(upload__project__code="other").first()
    client.force_login(world.person("olga"))
    asked = {"format": "csv", "language": "en"}
    assert client.get(address(foreign), asked).status_code == 404


def test_the_download_asks_a_bounded_number_of_questions(
    client: Any, world: World, dataset: Dataset
) -> None:
    client.force_login(world.person("olga"))
    asked = {"format": "csv", "language": "en"}
    client.get(address(dataset), asked)
    with CaptureQueriesContext(connection) as caught:
        assert client.get(address(dataset), asked).status_code == 200
    assert len(caught) <= MOST


def test_the_page_of_an_accepted_file_offers_it(
    client: Any, world: World, dataset: Dataset
) -> None:
    client.force_login(world.person("olga"))
    page = reverse("upload-detail", args=("p", dataset.upload_id))
    text = client.get(page, headers=ENGLISH).content.decode()
    assert f'action="{address(dataset)}"' in text
    assert "Download the accepted answers" in text
    assert '<option value="en" selected>' in text
    log = "answers.exported"
    client.get(address(dataset), {"format": "csv", "language": "en"})
    assert AuditEvent.objects.filter(kind=log).count() == 1
    audit = client.get(reverse("audit-list", args=("p",)), headers=ENGLISH).content.decode()
    assert "accepted answers downloaded" in audit


def test_a_file_that_does_not_count_offers_nothing(
    client: Any, world: World, dataset: Dataset
) -> None:
    upload = dataset.upload
    dataset.delete()
    client.force_login(world.person("olga"))
    text = client.get(reverse("upload-detail", args=("p", upload.pk)), headers=ENGLISH)
    assert "Download the accepted answers" not in text.content.decode()

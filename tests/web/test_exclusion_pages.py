"""Rows left out by an officer: with a reason, on record, undone at will, never thrown away."""

import numpy as np
import pytest
from django.test import Client
from django.urls import reverse

from indicators.actions.storage import pack
from indicators.models import AnswerColumn, AuditEvent, Dataset, Exclusion, Run, Upload
from tests.web.factories import build_world, member

pytestmark = pytest.mark.django_db
ROWS = range(2, 12)


@pytest.fixture
def world(monkeypatch):
    monkeypatch.setattr("indicators.views.run.enqueue_calculation", lambda run_id: None)
    world = build_world()
    packed = pack(np.array(ROWS))
    AnswerColumn.objects.create(
        dataset=Dataset.objects.get(upload=world.uploads["student_W1"]),
        name="_row",
        dtype=packed.dtype,
        length=packed.length,
        data=packed.data,
        sha256=packed.sha256,
    )
    return world


@pytest.fixture
def client(world) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(member(world, "officer"))
    return client


def url(world, step, *args):
    return reverse(f"upload-{step}", args=["demo", world.uploads["student_W1"].pk, *args])


def leave_out(client, world, rows, reason="filled in by somebody else"):
    data = {"rows": rows, "reason": reason}
    return client.post(url(world, "exclude"), data, follow=True).content.decode()


def left_out():
    return list(Exclusion.objects.order_by("row").values_list("row", flat=True))


def test_rows_are_left_out_with_a_reason_and_put_back(client, world):
    assert "No row is left out" in client.get(url(world, "detail")).content.decode()
    text = leave_out(client, world, "3, 7-9")
    assert left_out() == [3, 7, 8, 9]
    assert "4 rows are left out" in text
    assert "filled in by somebody else" in text
    event = AuditEvent.objects.get(kind="upload.rows_excluded")
    assert (event.after, event.reason) == ({"rows": [3, 7, 8, 9]}, "filled in by somebody else")
    assert Run.objects.filter(state="waiting").count() == 1
    client.post(url(world, "include", 8))
    assert left_out() == [3, 7, 9]
    event = AuditEvent.objects.get(kind="upload.row_included")
    assert event.before == {"row": 8, "reason": "filled in by somebody else"}
    client.post(url(world, "include", 8))
    assert AuditEvent.objects.filter(kind="upload.row_included").count() == 1


def test_a_row_left_out_before_keeps_its_reason(client, world):
    leave_out(client, world, "3", "first")
    leave_out(client, world, "3,4", "second")
    assert list(Exclusion.objects.order_by("row").values_list("row", "reason")) == [
        (3, "first"),
        (4, "second"),
    ]


@pytest.mark.parametrize("rows", ["", "x", "9-3", "1-99999", "3-", "-3", "3 4", "1.5"])
def test_rows_that_are_none_are_refused(client, world, rows):
    assert "Name the rows" in leave_out(client, world, rows)
    assert left_out() == []


def test_a_reason_is_asked_for(client, world):
    assert "say why" in leave_out(client, world, "3", " ")
    assert left_out() == []


def test_rows_without_used_answers_are_named_and_nothing_is_stored(client, world):
    assert "no used answers: 1, 12." in leave_out(client, world, "1, 3, 12")
    assert left_out() == []


def test_a_file_that_does_not_count_has_no_rows_to_leave_out(client, world):
    Upload.objects.filter(pk=world.uploads["student_W1"].pk).update(state="withdrawn")
    assert "present state" in leave_out(client, world, "3")
    assert left_out() == []


def test_few_queries(client, world, django_assert_max_num_queries):
    leave_out(client, world, "2-11")
    client.get(url(world, "detail"))
    with django_assert_max_num_queries(11):
        client.get(url(world, "detail"))

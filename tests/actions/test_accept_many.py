"""Dozens of files accepted at once: register first, each for itself, nothing twice."""

from io import BytesIO

import pytest

from indicators.actions.accept_many import accept_many
from indicators.actions.receive import receive_files
from indicators.models import Checklist, Dataset, School, Upload
from indicators.queries.uploads import n_ready, ready_rows
from tests.actions.upload_cases import CHECKLISTS, DEMO, REGISTER, TEACHERS
from tests.pipeline.import_cases import DIRTY

pytestmark = pytest.mark.django_db
ENDLINE = DEMO / "endline" / "teacher_kobo.csv"


def drop(demo, officer, *paths):
    files = [(path.name, BytesIO(path.read_bytes())) for path in paths]
    return receive_files(project=demo, files=files, by=officer)


def ready(demo):
    return {row.pk for row in ready_rows(project=demo)}


def test_the_register_comes_first_and_frees_the_files_of_its_new_school(demo, officer):
    drop(demo, officer, ENDLINE, *sorted(CHECKLISTS.iterdir())[:2], REGISTER)
    assert n_ready(demo) == 3  # the endline knows no IS-24 yet
    report = accept_many(project=demo, pks=ready(demo), by=officer)
    assert report.accepted[0] == "register_changes.xlsx"
    assert len(report.accepted) == 3
    assert report.freed == ("teacher_kobo.csv",)
    assert School.objects.filter(project=demo, code="IS-24").exists()
    assert Checklist.objects.count() == 2
    again = accept_many(project=demo, pks=ready(demo), by=officer)
    assert again.accepted == ("teacher_kobo.csv",)
    assert n_ready(demo) == 0


def test_a_corrected_version_of_what_counts_waits_for_a_decision(demo, officer):
    drop(demo, officer, TEACHERS)
    accept_many(project=demo, pks=ready(demo), by=officer)
    twin = Upload.objects.get()
    Upload.objects.filter(pk=twin.pk).update(sha256="0" * 64)  # as if a cell had been corrected
    receive_files(project=demo, files=[("again.xlsx", BytesIO(TEACHERS.read_bytes()))], by=officer)
    report = accept_many(project=demo, pks=ready(demo), by=officer)
    assert (report.accepted, report.corrected) == ((), ("again.xlsx",))
    assert Dataset.objects.count() == 1


def test_blocked_files_and_those_of_another_project_are_left(demo, officer):
    (dirty,) = drop(demo, officer, DIRTY / "teacher_kobo.xlsx")
    assert dirty.n_blocking
    report = accept_many(project=demo, pks={dirty.pk, dirty.pk + 1}, by=officer)
    assert (report.accepted, report.refused) == ((), ("teacher_kobo.xlsx",))
    assert not Dataset.objects.exists()

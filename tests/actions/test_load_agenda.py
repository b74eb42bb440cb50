"""The agenda of a project's folder: loaded with it, and kept where people changed it."""

import shutil

import pytest
from openpyxl import load_workbook

from indicators.actions.agenda import (
    add_question,
    move_question,
    plain_question,
    remove_question,
)
from indicators.actions.load_project import LoadRefused, load_project
from indicators.actions.ordering import Step
from indicators.models import AgendaQuestion, AuditEvent, User
from indicators.pipeline import framework
from tests.pipeline.project_folder import DEMO, copy_demo, read_form_once

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(framework, "read_form", read_form_once)
    copy = copy_demo(tmp_path)
    shutil.copy(DEMO / "agenda.xlsx", copy / "agenda.xlsx")
    return copy


def set_links(folder, row, text):
    path = folder / "agenda.xlsx"
    book = load_workbook(path)
    book["agenda"].cell(row=row, column=6).value = text
    book.save(path)


def codes_of(code):
    links = AgendaQuestion.objects.get(code=code).indicators
    return sorted(links.values_list("code", flat=True))


def test_the_files_say_what_is_linked_until_a_person_does(folder):
    load_project(directory=folder, by=None)
    assert AgendaQuestion.objects.count() == 25
    assert codes_of("E02") == ["G01", "G02", "S15", "S16"]
    set_links(folder, 3, "G01 S01")
    load_project(directory=folder, by=None)
    assert codes_of("E02") == ["G01", "S01"]
    event = AuditEvent.objects.get(kind="agendaquestion.changed")
    assert (event.object_label, event.after) == ("E02", {"indicators": ["G01", "S01"]})
    officer = User.objects.create(username="officer")
    AgendaQuestion.objects.filter(code="E02").update(updated_by=officer, conclusion_en="Mine")
    set_links(folder, 3, "S01")
    load_project(directory=folder, by=None)
    assert codes_of("E02") == ["G01", "S01"]
    assert AgendaQuestion.objects.get(code="E02").conclusion_en == "Mine"


def test_an_unknown_indicator_blocks_the_load(folder):
    set_links(folder, 3, "G01 S99")
    with pytest.raises(LoadRefused, match="S99"):
        load_project(directory=folder, by=None)
    assert not AgendaQuestion.objects.exists()


def test_a_project_may_have_no_agenda(folder):
    (folder / "agenda.xlsx").unlink()
    load_project(directory=folder, by=None)
    assert not AgendaQuestion.objects.exists()


def test_a_removed_question_stays_out_until_somebody_adds_it(folder):
    project = load_project(directory=folder, by=None).project
    officer = User.objects.create(username="officer")
    question = AgendaQuestion.objects.get(code="E02")
    remove_question(question=question, reason="asked twice", revision=1, by=officer)
    report = load_project(directory=folder, by=None)
    assert not AgendaQuestion.objects.filter(code="E02").exists()
    assert [one.value for one in report.notices if one.kind == "removed_by_a_person"] == ["E02"]
    values = plain_question(AgendaQuestion.objects.get(code="E01"))
    add_question(project=project, code="E02", values=values, by=officer)
    report = load_project(directory=folder, by=None)
    assert AgendaQuestion.objects.filter(code="E02").exists()
    assert "removed_by_a_person" not in {one.kind for one in report.notices}


def test_the_order_people_made_is_kept(folder):
    load_project(directory=folder, by=None)
    officer = User.objects.create(username="officer")
    question = AgendaQuestion.objects.get(code="E02")
    move_question(question=question, step=Step.UP, by=officer)
    AgendaQuestion.objects.filter(code="E25").delete()  # as if the sheet named a new one
    load_project(directory=folder, by=None)
    codes = list(AgendaQuestion.objects.values_list("code", flat=True))
    assert codes[:3] == ["E02", "E01", "E03"]
    assert codes[-1] == "E25"
    # Moving a question is no change of its words: those still follow the sheet.
    set_links(folder, 3, "G01 S01")
    load_project(directory=folder, by=None)
    assert codes_of("E02") == ["G01", "S01"]

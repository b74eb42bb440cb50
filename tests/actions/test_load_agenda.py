"""The agenda of a project's folder: loaded with it, and kept where people changed it."""

import shutil

import pytest
from openpyxl import load_workbook

from indicators.actions.load_project import LoadRefused, load_project
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

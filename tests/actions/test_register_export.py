"""The register as a workbook: loaded back it changes nothing, edited it changes exactly that."""

import io
import re
import zipfile
from datetime import date
from typing import Any

import pytest
from openpyxl import load_workbook

from indicators.actions.definitions import accept_definitions, receive_definitions
from indicators.actions.load_project import load_project
from indicators.actions.projects import create_project
from indicators.actions.register_export import register_workbook
from indicators.actions.targets import set_target
from indicators.models import (
    CompositeIndex,
    Indicator,
    ItemVersion,
    Project,
    Target,
    User,
    Wave,
    WordingDecision,
)
from indicators.pipeline import framework
from indicators.queries.definitions import definition_page
from tests.actions.test_definitions import FORMS, REGISTER, drop, rows_of
from tests.pipeline.project_folder import DEMO, columns, read_form_once

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture(autouse=True)
def forms_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(framework, "read_form", read_form_once)


@pytest.fixture
def olga(db: None) -> User:
    return User.objects.create_user("olga", is_staff=True)


@pytest.fixture
def project(olga: User) -> Project:
    return load_project(directory=DEMO, by=None).project


def preview_of(project: Project, content: bytes, by: User) -> Any:
    """What a load of the workbook would do; everything that blocks it fails the test."""
    files = [("export.xlsx", io.BytesIO(content))]
    assert receive_definitions(project=project, files=files, by=by) == []
    page = definition_page(project)
    assert [one for one in page.problems if one["severity"] == "block"] == []
    return page.preview


def says_nothing_changes(preview: Any) -> bool:
    return not (
        preview["created"] or preview["updated"] or preview["removed"] or preview["kept"]
    ) and bool(preview["unchanged"])


def edited(content: bytes, sheet: str, code: str, column: str, value: object) -> bytes:
    book = load_workbook(io.BytesIO(content))
    page = book[sheet]
    row = next(row for row in range(2, page.max_row + 1) if page.cell(row, 1).value == code)
    page.cell(row, columns(page)[column]).value = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_loaded_back_it_changes_nothing(project, olga):
    assert says_nothing_changes(preview_of(project, register_workbook(project=project), olga))


def test_one_edited_cell_is_the_one_change(project, olga):
    content = register_workbook(project=project)
    cell = edited(content, "indicators", "S08", "name_ru", "Другое название")
    preview = preview_of(project, cell, olga)
    (change,) = preview["changed"]
    assert (change["model"], change["after"]) == ("Indicator", {"name_ru": "Другое название"})
    assert preview["updated"] == {"Indicator": 1}
    assert preview["created"] == {}


def test_an_indicator_added_below_is_the_one_addition(project, olga):
    book = load_workbook(io.BytesIO(register_workbook(project=project)))
    page = book["indicators"]
    last = [cell.value for cell in page[page.max_row]]
    page.append(["NEW", *last[1:]])
    out = io.BytesIO()
    book.save(out)
    preview = preview_of(project, out.getvalue(), olga)
    assert preview["names"]["Indicator"] == ["NEW"]
    assert preview["changed"] == []


def test_an_empty_project_becomes_the_same(project, olga):
    """Every row of every table, with the register of schools and the questionnaires beside it."""
    content = register_workbook(project=project)
    names = {"ky": "Жаңы", "ru": "Новый", "en": "New"}
    day = date(2027, 12, 1)
    fresh = create_project(code="fresh", names=names, reference_date=day, by=olga)
    drop(fresh, olga, REGISTER, *FORMS, ("register.xlsx", io.BytesIO(content)))
    mark = definition_page(fresh).mark
    accept_definitions(project=fresh, mark=mark, reason="", by=olga)
    found, wanted = rows_of(fresh), rows_of(project)
    for table, rows in wanted.items():
        assert rows, table
        # The site's order of targets is its own: project first, then schools.
        assert sorted(map(comparable, found[table])) == sorted(map(comparable, rows)), table
    assert register_rows(fresh) == register_rows(project)


def comparable(row: dict[str, Any]) -> str:
    # Versions and targets keep their rows but not the order in which they were made.
    return str({name: value for name, value in sorted(row.items()) if name != "revision"})


def register_rows(project: Project) -> list[list[Any]]:
    book = load_workbook(io.BytesIO(register_workbook(project=project)))
    return [[cell.value for cell in row] for page in book for row in page.iter_rows()]


class TestEditedOnTheSite:
    """What people typed survives, also where a workbook made by hand has no word for it."""

    def test_targets_that_a_workbook_made_by_hand_could_not_name(self, project, olga):
        wave = Wave.objects.get(project=project, code="W1")
        values = {
            "S08": ("change_abs", None, 0.02),  # a change against the direction
            "S09": ("at_least", 1.2, None),  # above the scale, confirmed
            "S10": ("range", 0.123, 0.4),
            "S01": ("change_abs", -0.1, None),  # at least: not much worse
        }
        for code, (kind, low, high) in values.items():
            indicator = Indicator.objects.get(project=project, code=code)
            old = Target.objects.filter(indicator=indicator, wave=wave, school=None).first()
            set_target(
                indicator=indicator,
                school=None,
                wave=wave,
                type=kind,
                low=low,
                high=high,
                rationale="Agreed with the donor.",
                revision=old.revision if old else None,
                by=olga,
                is_confirmed=True,
            )
        content = register_workbook(project=project)
        assert says_nothing_changes(preview_of(project, content, olga))

    def test_places_with_gaps_a_wave_without_questionnaires_and_long_numbers(self, project, olga):
        Indicator.objects.filter(project=project, code="S02").update(position=400, margin=0.1 + 0.2)
        Indicator.objects.filter(project=project, code="S03").update(position=401, margin=1 / 3)
        CompositeIndex.objects.filter(code="satisfaction").update(
            rescaled_min=-1 / 3, rescaled_max=100.0, min_answered_share=2 / 3
        )
        Indicator.objects.filter(code="T03").update(has_response_shift=False, note="")
        Indicator.objects.filter(code="S04").update(has_response_shift=True)
        Wave.objects.create(
            project=project,
            code="D1",
            kind="monitoring",
            position=7,
            name_en="Desk data",
            field_start="2026-01-01",
            field_end="2026-02-01",
        )
        content = register_workbook(project=project)
        assert says_nothing_changes(preview_of(project, content, olga))

    def test_texts_that_begin_like_a_formula(self, project, olga):
        texts = {"S02": "=1+1", "S03": "@SUM(A1)", "S04": "-2", "S05": "'=quoted", "S06": "+cmd"}
        for code, text in texts.items():
            Indicator.objects.filter(project=project, code=code).update(name_en=text)
        content = register_workbook(project=project)
        for part in zipfile.ZipFile(io.BytesIO(content)).infolist():
            if part.filename.startswith("xl/worksheets"):
                text = zipfile.ZipFile(io.BytesIO(content)).read(part).decode()
                assert not re.search(r"<f[ >]", text)
        page = load_workbook(io.BytesIO(content))["indicators"]
        cells = [cell for row in page.iter_rows() for cell in row if cell.value in texts.values()]
        assert len(cells) == len(texts)
        assert all(cell.data_type == "s" for cell in cells)
        assert all(cell.quotePrefix for cell in cells if cell.value[0] != "'")
        assert says_nothing_changes(preview_of(project, content, olga))

    def test_a_decision_about_a_reworded_question(self, project, olga):
        question = ItemVersion.objects.filter(item__name="s_feel_safe").order_by("-version")[0]
        WordingDecision.objects.create(
            question=question, is_comparable=True, reason="Only a comma.", decided_by=olga
        )
        content = register_workbook(project=project)
        page = load_workbook(io.BytesIO(content))["item_versions"]
        rows = [[cell.value for cell in row][:5] for row in page.iter_rows(min_row=2)]
        assert [row[4] for row in rows if row[0] == "s_feel_safe"] == ["base", "yes"]
        assert [row[4] for row in rows if row[0] == "s_respect_everyone"] == ["base", "no"]
        assert says_nothing_changes(preview_of(project, content, olga))


def test_the_examples_of_the_demo_are_still_what_the_export_would_write(project):
    """The columns made by hand all stand in the export, in their order."""
    made = load_workbook(DEMO / "framework.xlsx")
    ours = load_workbook(io.BytesIO(register_workbook(project=project)))
    unread = {"published_n", "published_mean", "published_sd", "published_figure", "source_type"}
    for page in made:
        if page.title != "readme":
            wanted = [name for name in columns(page) if name not in unread]
            assert set(wanted) <= set(columns(ours[page.title])), page.title
            assert page.max_row >= ours[page.title].max_row > 1

"""A project loaded through pages: the same rows as from a folder, everything wrong at once."""

import io
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from indicators.actions.definitions import (
    DefinitionsChanged,
    ReasonMissing,
    accept_definitions,
    receive_definitions,
    take_back_definition,
)
from indicators.actions.limits import set_limits
from indicators.actions.load_messages import stored_sentence
from indicators.actions.load_project import LoadRefused, load_project
from indicators.actions.projects import create_project
from indicators.models import (
    AuditEvent,
    Block,
    CompositeIndex,
    DefinitionCheck,
    DefinitionFile,
    IndexItem,
    Indicator,
    Instrument,
    InstrumentVersion,
    Item,
    ItemVersion,
    Measure,
    Project,
    Run,
    Scale,
    ScaleOption,
    School,
    SchoolCategory,
    Target,
    User,
    Wave,
    WaveInstrument,
)
from indicators.pipeline import framework
from indicators.queries.definitions import definition_page
from tests.pipeline.project_folder import DEMO, columns, read_form_once, row_of

pytestmark = pytest.mark.django_db

REGISTER, FRAMEWORK = DEMO / "register" / "schools.xlsx", DEMO / "framework.xlsx"
FORMS = sorted((DEMO / "instruments").glob("*.xlsx"))
# Every table of a definition with its way to the project.
TABLES = {
    SchoolCategory: "project",
    School: "project",
    Scale: "project",
    ScaleOption: "scale__project",
    Instrument: "project",
    InstrumentVersion: "instrument__project",
    Block: "instrument__project",
    Item: "instrument__project",
    ItemVersion: "version__instrument__project",
    Wave: "project",
    WaveInstrument: "wave__project",
    CompositeIndex: "instrument__project",
    IndexItem: "index__instrument__project",
    Measure: "project",
    Indicator: "project",
    Target: "indicator__project",
}


@pytest.fixture(autouse=True)
def forms_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(framework, "read_form", read_form_once)


@pytest.fixture
def olga(db: None) -> User:
    return User.objects.create_user("olga", is_staff=True)


@pytest.fixture
def empty(olga: User) -> Project:
    names = {"ky": "Инновациялык мектептер", "ru": "Инновационные школы", "en": "Schools"}
    day = date(2027, 12, 1)
    return create_project(code="pages", names=names, reference_date=day, by=olga)


def drop(project: Project, by: User, *files: Any) -> list[str]:
    """Names of the files that were not kept."""
    given = [
        one if isinstance(one, tuple) else (one.name, io.BytesIO(one.read_bytes())) for one in files
    ]
    return [one.file_name for one in receive_definitions(project=project, files=given, by=by)]


def changed(path: Path, sheet: str, change: Any, name: str = "") -> tuple[str, io.BytesIO]:
    """A workbook with one sheet changed."""
    book = load_workbook(path)
    change(book[sheet])
    content = io.BytesIO()
    book.save(content)
    return name or path.name, io.BytesIO(content.getvalue())


def cell(row: int, column: str, value: object) -> Any:
    def change(page: Any) -> None:
        page.cell(row=row, column=columns(page)[column]).value = value

    return change


def without(school: str) -> Any:
    """Take a school's rows out of a sheet."""

    def change(page: Any) -> None:
        place = columns(page)["school_code"]
        for row in range(page.max_row, 1, -1):
            if page.cell(row, place).value == school:
                page.delete_rows(row)

    return change


def accept(project: Project, by: User, reason: str = "") -> Any:
    mark = definition_page(project).mark
    return accept_definitions(project=project, mark=mark, reason=reason, by=by)


def rows_of(project: Project) -> dict[str, list[dict[str, Any]]]:
    """Every row without keys; a key to another row is its place among the project's."""
    places: dict[type, dict[int, int]] = {}
    found = {}
    for model, path in TABLES.items():
        rows = list(model._default_manager.filter(**{path: project}).order_by("pk"))
        places[model] = {row.pk: place for place, row in enumerate(rows)}
        found[model.__name__] = [plain(row, places) for row in rows]
    return found


def plain(row: Any, places: dict[type, dict[int, int]]) -> dict[str, Any]:
    left_out = {"id", "project", "updated_at", "updated_by"}
    values = {}
    for field in row._meta.concrete_fields:
        if field.name in left_out:
            continue
        value = getattr(row, field.attname)
        related = field.related_model
        values[field.name] = places[related].get(value) if related and value else value
    return values


def test_pages_and_folder_end_in_the_same_rows(empty, olga):
    """Dropped in three goes and any order; every row of every table is compared."""
    drop(empty, olga, FRAMEWORK, FORMS[3])
    drop(empty, olga, *FORMS[:3], *FORMS[4:])
    assert definition_page(empty).preview == {}
    drop(empty, olga, REGISTER)
    accept(empty, olga)
    folder = load_project(directory=DEMO, by=None, code="folder").project
    through_pages, from_folder = rows_of(empty), rows_of(folder)
    for table, rows in from_folder.items():
        assert rows, table
        assert through_pages[table] == rows, table


def test_what_is_missing_is_said_and_nothing_is_judged_before(empty, olga):
    assert drop(empty, olga, FRAMEWORK) == []
    page = definition_page(empty)
    assert [part.value for part in page.missing] == ["register", "form"]
    assert list(page.problems) == []
    with pytest.raises(LoadRefused):
        accept(empty, olga)
    assert not Indicator.objects.exists()


def test_a_file_of_another_kind_is_told_and_not_kept(empty, olga):
    answers = DEMO / "baseline" / "teacher_kobo.xlsx"
    broken = ("broken.xlsx", io.BytesIO(b"PK\x03\x04 no zip"))
    text = ("register.csv", io.BytesIO("code,name\nIS-01,Школа\n".encode()))
    assert drop(empty, olga, answers, broken, text) == [
        "teacher_kobo.xlsx",
        "broken.xlsx",
        "register.csv",
    ]
    assert not DefinitionFile.objects.exists()


def test_everything_wrong_is_listed_with_its_place(empty, olga):
    register = changed(REGISTER, "schools", cell(4, "Код", None), "мектептер.xlsx")
    book = changed(FRAMEWORK, "indicators", cell(3, "direction", "upwards"))
    drop(empty, olga, register, book, *FORMS)
    blocks = [one for one in definition_page(empty).problems if one["severity"] == "block"]
    places = {
        (one["params"]["file"], one["sheet"], one["row"], one["column"], one["value"])
        for one in blocks
    }
    assert ("framework.xlsx", "indicators", 3, "direction", "upwards") in places
    assert any(place[:3] == ("мектептер.xlsx", "schools", 4) for place in places)
    assert all(stored_sentence(one) for one in blocks)
    with pytest.raises(LoadRefused) as refused:
        accept(empty, olga)
    assert len(refused.value.blocking) == len(blocks)
    assert not School.objects.exists()


def test_a_corrected_workbook_takes_the_place_of_the_one_that_waits(empty, olga):
    wrong = changed(REGISTER, "schools", cell(4, "Код", None))
    drop(empty, olga, wrong, FRAMEWORK, *FORMS)
    drop(empty, olga, REGISTER)
    page = definition_page(empty)
    assert [row.file_name for row in page.waiting if row.part == "register"] == ["schools.xlsx"]
    assert not [one for one in page.problems if one["severity"] == "block"]
    assert page.preview["created"]["School"] == 23


def test_a_taken_back_workbook_no_longer_counts(empty, olga):
    drop(empty, olga, REGISTER, FRAMEWORK, *FORMS)
    waiting = DefinitionFile.objects.get(slot="register")
    assert take_back_definition(file=waiting, by=olga)
    assert not take_back_definition(file=waiting, by=olga)
    page = definition_page(empty)
    assert [part.value for part in page.missing] == ["register"]
    assert page.preview == {}


def test_files_other_than_those_looked_at_are_not_accepted(empty, olga):
    drop(empty, olga, REGISTER, FRAMEWORK, *FORMS)
    mark = definition_page(empty).mark
    drop(empty, olga, changed(REGISTER, "schools", cell(3, "Шаар/айыл (urban/rural)", "rural")))
    with pytest.raises(DefinitionsChanged):
        accept_definitions(project=empty, mark=mark, reason="", by=olga)
    accept(empty, olga)
    with pytest.raises(DefinitionsChanged):  # nothing waits any more
        accept(empty, olga)


class TestLater:
    """A project that is set up: new versions, with and without data."""

    @pytest.fixture(autouse=True)
    def loaded(self, olga: User) -> None:
        self.project, self.olga = load_project(directory=DEMO, by=None).project, olga

    def test_a_new_version_of_a_questionnaire_is_added(self):
        newer = changed(FORMS[-1], "settings", cell(2, "version", "2029010101"), "teacher 3.xlsx")
        drop(self.project, self.olga, newer)
        page = definition_page(self.project)
        assert page.missing == ()
        assert page.preview["created"] == {"InstrumentVersion": 1, "ItemVersion": 48}
        assert page.preview["names"] == {"InstrumentVersion": ["2029010101"]}
        before = InstrumentVersion.objects.count()
        accept(self.project, self.olga)
        assert InstrumentVersion.objects.count() == before + 1
        assert DefinitionFile.objects.filter(state="holds").count() == 9  # with the agenda
        assert not DefinitionCheck.objects.exists()

    def test_a_change_on_which_data_rest_says_why(self):
        Run.objects.create(project=self.project)
        book = changed(FRAMEWORK, "indicators", cell(2, "name_en", "Another name"))
        drop(self.project, self.olga, book)
        page = definition_page(self.project)
        assert page.needs_reason
        (change,) = page.preview["changed"]
        assert change["model"] == "Indicator"
        assert change["after"] == {"name_en": "Another name"}
        with pytest.raises(ReasonMissing):
            accept(self.project, self.olga, " ")
        accept(self.project, self.olga, "The old name was misread.")
        event = AuditEvent.objects.filter(kind="project.loaded").first()
        assert event is not None
        assert (event.reason, event.by) == ("The old name was misread.", self.olga)
        assert Indicator.objects.filter(name_en="Another name").count() == 1

    def test_a_school_the_new_register_leaves_out_stays(self):
        row = row_of(REGISTER, "schools", "Код", "IS-23")
        register = changed(REGISTER, "schools", lambda page: page.delete_rows(row))
        drop(self.project, self.olga, register, changed(FRAMEWORK, "targets", without("IS-23")))
        preview = definition_page(self.project).preview
        assert preview["kept"]["School"] == ["IS-23"]
        assert preview["removed"] == []
        targets = Target.objects.filter(school__code="IS-23").count()
        accept(self.project, self.olga)
        assert Target.objects.filter(school__code="IS-23").count() == targets > 0

    def test_waves_of_the_site_and_of_a_framework_stand_side_by_side(self):
        Wave.objects.filter(project=self.project, code="W1").update(code="SITE")
        drop(self.project, self.olga, changed(FRAMEWORK, "waves", cell(2, "name_en", "Start")))
        accept(self.project, self.olga)
        places = Wave.objects.order_by("position").values_list("code", "position")
        assert list(places) == [("W0", 0), ("SITE", 1), ("W1", 3)]

    def test_looking_at_a_preview_changes_nothing(self):
        before = rows_of(self.project)
        events = AuditEvent.objects.exclude(kind="definition.received").count()
        drop(self.project, self.olga, changed(FRAMEWORK, "waves", cell(2, "name_en", "Start")))
        assert definition_page(self.project).preview["updated"] == {"Wave": 1}
        assert rows_of(self.project) == before
        assert AuditEvent.objects.exclude(kind="definition.received").count() == events

    def test_limits_typed_on_the_site_survive_a_new_framework(self):
        parents = Instrument.objects.get(project=self.project, code="parent")
        texts = {"ky": "Чек", "ru": "Предел", "en": "A limit typed here"}
        set_limits(instrument=parents, texts=texts, revision=1, by=self.olga)
        book = changed(FRAMEWORK, "waves", cell(2, "name_en", "Start"))
        drop(self.project, self.olga, book)
        accept(self.project, self.olga)
        parents.refresh_from_db()
        assert parents.limits_en == "A limit typed here"

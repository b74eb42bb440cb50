"""Reference tables out and back in: unchanged, changed, and with mistakes."""

from typing import Any

import pytest
import tablib

from indicators.models import (
    AuditEvent,
    Checklist,
    Indicator,
    Measure,
    Project,
    School,
    Target,
    User,
    Wave,
    WaveInstrument,
)
from indicators.resources.base import TableResource
from indicators.resources.checklists import ChecklistResource
from indicators.resources.formats import CsvTable, XlsxTable
from indicators.resources.indicators import IndicatorResource
from indicators.resources.schools import SchoolResource
from indicators.resources.targets import TargetResource
from indicators.vocabulary import WaveState
from tests.resources.demo import load_demo

pytestmark = pytest.mark.django_db

TABLES = [SchoolResource, IndicatorResource, TargetResource, ChecklistResource]
FORMATS = [XlsxTable, CsvTable]


def resource(kind: type[TableResource], project: Project | None) -> TableResource:
    return kind(projects=[project.pk] if project else None)


def rows_of(kind: type[TableResource], project: Project) -> list[dict[str, Any]]:
    return list(resource(kind, project).export().dict)


def load(
    kind: type[TableResource], rows: list[dict[str, Any]], by: User, project: Project | None
) -> Any:
    data = tablib.Dataset(headers=list(rows[0]))
    for row in rows:
        data.append(list(row.values()))
    return resource(kind, project).import_data(data, dry_run=False, user=by)


def told(result: Any) -> str:
    lines = [str(error.error) for error in result.base_errors]
    lines += [str(message) for row in result.invalid_rows for message in row.error.messages]
    lines += [str(error.error) for _, errors in result.row_errors() for error in errors]
    return "\n".join(lines)


@pytest.fixture
def checklist(project: Project) -> Checklist:
    use = WaveInstrument.objects.get(
        wave__project=project, wave__code="W1", version__instrument__code="director"
    )
    return Checklist.objects.create(
        school=School.objects.get(code="IS-03"),
        wave=use.wave,
        version=use.version,
        answers={"d_strategic_plan": 2, "d_labs_open": "=1+1", "d_date": "2027-10-22"},
    )


@pytest.mark.parametrize("make", FORMATS, ids=lambda make: make.__name__)
@pytest.mark.parametrize("kind", TABLES, ids=lambda kind: kind.__name__)
def test_out_and_back_in_changes_nothing(
    kind: type[TableResource], make: Any, project: Project, officer: User, checklist: Checklist
) -> None:
    exported = resource(kind, project).export()
    n_rows = len(exported)
    assert n_rows > 0
    file = make().export_data(exported)
    data = make(encoding="utf-8-sig").create_dataset(file)
    assert len(data) == n_rows
    before = AuditEvent.objects.count()
    result = resource(kind, project).import_data(data, dry_run=False, user=officer)
    assert told(result) == ""
    assert result.totals["skip"] == n_rows
    assert AuditEvent.objects.count() == before


def test_headers_are_those_of_the_project_files(project: Project) -> None:
    school = rows_of(SchoolResource, project)[0]
    assert list(school)[:3] == ["Код", "Мектептин аталышы (ky)", "Название школы (ru)"]
    assert school["project"] == "innovative-schools"
    indicator = rows_of(IndicatorResource, project)[0]
    assert {"name_ky", "name_ru", "name_en", "items", "statistic", "codes"} <= set(indicator)
    target = rows_of(TargetResource, project)[0]
    assert list(target)[:3] == ["indicator", "scope", "school_code"]


def test_shares_are_percent_in_files(project: Project, officer: User) -> None:
    rows = {(row["indicator"], row["school_code"]): row for row in rows_of(TargetResource, project)}
    assert rows["S08", ""]["target_value"] == 85
    assert rows["S09", ""]["target_value"] == 7
    assert rows["S13", ""]["target_value"] == "-0.1..0.1"
    assert rows["S02", ""]["target_value"] == 4.05
    changed = {**rows["S08", ""], "target_value": "87,5", "note": "agreed with the ministry"}
    result = load(TargetResource, [changed], officer, project)
    assert told(result) == ""
    target = Target.objects.get(indicator__code="S08", school=None)
    assert (target.low, target.revision, target.updated_by) == (0.875, 2, officer)
    event = AuditEvent.objects.get(kind="target.changed")
    assert (event.by, event.before["low"], event.after["low"]) == (officer, 0.85, 0.875)
    assert event.reason == "agreed with the ministry"


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        ({"target_value": 870, "note": "x"}, "0 to 100"),
        ({"target_value": 80}, "needs a reason"),
        ({"indicator": "P01"}, "chose themselves"),
        ({"indicator": "T03"}, "neither way"),
        ({"wave": "W9"}, "W9"),
        ({"target_type": "change_abs", "target_value": -3}, "direction"),
        ({"target_type": "change_abs", "target_value": 300}, "whole scale"),
        ({"scope": "school", "school_code": "IS-99"}, "IS-99"),
        ({"project": "unknown"}, "unknown"),
    ],
)
def test_a_wrong_target_is_told_and_not_stored(
    project: Project, officer: User, cells: dict[str, Any], says: str
) -> None:
    rows = rows_of(TargetResource, project)
    good = next(row for row in rows if (row["indicator"], row["school_code"]) == ("S08", ""))
    result = load(TargetResource, [{**good, **cells}], officer, project)
    assert says in told(result)
    assert Target.objects.get(indicator__code="S08", school=None).low == 0.85
    assert Target.objects.count() == 88


def test_a_new_target(project: Project, officer: User) -> None:
    row = rows_of(TargetResource, project)[0]
    new = {**row, "indicator": "S01", "target_type": "absolute", "target_value": "4,5"}
    assert told(load(TargetResource, [new], officer, project)) == ""
    target = Target.objects.get(indicator__code="S01")
    assert (target.type, target.low) == ("at_least", 4.5)


def test_schools_are_changed_and_added(project: Project, officer: User) -> None:
    rows = rows_of(SchoolResource, project)
    changed = {**rows[0], "Облус": "Чуй областы", "Область": "", "Окуучулар, бардыгы": "1 720"}
    new = {**rows[1], "Код": "007", "School name (en)": "=cmd()"}
    result = load(SchoolResource, [changed, new], officer, project)
    assert told(result) == ""
    assert School.objects.get(code="IS-01").oblast == "chui"
    added = School.objects.get(code="007")  # leading zeros stay
    assert (added.project, added.n_students) == (project, 1540)
    changed_event = AuditEvent.objects.get(kind="school.changed")
    assert (changed_event.before, changed_event.after) == (
        {"oblast": "bishkek"},
        {"oblast": "chui"},
    )
    assert AuditEvent.objects.filter(kind="school.created", by=officer).count() == 1


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        ({"Облус": "Памир облусу", "Область": ""}, "Памир облусу"),
        ({"Код": ""}, "no code"),
        ({"Кыздар 1–4": -5}, "negative"),
        ({"Мугалимдер, бардыгы": "ок. 45"}, "not a number"),
        ({"Ролу": "excellent"}, "excellent"),
    ],
)
def test_a_wrong_school_is_told(
    project: Project, officer: User, cells: dict[str, Any], says: str
) -> None:
    row = rows_of(SchoolResource, project)[0]
    assert says in told(load(SchoolResource, [{**row, **cells}], officer, project))
    assert not AuditEvent.objects.filter(kind="school.changed").exists()


def test_a_row_twice_and_a_missing_column(project: Project, officer: User) -> None:
    row = rows_of(SchoolResource, project)[0]
    assert "already, in row 2" in told(load(SchoolResource, [row, row], officer, project))
    short = {name: value for name, value in row.items() if name != "Облус"}
    assert "Облус" in told(load(SchoolResource, [short], officer, project))


def test_an_indicator_is_changed_and_added(project: Project, officer: User) -> None:
    rows = {row["code"]: row for row in rows_of(IndicatorResource, project)}
    assert rows["G01"]["items"] == "t_group_work_last_week - s_group_work_last_week"
    assert rows["T20"]["codes"] == "mentoring"
    assert rows["C03"]["items"] == "events.open_lesson"
    assert rows["S08"]["codes"] == "4,5"
    changed = {**rows["S08"], "name_ru": "Другое имя", "codes": "5"}
    new = {**rows["S15"], "code": "S99", "items": "s_handouts"}
    result = load(IndicatorResource, [changed, new], officer, project)
    assert told(result) == ""
    indicator = Indicator.objects.get(code="S08")
    assert indicator.name_ru == "Другое имя"
    assert indicator.measure.code == "share:s_feel_safe:5"
    assert Measure.objects.filter(code="share:s_feel_safe:4,5").exists()
    assert Indicator.objects.get(code="S99").position == 70
    assert AuditEvent.objects.get(kind="indicator.changed").after["name_ru"] == "Другое имя"


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        ({"items": "s_feel_saf"}, "s_feel_safe"),
        ({"codes": "9"}, "9"),
        ({"direction": "up"}, "increase"),
        ({"name_ky": "", "name_ru": "", "name_en": ""}, "empty"),
    ],
)
def test_a_wrong_indicator_is_told(
    project: Project, officer: User, cells: dict[str, Any], says: str
) -> None:
    rows = {row["code"]: row for row in rows_of(IndicatorResource, project)}
    assert says in told(load(IndicatorResource, [{**rows["S08"], **cells}], officer, project))


def test_a_dry_run_stores_nothing(project: Project, officer: User) -> None:
    row = {**rows_of(SchoolResource, project)[0], "School name (en)": "New"}
    data = tablib.Dataset(headers=list(row))
    data.append(list(row.values()))
    result = resource(SchoolResource, project).import_data(data, dry_run=True, user=officer)
    assert result.totals["update"] == 1
    assert School.objects.get(code="IS-01").name_en != "New"
    assert not AuditEvent.objects.filter(kind="school.changed").exists()


def test_another_project_is_out_of_reach(project: Project, officer: User) -> None:
    other = load_demo("other")
    row = {**rows_of(SchoolResource, other)[0], "School name (en)": "New"}
    assert row["project"] == "other"
    assert "other" in told(load(SchoolResource, [row], officer, project))
    assert len(resource(SchoolResource, project).export()) == 23
    # With two projects open, the row must say which one it means.
    row["project"] = ""
    assert "Name the project" in told(load(SchoolResource, [row], officer, None))


def test_a_checklist_is_read_by_wording_name_and_number(
    project: Project, officer: User, checklist: Checklist
) -> None:
    row = rows_of(ChecklistResource, project)[0]
    assert row["d_strategic_plan"] == "exists and is used in work"
    typed = {
        **row,
        "d_strategic_plan": "есть на бумаге",
        "d_plan_updated": "yes",
        "d_laptops": 2,
        "d_labs_open": "",
    }
    new = {**typed, "Код": "IS-04"}
    result = load(ChecklistResource, [typed, new], officer, project)
    assert told(result) == ""
    checklist.refresh_from_db()
    assert checklist.answers == {
        "d_strategic_plan": 1,
        "d_plan_updated": 1,
        "d_laptops": 2,
        "d_date": "2027-10-22",
    }
    assert Checklist.objects.get(school__code="IS-04").answers == checklist.answers
    kinds = set(AuditEvent.objects.filter(by=officer).values_list("kind", flat=True))
    assert {"checklist.saved_for", "checklist.started_for"} <= kinds


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        ({"d_strategic_plan": "perhaps"}, "perhaps"),
        ({"Код": "IS-99"}, "no such school"),
        ({"wave": "W9"}, "no such school or wave"),
        ({"d_date": "tomorrow"}, "d_date"),
    ],
)
def test_a_wrong_checklist_is_told(
    project: Project, officer: User, checklist: Checklist, cells: dict[str, Any], says: str
) -> None:
    row = rows_of(ChecklistResource, project)[0]
    assert says in told(load(ChecklistResource, [{**row, **cells}], officer, project))
    checklist.refresh_from_db()
    assert checklist.revision == 1


def test_a_closed_wave_takes_no_checklist(
    project: Project, officer: User, checklist: Checklist
) -> None:
    Wave.objects.filter(code="W1").update(state=WaveState.LOCKED)
    row = {**rows_of(ChecklistResource, project)[0], "d_laptops": 1}
    assert "Reopen it" in told(load(ChecklistResource, [row], officer, project))

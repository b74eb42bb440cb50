"""Loading the demonstration project, again, and files with mistakes in them."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from openpyxl import load_workbook

from indicators.actions import load_parts
from indicators.actions.load_messages import SENTENCES, line
from indicators.actions.load_project import LoadRefused, load_project
from indicators.models import (
    AuditEvent,
    CompositeIndex,
    IndexItem,
    Indicator,
    Instrument,
    InstrumentVersion,
    Item,
    ItemVersion,
    Measure,
    Project,
    ScaleOption,
    School,
    Target,
    Wave,
    WaveInstrument,
    WordingDecision,
)
from indicators.pipeline import framework
from tests.pipeline.project_folder import (
    DEMO,
    ROOT,
    columns,
    copy_demo,
    read_form_once,
    row_of,
    set_cell,
    spoil,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def forms_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(framework, "read_form", read_form_once)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return copy_demo(tmp_path)


def problems_of(folder: Path) -> list[Any]:
    with pytest.raises(LoadRefused) as refused:
        load_project(directory=folder, by=None)
    assert not Project.objects.exists()
    return list(refused.value.blocking)


class TestDemo:
    @pytest.fixture(autouse=True)
    def loaded(self, db: None) -> None:
        self.report = load_project(directory=DEMO, by=None)
        self.project = self.report.project

    def test_counts(self) -> None:
        assert School.objects.count() == 23
        assert Indicator.objects.count() == 70
        assert CompositeIndex.objects.count() == 15
        assert Target.objects.filter(school=None).count() == 54
        assert Target.objects.exclude(school=None).count() == 34
        assert Measure.objects.count() == 173
        items = {one.code: one.items.count() for one in Instrument.objects.all()}
        assert items == {"student": 29, "teacher": 48, "parent": 18, "director": 16}
        versions = list(InstrumentVersion.objects.values_list("instrument__code", "version"))
        assert ("student", "2025100101") in versions
        assert ("student", "2027091501") in versions
        assert len(versions) == 5
        assert AuditEvent.objects.get().kind == "project.loaded"

    def test_names_in_three_languages(self) -> None:
        assert self.project.code == "innovative-schools"
        assert self.project.name_ky == "Инновациялык мектептер"
        student = Instrument.objects.get(code="student")
        assert (student.name_ru, student.name_en) == ("Анкета ученика", "Student survey")
        assert School.objects.get(code="IS-09").name_ru == "Средняя школа «Сары-Чабыт»"

    def test_a_reworded_question_is_the_same_item_and_not_comparable(self) -> None:
        item = Item.objects.get(name="s_respect_everyone")
        first, second = ItemVersion.objects.filter(item=item).order_by("version__version")
        assert first.name_in_version == "s_respect_everyone"
        assert second.name_in_version == "s_respect_everyone_v2"
        decision = WordingDecision.objects.get()  # the only one the framework file makes
        assert (decision.question, decision.is_comparable) == (second, False)
        assert (decision.is_from_file, decision.decided_by) == (True, None)
        assert decision.reason == "reworded at endline; wording alone lifts answers"
        assert item.label_en == first.label_en != second.label_en
        assert not Item.objects.filter(name="s_respect_everyone_v2").exists()
        # The question added at endline stands after its predecessor.
        names = list(Item.objects.filter(instrument__code="student").values_list("name", flat=True))
        assert names[names.index("s_online_safety") - 1] == "s_boys_girls_equally_safe"

    @pytest.mark.parametrize(
        ("name", "kind", "scale"),
        [
            ("s_school", "school", None),
            ("d_school", "school", None),
            ("p_consent", "consent", "consent_p"),
            ("p_strengths", "multi", "aspects"),
            ("p_open_improve", "text", None),
            ("d_date", "date", None),
            ("s_feel_safe", "scale", "likert_1_5"),
            ("p_grade_band", "scale", "grade_band"),
        ],
    )
    def test_kinds_of_items(self, name: str, kind: str, scale: str | None) -> None:
        item = Item.objects.get(name=name)
        assert item.kind == kind
        assert (item.scale.code if item.scale else None) == scale

    def test_rules_of_multiple_choice(self) -> None:
        assert Item.objects.get(name="p_strengths").max_selected == 3
        assert Item.objects.get(name="p_support_forms").exclusive_option == "not_ready"
        assert Item.objects.get(name="p_channels").max_selected is None

    def test_opinions_of_directors(self) -> None:
        opinions = Item.objects.filter(is_opinion=True).values_list("name", flat=True)
        assert set(opinions) == {
            "d_boys_girls_equally_safe",
            "d_internet_stable",
            "d_stem_labs",
            "d_teaching_kits",
        }

    def test_numbers_of_options(self) -> None:
        def codes(scale: str) -> dict[str, int]:
            rows = ScaleOption.objects.filter(scale__code=scale)
            return dict(rows.values_list("name", "code"))

        assert codes("ways")["mentoring"] == 0
        assert codes("ways")["publications"] == 7
        assert codes("grade_band") == {"g1_4": 0, "g5_9": 1, "g10_11": 2}
        assert codes("freq_0_3") == {"0": 0, "1": 1, "2": 2, "3": 3}
        unscored = ScaleOption.objects.filter(is_substantive=False)
        assert set(unscored.values_list("scale__code", "code")) == {
            ("contribution_0_3", 1),
            ("pos_changes", 0),
        }

    def test_questionnaires_without_index(self) -> None:
        refused = Instrument.objects.filter(allows_index=False)
        assert {one.code for one in refused} == {"parent", "director"}
        assert all(one.limits_ky and one.limits_en for one in refused)
        assert [one.code for one in Instrument.objects.filter(is_anonymous=False)] == ["director"]

    def test_how_respondents_come_in(self) -> None:
        rows = WaveInstrument.objects.filter(wave__code="W1")
        found = {row.version.instrument.code: (row.version.version, row.selection) for row in rows}
        assert found == {
            "student": ("2027091501", "census_schools_census_people"),
            "teacher": ("2025100101", "census_schools_random_people"),
            "parent": ("2025100101", "self_selected"),
            "director": ("2025100101", "census_schools_census_people"),
        }

    def test_index(self) -> None:
        index = CompositeIndex.objects.get(code="climate_culture")
        turned = index.index_items.filter(is_reversed=True)
        assert {row.item.name for row in turned} == {
            "t_must_ask_permission",
            "t_criticism_humiliation",
        }
        practices = CompositeIndex.objects.get(code="learning_practices")
        assert (practices.scale_min, practices.scale_max) == (0, 3)
        assert (practices.rescaled_min, practices.rescaled_max) == (1, 5)
        assert practices.min_answered_share == 0.5
        # One question in two indices.
        assert IndexItem.objects.filter(item__name="t_can_work_with_sen").count() == 2

    @pytest.mark.parametrize(
        ("indicator", "code", "kind"),
        [
            ("S01", "index:satisfaction", "index_mean"),
            ("S08", "share:s_feel_safe:4,5", "percent"),
            ("S13", "gap:s_feel_safe:sex", "gap_girls_minus_boys"),
            ("S15", "item:s_digital_last_week", "mean"),
            ("G01", "gap:t_group_work_last_week:s_group_work_last_week", "gap_means"),
            ("T20", "option:t_ways_of_support:mentoring", "percent_option"),
            ("P03", "nps:p_recommend", "nps"),
            ("D02", "schools_count:d_interactive_boards:2,3", "schools_count"),
            ("D10", "schools_percent:d_strategic_plan:2", "schools_percent"),
            ("X01", "desk:ort.mean", "desk_weighted_mean"),
            ("C04", "log:events.joint:joint_event,training,mentoring", "log_count"),
            ("M01", "manual:M01", "manual"),
        ],
    )
    def test_measures(self, indicator: str, code: str, kind: str) -> None:
        measure = Indicator.objects.get(code=indicator).measure
        assert (measure.code, measure.kind) == (code, kind)

    def test_every_scored_question_has_levels(self) -> None:
        codes = set(Measure.objects.values_list("code", flat=True))
        scored = Item.objects.filter(kind="scale").exclude(block__code="background")
        assert {f"item:{item.name}" for item in scored} <= codes
        assert "item:s_sex" not in codes
        assert len([code for code in codes if code.startswith("option:p_strengths:")]) == 7

    def test_targets(self) -> None:
        def target(code: str, school: str | None = None) -> tuple[str, Any, Any]:
            row = Target.objects.get(
                indicator__code=code, school=school and School.objects.get(code=school)
            )
            return row.type, row.low, row.high

        assert target("S02") == ("at_least", 4.05, None)
        assert target("S08") == ("at_least", 0.85, None)
        assert target("S09") == ("at_most", None, 0.07)
        assert target("S13") == ("range", -0.1, 0.1)
        assert target("G01") == ("at_most", None, 0.05)
        assert target("D01") == ("at_least", 15, None)
        assert target("C02") == ("at_least", 0.9, None)
        assert target("M01") == ("at_least", 0.6, None)
        assert target("S05", "IS-03") == ("change_abs", 0.15, None)
        assert target("C03", "IS-01") == ("at_least", 4, None)

    def test_notices(self) -> None:
        found = [(problem.kind, problem.value) for problem in self.report.notices]
        assert ("school_not_in_register", "is_24") in found
        assert ("index_skipped", "example") in found
        assert len(found) == 4

    def test_loading_again_changes_nothing(self) -> None:
        again = load_project(directory=DEMO, by=None)
        assert again.created == again.updated == {}
        assert sum(again.unchanged.values()) == sum(self.report.created.values())

    def test_another_code_is_another_project(self) -> None:
        copy = load_project(directory=DEMO, by=None, code="second").project
        assert copy.pk != self.project.pk
        assert School.objects.filter(project=copy).count() == 23

    def test_a_changed_file_updates_in_place(self, folder: Path) -> None:
        path = folder / "framework.xlsx"
        set_cell(path, "targets", 2, "target_value", 4.2)
        set_cell(path, "indices", 2, "items", "s_satisfied_learning s_recommend")
        target = Target.objects.get(indicator__code="S02")
        report = load_project(directory=folder, by=None)
        assert report.updated == {"Target": 1}
        changed = Target.objects.get(pk=target.pk)
        assert (changed.low, changed.revision) == (4.2, target.revision + 1)
        event = AuditEvent.objects.get(kind="target.changed")
        assert (event.before, event.after) == ({"low": 4.05}, {"low": 4.2})
        index = CompositeIndex.objects.get(code="satisfaction")
        assert index.index_items.count() == 2
        assert Item.objects.filter(name="s_like_coming").exists()

    def test_what_the_file_says_of_a_wording_is_added_to_what_it_said(self, folder: Path) -> None:
        path = folder / "framework.xlsx"
        set_cell(path, "item_versions", 3, "comparable", "yes")
        set_cell(path, "item_versions", 3, "note", "the pilot found no difference")
        load_project(directory=folder, by=None)
        first, second = WordingDecision.objects.order_by("id")
        assert (first.is_comparable, second.is_comparable) == (False, True)
        assert (second.is_from_file, second.reason) == (True, "the pilot found no difference")

    def test_what_a_person_decided_about_a_wording_stands_above_the_file(self) -> None:
        first = WordingDecision.objects.get()
        first.question.decisions.create(is_comparable=True, reason="The pilot says so.")
        report = load_project(directory=DEMO, by=None)
        assert WordingDecision.objects.count() == 2
        notices = [one.value for one in report.notices if one.kind == "edited_by_a_person"]
        assert notices == ["s_respect_everyone_v2"]

    def test_how_a_form_asks_is_kept_with_each_version(self) -> None:
        question = ItemVersion.objects.get(name_in_version="p_strengths")
        assert (question.asked["kind"], question.asked["max_selected"]) == ("multi", 3)
        assert question.asked["limits"] == "count-selected(.) <= 3"
        likert = ItemVersion.objects.filter(name_in_version="s_feel_safe").first()
        first = likert.asked["options"][0]
        assert (first["name"], first["code"], first["labels"][2]) == ("5", 5, "strongly agree")

    def test_what_the_files_no_longer_name_stays(self, folder: Path) -> None:
        spoil(folder / "framework.xlsx", "targets", lambda page: page.delete_rows(2, 10))
        load_project(directory=folder, by=None)
        assert Target.objects.count() == 88

    def test_the_state_of_a_wave_belongs_to_the_officers(self) -> None:
        Wave.objects.filter(code="W0").update(state="locked")
        load_project(directory=DEMO, by=None)
        assert Wave.objects.get(code="W0").state == "locked"

    def test_numbers_of_options_are_fixed_once_there_are_answers(self, folder: Path) -> None:
        wave = Wave.objects.get(code="W0")
        version = InstrumentVersion.objects.get(instrument__code="director")
        School.objects.get(code="IS-01").checklists.create(wave=wave, version=version)
        path = folder / "framework.xlsx"
        row = row_of(path, "scales", "scale", "plan_status")
        set_cell(path, "scales", row, "code", 7)
        set_cell(folder / "instruments/director.xlsx", "choices", 46, "code", 7)
        with pytest.raises(LoadRefused) as refused:
            load_project(directory=folder, by=None)
        assert {problem.kind for problem in refused.value.blocking} & {
            "definition_has_data",
            "option_code_differs",
        }
        assert not ScaleOption.objects.filter(scale__code="plan_status", code=7).exists()


def test_a_load_that_breaks_in_the_middle_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(self: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(load_parts.Parts, "store_targets", killed)
    with pytest.raises(KeyboardInterrupt):
        load_project(directory=DEMO, by=None)
    assert not Project.objects.exists()
    assert not School.objects.exists()
    assert not AuditEvent.objects.exists()


@pytest.mark.parametrize(
    ("sheet", "row", "column", "value", "kind", "shown"),
    [
        ("indicators", 9, "items", "s_feel_saf", "item_unknown", "s_feel_safe"),
        ("indicators", 9, "codes", "4,6", "code_unknown", "6"),
        ("indicators", 9, "direction", "up", "value_unknown", "increase"),
        ("indicators", 9, "unit", "points", "unit_not_percent", "%"),
        ("indicators", 9, "code", "S01", "duplicate_code", "2"),
        ("indicators", 2, "items", "satisfacton", "index_unknown", "satisfaction"),
        ("indicators", 2, "disaggregation", "sex;shoe", "group_unknown", "shoe"),
        ("indicators", 2, "instrument", "pupil", "instrument_unknown", "student"),
        ("indices", 2, "items", "s_recomend", "item_unknown", "s_recommend"),
        ("indices", 2, "instrument", "parent", "index_refused", "parent"),
        ("indices", 2, "reverse_items", "s_feel_safe", "reverse_item_not_in_index", "s_feel_safe"),
        ("indices", 2, "scale_max", 3, "index_scale_differs", "5"),
        ("indices", 2, "min_answered_share", 50, "number_outside_range", "50"),
        ("indices", 6, "rescale", "x times 2", "rescale_unreadable", "1 + 4*x/3"),
        ("targets", 2, "indicator", "S99", "indicator_unknown", "S99"),
        ("targets", 2, "indicator", "P01", "target_of_self_selected", "P01"),
        ("targets", 2, "indicator", "X01", "target_of_context", "X01"),
        ("targets", 2, "indicator", "T03", "target_without_direction", "T03"),
        ("targets", 2, "wave", "W7", "wave_unknown", "W7"),
        ("targets", 2, "target_value", 9, "target_outside_scale", "5"),
        ("targets", 2, "target_value", "many", "not_a_number", "many"),
        ("targets", 2, "school_code", "IS-01", "school_beside_project", "IS-01"),
        ("targets", 8, "target_value", 850, "target_outside_scale", "100"),
        ("targets", 13, "target_type", "absolute", "target_needs_direction", "maintain"),
        ("targets", 13, "target_value", "0.10..-0.10", "range_not_ordered", "0.10..-0.10"),
        ("targets", 13, "target_value", "about 0", "range_unreadable", "about 0"),
        ("targets", 60, "school_code", "IS-99", "school_unknown", "IS-99"),
        ("targets", 60, "target_value", -0.15, "change_against_direction", "-0.15"),
        ("targets", 3, "indicator", "S02", "repeated", "2"),
        ("scales", 3, "code", 5, "duplicate_code", "5"),
        ("scales", 3, "code", "", "option_without_code", "likert_1_5"),
        ("scales", 3, "code", 4.5, "option_code_wrong", "127"),
        ("scales", 3, "label_ru", "согласна", "option_label_differs", "согласна"),
        ("waves", 2, "field_end", "2025-01-01", "dates_not_ordered", "2025-10-06"),
        ("waves", 2, "field_start", "autumn", "not_a_date", "autumn"),
        ("waves", 3, "instrument_versions", "student 7", "form_unknown", "student 7"),
        ("item_versions", 3, "name_in_version", "s_respect", "item_unknown", "s_respect"),
        ("item_versions", 3, "comparable", "perhaps", "value_unknown", "base, yes, no"),
    ],
)
def test_a_mistake_in_the_framework_is_told_with_its_place(
    folder: Path, sheet: str, row: int, column: str, value: object, kind: str, shown: str
) -> None:
    set_cell(folder / "framework.xlsx", sheet, row, column, value)
    found = [problem for problem in problems_of(folder) if problem.kind == kind]
    assert found, "the mistake was not seen"
    told = line(found[0])
    assert shown in told
    assert "–" not in told.replace("0.10..-0.10", "") or kind == "value_missing"
    if sheet != "scales" or kind != "option_label_differs":
        assert (found[0].sheet, found[0].params["file"]) == (sheet, "framework.xlsx")
        assert found[0].row == row or kind == "option_without_code"


def test_everything_wrong_is_listed_at_once(folder: Path) -> None:
    path = folder / "framework.xlsx"
    set_cell(path, "indicators", 9, "items", "s_nothing")
    set_cell(path, "targets", 2, "wave", "W7")
    set_cell(folder / "register/schools.xlsx", "schools", 2, "Облус", "Памир облусу")
    (folder / "project.toml").write_text('code = "a b"')
    kinds = {problem.kind for problem in problems_of(folder)}
    assert {"item_unknown", "wave_unknown", "unknown_region", "project_code_wrong"} <= kinds


def test_a_form_may_not_differ_from_the_scales(folder: Path) -> None:
    path = folder / "instruments" / "director.xlsx"
    set_cell(path, "choices", 30, "code", 3)
    found = problems_of(folder)
    assert [(one.kind, one.row, one.column) for one in found] == [
        ("option_code_differs", 30, "code")
    ]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("project.toml", "file_missing"),
        ("framework.xlsx", "file_missing"),
        ("register/schools.xlsx", "file_missing"),
    ],
)
def test_a_missing_file_is_named(folder: Path, name: str, kind: str) -> None:
    (folder / name).unlink()
    assert (kind, name) in [(one.kind, one.params["file"]) for one in problems_of(folder)]


def test_a_broken_workbook_is_named(folder: Path) -> None:
    (folder / "framework.xlsx").write_bytes(b"no workbook")
    assert "file_unreadable" in {problem.kind for problem in problems_of(folder)}


def test_a_missing_sheet_and_column_are_named(folder: Path) -> None:
    def rename(page: Any) -> None:
        page.cell(1, columns(page)["direction"]).value = "directon"

    path = folder / "framework.xlsx"
    spoil(path, "indicators", rename)
    book = load_workbook(path)
    del book["waves"]
    book.save(path)
    found = {(one.kind, one.sheet): one for one in problems_of(folder)}
    assert ("sheet_missing", "waves") in found
    assert found["column_missing", "indicators"].suggestion == "directon"


def test_a_database_conflict_is_a_problem_and_not_a_crash(folder: Path) -> None:
    load_project(directory=folder, by=None)
    path = folder / "framework.xlsx"

    def swap(page: Any) -> None:
        first, second = ([cell.value for cell in page[row]] for row in (2, 3))
        for place, (one, other) in enumerate(zip(first, second, strict=True), start=1):
            page.cell(2, place).value, page.cell(3, place).value = other, one

    spoil(path, "waves", swap)
    with pytest.raises(LoadRefused, match="position"):
        load_project(directory=folder, by=None)
    assert [wave.code for wave in Wave.objects.order_by("position")] == ["W0", "W1"]


def test_the_command_tells_what_it_did(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("load_project", str(DEMO))
    told = capsys.readouterr().out
    assert "is_24" in told
    assert "Indicator                   70" in told


def test_the_command_lists_what_is_wrong(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    set_cell(folder / "framework.xlsx", "targets", 2, "wave", "W7")
    with pytest.raises(CommandError, match="1 problem"):
        call_command("load_project", str(folder))
    assert "sheet targets, row 2, column wave" in capsys.readouterr().err


def test_the_command_needs_a_folder(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="no folder"):
        call_command("load_project", str(tmp_path / "nothing"))


def test_every_kind_of_problem_has_a_sentence() -> None:
    sources = [*(ROOT / "indicators/pipeline").glob("framework*.py")]
    sources += [ROOT / "indicators/pipeline/xlsform.py"]
    said = {
        kind
        for path in sources
        for kind in re.findall(r'(?:add|report)\(\s*"([a-z_]+)"', path.read_text())
    }
    assert len(said) > 50
    assert said <= SENTENCES.keys()


def test_the_head_of_the_project_is_plain_toml() -> None:
    assert tomllib.loads((DEMO / "project.toml").read_text())["code"] == "innovative-schools"

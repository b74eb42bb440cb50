"""Targets against actuals: the page, the workbook and the CSV say the same to the same reader."""

import csv
import io
import re

import pytest

from indicators.models import Assessment, Change, Estimate, Indicator, Instrument, Run, Target, Wave
from indicators.vocabulary import Reason, Scope, Status
from tests.web.factories import build_world, member
from tests.web.regions import regions
from tests.web.test_pages import check_soundness, text_of

pytestmark = pytest.mark.django_db

PAGE, FILE = "/p/demo/performance/", "/p/demo/performance/file/"


def words(html):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", html))


def row_of(html, code):
    """The text of one row of the table."""
    start = html.index(f"/indicators/{code}/")
    return words(html[start : html.index("</tr>", start)])


def table_of(client, query="", language="en"):
    client.cookies["django_language"] = language
    response = client.get(f"{FILE}?format=csv{query}")
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    text = response.content.decode("utf-8-sig")
    return {row["Code"]: row for row in csv.DictReader(io.StringIO(text))}


def sheets_of(client, query="", language="en"):
    """Every sheet as rows of (value, format)."""
    from openpyxl import load_workbook

    client.cookies["django_language"] = language
    response = client.get(f"{FILE}?format=xlsx{query}")
    assert response["Content-Type"].endswith("spreadsheetml.sheet")
    assert response["Content-Disposition"].startswith('attachment; filename="performance-demo-')
    book = load_workbook(io.BytesIO(response.content))
    return {
        sheet.title: [[(cell.value, cell.number_format) for cell in row] for row in sheet.rows]
        for sheet in book
    }


def cells_of(sheet, code):
    """Cells of one indicator by the wave and title of their column."""
    at = next(place for place, row in enumerate(sheet) if row[0][0] == "Code")
    wave, heads = "", []
    for (group, _), (title, _) in zip(sheet[at - 1], sheet[at], strict=True):
        wave = group or wave
        heads.append((wave, title))
    row = next(row for row in sheet if row[0][0] == code)
    return dict(zip(heads, row, strict=True))


@pytest.mark.parametrize("language", ["ky", "ru", "en"])
def test_the_page_is_sound(visit_as, language):
    client = visit_as("officer")
    client.cookies["django_language"] = language
    check_soundness(text_of(client, PAGE), language)


def test_a_row_holds_baseline_target_value_change_verdict_status_and_bases(visit_as):
    row = row_of(text_of(visit_as("donor"), PAGE), "S01")
    for part in ("4.02", "920", "at least 4.10", "4.18", "+0.16", "+0.08 to +0.24", "increased"):
        assert part in row
    assert "wanted direction" in row
    assert re.search(r"\bmet\b", row)


def test_every_indicator_of_the_register_is_there_in_its_order(visit_as, demo):
    text = text_of(visit_as("donor"), PAGE)
    found = re.findall(r"/indicators/(\w+)/\"", text)
    assert found == ["S01", "S08", "T03", "P01", "D04", "M01", "C03", "G01", "X01"]
    assert set(found) == set(Indicator.objects.values_list("code", flat=True))


def test_a_missing_value_is_a_dash_everywhere(visit_as, demo):
    measure = demo.indicators["S08"].measure
    Estimate.objects.filter(measure=measure, wave=demo.waves[1]).delete()
    Change.objects.filter(measure=measure, scope=Scope.PROJECT).delete()
    client = visit_as("donor")
    assert row_of(text_of(client, PAGE), "S08").count("–") >= 3
    row = table_of(client)["S08"]
    assert (row["Endline: Value"], row["Endline: n"], row["Endline: Change"]) == ("–", "–", "–")
    cells = cells_of(sheets_of(client)["Performance table"], "S08")
    assert cells["Endline", "Value"][0] == "–"
    assert cells["Baseline", "Value"][0] == pytest.approx(60)


def test_what_must_be_known_stands_once_as_a_numbered_note(visit_as):
    text = text_of(visit_as("donor"), PAGE)
    notes = text[text.index('class="footnotes"') :]
    assert words(notes).count("People chose themselves whether to answer") == 1
    number = re.search(r'href="#note-(\d+)"', text[text.index("/indicators/P01/") :]).group(1)
    assert f'id="note-{number}">People chose' in notes
    assert "Possible response shift" in notes


def test_a_target_too_close_to_call_says_whether_the_value_reached_it(visit_as, demo):
    Assessment.objects.filter(target__indicator=demo.indicators["S01"]).update(
        status=Status.TOO_CLOSE, reached=False
    )
    client = visit_as("donor")
    assert "value did not reach it" in row_of(text_of(client, PAGE), "S01")
    assert table_of(client)["S01"]["Endline: Status"].endswith("value did not reach it")


def test_files_hold_the_numbers_of_the_page(visit_as):
    client = visit_as("donor")
    row = table_of(client)["S08"]
    assert (row["Baseline: Value"], row["Endline: Value"], row["Endline: n"]) == (
        "60.0",
        "65.2",
        "920",
    )
    assert (row["Endline: Change"], row["Endline: Range from"], row["Endline: Range to"]) == (
        "5.2",
        "-2.8",
        "13.2",
    )
    assert row["Endline: Target"] == "at least 70.0\u202f%"
    cells = cells_of(sheets_of(client)["Performance table"], "S08")
    value, look = cells["Endline", "Change"]
    assert value == pytest.approx(5.2)
    assert look.startswith("+#,##0.0")
    assert "pp" in look
    target, look = cells["Endline", "Target"]
    assert target == pytest.approx(70)
    assert look.startswith('"at least "')


def test_the_workbook_says_what_it_is(visit_as, demo):
    sheets = sheets_of(visit_as("donor"), "&respondent=teachers")
    assert list(sheets) == ["Performance table", "How to read this"]
    text = " ".join(str(value) for row in sheets["Performance table"] for value, _ in row if value)
    for part in (
        "Innovative schools: performance table",
        "Baseline: Oct. 4, 2025",
        "Published: Dec. 2, 2027",
        f"Calculation no. {demo.run.pk}, software 0.1.0, fingerprint abababababab",
        "Shown only: Part: Teachers",
        "Possible response shift",
    ):
        assert part in text
    assert "S01" not in text
    legend = " ".join(str(value) for row in sheets["How to read this"] for value, _ in row if value)
    assert "smallest change that matters" in legend
    assert "too close to call" in legend


@pytest.mark.parametrize("language", ["ky", "ru"])
def test_the_files_speak_the_readers_language(visit_as, language):
    sheets = sheets_of(visit_as("donor"), language=language)
    assert "Performance table" not in sheets
    text = " ".join(str(v) for rows in sheets.values() for row in rows for v, _ in row if v)
    assert not re.search(r"\b(Value|Target|Change|met|increased|Notes)\b", text)


@pytest.mark.parametrize("name", ["=1+1", "+cmd", "-2", "@SUM(A1)"])
def test_no_text_is_run_as_a_formula(visit_as, demo, name):
    Indicator.objects.filter(code="S01").update(name_en=name)
    client = visit_as("donor")
    assert table_of(client)["S01"]["Indicator"] == f"'{name}"
    from openpyxl import load_workbook

    response = client.get(f"{FILE}?format=xlsx")
    sheet = load_workbook(io.BytesIO(response.content)).worksheets[0]
    cell = next(cell for row in sheet.rows for cell in row if cell.value == name)
    assert cell.data_type == "s"
    assert cell.quotePrefix


@pytest.mark.parametrize("query", ["respondent=teachers", "text=climate", "status=not_met"])
def test_page_workbook_and_csv_filter_alike(visit_as, query):
    client = visit_as("donor")
    page = re.findall(r"/indicators/(\w+)/\"", text_of(client, f"{PAGE}?{query}"))
    rows = list(table_of(client, f"&{query}"))
    sheet = sheets_of(client, f"&{query}")["Performance table"]
    codes = [row[0][0] for row in sheet if row[0][0] in {"S01", "S08", "T03", "P01", "D04"}]
    assert page == rows == codes
    assert page


def test_filters_are_chips_that_can_be_taken_off_one_by_one(visit_as):
    text = text_of(visit_as("donor"), f"{PAGE}?respondent=students&level=outcome&instrument=x")
    chips = text[text.index('class="chips"') : text.index("</ul>", text.index('class="chips"'))]
    assert re.findall(r'class="chip" href="([^"]*)"', chips) == [
        f"{PAGE}?level=outcome",
        f"{PAGE}?respondent=students",
    ]
    assert f'href="{PAGE}"' in chips
    assert "respondent=students" in re.search(r'href="([^"]*format=xlsx)"', text).group(1)


def test_an_empty_result_says_so(visit_as):
    text = text_of(visit_as("donor"), f"{PAGE}?text=nothing-like-this")
    assert "No indicator fits these filters" in text
    assert "format=xlsx" not in text


def test_small_groups_stay_hidden_in_page_and_files(client, demo):
    measure = demo.indicators["S01"].measure
    Estimate.objects.filter(measure=measure, wave=demo.waves[1], scope=Scope.PROJECT).update(
        n=9, value=4.7771
    )
    Change.objects.filter(measure=measure, scope=Scope.PROJECT).update(n_endline=9)
    client.force_login(member(demo, "donor"))
    assert "4.78" not in text_of(client, PAGE)
    row = table_of(client)["S01"]
    assert row["Endline: Value"] == "–"
    assert row["Endline: n"] == "<\u202f10"
    assert row["Endline: Change"] == "–"
    cells = cells_of(sheets_of(client)["Performance table"], "S01")
    assert cells["Endline", "Value"][0] == "–"
    assert cells["Endline", "n"][0] == "<\u202f10"
    client.force_login(member(demo, "officer"))
    assert "4.78" in text_of(client, PAGE)


def test_donors_get_the_published_run_only(client):
    world = build_world(is_published=False)
    client.force_login(member(world, "donor"))
    assert "No results have been published yet" in text_of(client, PAGE)
    assert client.get(FILE).status_code == 404
    client.force_login(member(world, "officer"))
    assert "Not published" in text_of(client, PAGE)
    sheet = sheets_of(client)["Performance table"]
    assert "Not published" in str(sheet[2][0][0])


@pytest.mark.parametrize("format", ["sav", "pdf", "x"])
def test_another_format_does_not_exist(visit_as, format):
    assert visit_as("donor").get(f"{FILE}?format={format}").status_code == 404


def test_a_wave_to_come_stands_with_its_target(visit_as, demo):
    wave = Wave.objects.create(
        project=demo.project,
        code="W2",
        kind="monitoring",
        position=2,
        name_en="Monitoring 2029",
        field_start="2029-10-01",
        field_end="2029-10-31",
    )
    target = Target.objects.create(
        indicator=demo.indicators["S08"], wave=wave, type="range", low=0.7, high=0.8
    )
    Assessment.objects.create(
        run=demo.run,
        target=target,
        target_type="range",
        target_low=0.7,
        target_high=0.8,
        status=Status.NOT_DUE,
    )
    client = visit_as("donor")
    row = row_of(text_of(client, PAGE), "S08")
    assert "between 70.0\u202f% and 80.0\u202f%" in row.replace(" %", "\u202f%")
    assert "not due yet" in row
    assert "at least 70.0" in row
    line = table_of(client)["S08"]
    assert line["Monitoring 2029: Status"] == "not due yet"
    assert line["Monitoring 2029: Value"] == "–"
    assert line["Endline: Value"] == "65.2"


def test_one_wave_alone_makes_a_table_of_baselines(client):
    world = build_world()
    Estimate.objects.filter(wave=world.waves[1]).delete()
    Assessment.objects.all().delete()
    client.force_login(member(world, "donor"))
    assert "4.02" in row_of(text_of(client, PAGE), "S01")
    assert table_of(client)["S01"]["Baseline: Value"] == "4.02"
    assert "Endline: Value" not in table_of(client)["S01"]


def test_a_run_without_results_is_no_error(client, demo):
    Run.objects.create(project=demo.project, state="done")
    client.force_login(member(demo, "officer"))
    assert row_of(text_of(client, PAGE), "S01").count("–") >= 2
    assert len(table_of(client)) == 9


def test_the_change_of_a_wave_that_is_refused_says_why(visit_as, demo):
    Change.objects.filter(measure=demo.indicators["S08"].measure, scope=Scope.PROJECT).update(
        verdict="NOT_APPLICABLE", reason=Reason.TOO_FEW_CLUSTERS, ci_low=None, ci_high=None
    )
    client = visit_as("donor")
    assert "Too few schools to tell" in words(text_of(client, PAGE))
    assert "Too few schools to tell" in table_of(client)["S08"]["Endline: Notes"]


# --- the schools of one region, and what the answers cannot say ---------------------------------


def test_the_table_can_show_the_schools_of_one_region(visit_as, demo):
    regions(demo)
    client = visit_as("donor")
    text = text_of(client, f"{PAGE}?group=oblast:chui")
    assert re.findall(r"/indicators/(\w+)/\"", text) == ["S01"]
    row = row_of(text, "S01")
    for part in ("3.11", "3.41", "+0.30", "+0.07 to +0.61", "150"):
        assert part in row
    assert "at least 4.10" not in row  # the target is the project's
    assert "increased" not in row
    assert "Groups are looked at and not judged" in words(text)
    assert "4.02" in row_of(text_of(client, f"{PAGE}?group=oblast:nowhere"), "S01")


def test_files_of_a_region_say_which_schools_they_are_of(visit_as, demo):
    regions(demo)
    client = visit_as("donor")
    row = table_of(client, "&group=oblast:chui")["S01"]
    assert (row["Schools"], row["Endline: Value"], row["Endline: n"]) == ("Chui", "3.41", "150")
    assert row["Endline: Target"] == "–"
    assert "Schools" not in table_of(client)["S01"]
    sheet = sheets_of(client, "&group=oblast:chui")["Performance table"]
    text = " ".join(str(value) for row in sheet for value, _ in row if value)
    assert "Only the schools of this group: Chui." in text
    assert "Shown only: Schools: Region (oblast): Chui" in text


def test_a_filter_of_findings_means_the_projects_findings(visit_as, demo):
    regions(demo)
    client = visit_as("donor")
    assert "3.41" in text_of(client, f"{PAGE}?group=oblast:chui&status=met")
    assert "No indicator fits" in text_of(client, f"{PAGE}?group=oblast:chui&status=not_met")


def test_a_small_region_and_the_one_that_would_give_it_away_are_hidden(visit_as, demo):
    regions(demo, sizes=(200, 150, 9))
    client = visit_as("donor")
    for region, value in (("naryn", "3.42"), ("chui", "3.41")):
        query = f"group=oblast:{region}"
        assert value not in text_of(client, f"{PAGE}?{query}")
        row = table_of(client, f"&{query}")["S01"]
        assert (row["Endline: Value"], row["Endline: Change"]) == ("–", "–")
    assert "3.40" in text_of(client, f"{PAGE}?group=oblast:osh")
    assert "3.42" in text_of(visit_as("officer"), f"{PAGE}?group=oblast:naryn")


def test_limits_of_a_questionnaire_stand_with_its_figures(visit_as, demo):
    limits = "Answers of those <present>, on one day."
    Instrument.objects.filter(project=demo.project, code="student").update(limits_en=limits)
    client = visit_as("donor")
    text = text_of(client, PAGE)
    assert text.count("Answers of those &lt;present&gt;, on one day.") == 1
    place = text.index("Answers of those")
    assert text.index('id="block-students"') < place < text.index("/indicators/S01/")
    rows = table_of(client)
    assert (rows["S01"]["Limits"], rows["D04"]["Limits"]) == (limits, "")
    sheet = [row[0][0] for row in sheets_of(client)["Performance table"]]
    assert sheet[sheet.index("S01") - 1] == f"Limits: {limits}"
    assert sum(str(cell).startswith("Limits: Answers") for cell in sheet) == 1
    without = text_of(client, f"{PAGE}?respondent=teachers")
    assert "Answers of those" not in without


def test_a_target_reads_as_it_was_set_wherever_it_stands(visit_as, demo):
    """4.125 printed as 4.13 would be another target, and 4.126 would seem to miss it."""
    target = Target.objects.get(indicator__code="S01", school=None)
    Target.objects.filter(pk=target.pk).update(low=4.125)
    Assessment.objects.filter(target=target).update(target_low=4.125, value=4.1251)
    client = visit_as("officer")
    for page in (PAGE, "/p/demo/", "/p/demo/indicators/S01/", "/p/demo/targets/"):
        assert "at least 4.125" in text_of(client, page), page
    assert table_of(client)["S01"]["Endline: Target"] == "at least 4.125"
    cell = cells_of(sheets_of(client)["Performance table"], "S01")["Endline", "Target"]
    assert cell == (4.125, '"at least "#,##0.000')
    assert "4.1251" in text_of(client, "/p/demo/targets/")


@pytest.mark.parametrize(("difference", "shown"), [(-0.0004, "0.00"), (0.0004, "0.00")])
def test_a_change_that_rounds_to_nothing_has_no_sign_in_the_workbook(
    visit_as, demo, difference, shown
):
    Change.objects.filter(measure=demo.indicators["S01"].measure, school=None).update(
        difference=difference
    )
    client = visit_as("officer")
    assert re.search(rf"\b{shown}\b", row_of(text_of(client, PAGE), "S01"))
    cells = cells_of(sheets_of(client)["Performance table"], "S01")
    assert cells["Endline", "Change"] == (difference, "#,##0.00;#,##0.00;#,##0.00")

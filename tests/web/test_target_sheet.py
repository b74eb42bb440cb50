"""The sheet of targets as a workbook: out, changed, and back in as a preview of differences."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from indicators.actions.targets import set_target
from indicators.models import Assessment, Indicator, Target
from indicators.resources.target_sheet import SheetUnreadable, read_sheet
from indicators.vocabulary import TargetType
from tests.web.factories import build_world, member
from tests.web.target_grid import name, sent
from tests.web.world import World


@pytest.fixture
def demo(db) -> World:
    world = build_world()
    Target.objects.all().delete()
    return world


@pytest.fixture
def officer(demo) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(member(demo, "officer", name="olga"))
    return client


def url(name="target-import", **query) -> str:
    return reverse(name, args=["demo"], query=query or None)


def give(world, code="S01", low=4.3, school=None, revision=None) -> Target:
    return set_target(
        indicator=world.indicators[code],
        school=world.school(school) if school else None,
        wave=world.waves[1],
        type=TargetType.AT_LEAST,
        low=low,
        high=None,
        rationale="why",
        revision=revision,
        by=member(world, "officer"),
    )


def exported(officer, **query) -> Workbook:
    return load_workbook(io.BytesIO(officer.get(url("target-export", **query)).content))


def row_of(book: Workbook, code: str, column="indicator") -> int:
    sheet = book["targets"]
    header = [cell.value for cell in sheet[1]]
    at = header.index(column)
    return next(row[at].row for row in sheet.iter_rows(min_row=2) if row[at].value == code)


def cell_in(book: Workbook, code: str, column="indicator"):
    sheet = book["targets"]
    header = [cell.value for cell in sheet[1]]
    return sheet.cell(row_of(book, code, column), header.index("W1") + 1)


def load(officer, book: Workbook, **query):
    out = io.BytesIO()
    book.save(out)
    return officer.post(
        url(**query), {"file": SimpleUploadedFile("t.xlsx", out.getvalue())}, follow=True
    )


def test_the_workbook_has_the_layout_of_the_page(officer, demo):
    give(demo)
    give(demo, "S08", 0.655)
    book = exported(officer)
    header = [cell.value for cell in book["targets"][1]]
    assert header == ["indicator", "name", "school_code", "school", "unit", "baseline", "W1"]
    assert cell_in(book, "S01").value == "≥ 4.3"
    assert cell_in(book, "S08").value == "≥ 65.5"
    assert cell_in(book, "D04").value in (None, "")
    assert book["stored"].sheet_state == "hidden"


def test_loading_it_back_unchanged_changes_nothing(officer, demo):
    give(demo)
    answer = load(officer, exported(officer))
    assert "holds what is stored already" in answer.content.decode()


def test_the_differences_are_shown_and_saved_through_the_same_form(officer, demo):
    give(demo)
    give(demo, "S08", 0.6)
    book = exported(officer)
    cell_in(book, "S01").value = 4.5  # a number, as a spreadsheet keeps it
    cell_in(book, "D04").value = "20"
    cell_in(book, "S08").value = None
    page = load(officer, book)
    assert "not saved yet" in page.content.decode()
    lines = [line.code for part in page.context["parts"] for line in part.lines]
    assert lines == ["S01", "S08", "D04"]
    assert Target.objects.filter(low=4.5).count() == 0
    officer.post(reverse("target-grid", args=["demo"]), sent(page))
    found = dict(Target.objects.values_list("indicator__code", "low"))
    assert found == {"S01": 4.5, "D04": 20.0}


def test_a_cell_formatted_as_percent_is_percent(officer, demo):
    book = exported(officer)
    cell = cell_in(book, "S08")
    cell.value, cell.number_format = 0.7, "0%"
    page = load(officer, book)
    officer.post(reverse("target-grid", args=["demo"]), sent(page))
    assert Target.objects.get().low == 0.7


def test_what_was_changed_after_the_download_is_not_overwritten(officer, demo):
    target = give(demo)
    book = exported(officer)
    give(demo, low=4.6, revision=1)
    # A cell that the file leaves alone is no difference, although the store moved on.
    assert "holds what is stored already" in load(officer, book).content.decode()
    cell_in(book, "S01").value = "≥ 4,5"
    page = load(officer, book)
    answer = officer.post(reverse("target-grid", args=["demo"]), sent(page))
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "at least 4.60" in text
    assert "≥ 4,5" in text
    target.refresh_from_db()
    assert target.low == 4.6


def test_one_indicator_over_all_schools(officer, demo):
    give(demo, school=2)
    book = exported(officer, indicator="S01")
    cell_in(book, "IS-03", "school_code").value = "≥ 4,4"
    page = load(officer, book, indicator="S01")
    assert [line.code for part in page.context["parts"] for line in part.lines] == ["IS-03"]
    officer.post(page.context["address"], sent(page))
    assert Target.objects.get(school=demo.school(3)).low == 4.4


def test_a_sheet_made_by_hand_needs_two_columns(officer, demo):
    give(demo)
    book = Workbook()
    book.active.append(["indicator", "W1"])
    book.active.append(["S01", "≥ 4,5"])
    book.active.append(["Z99", "5"])
    page = load(officer, book)
    assert "Z99" in page.content.decode()
    assert [line.code for part in page.context["parts"] for line in part.lines] == ["S01"]


def test_a_cell_that_cannot_be_read_is_marked(officer, demo):
    book = exported(officer)
    cell_in(book, "S01").value = "about four"
    page = load(officer, book)
    form = page.context["form"]
    cell = next(c for c in form.cells.values() if c.name == name(demo))
    assert (cell.text, bool(cell.problem)) == ("about four", True)


@pytest.mark.parametrize("content", [b"", b"not a workbook", b"PK\x03\x04broken", b"\x00" * 100])
def test_another_file_is_refused_with_a_way_out(officer, content):
    file = SimpleUploadedFile("t.xlsx", content)
    text = officer.post(url(), {"file": file}, follow=True).content.decode()
    assert "no sheet of targets" in text or "Choose a workbook" in text


def test_no_file_is_said(officer):
    assert "Choose a workbook" in officer.post(url(), follow=True).content.decode()


def test_a_workbook_without_the_columns_is_unreadable():
    out = io.BytesIO()
    book = Workbook()
    book.active.append(["indicator", "W9"])
    book.save(out)
    with pytest.raises(SheetUnreadable):
        read_sheet(out.getvalue(), ["W1"])


def test_cells_are_harmless_in_a_spreadsheet(officer, demo):
    Indicator.objects.filter(code="S01").update(name_en="=HYPERLINK(0)\x07")
    row = row_of(exported(officer), "S01")
    assert exported(officer)["targets"].cell(row, 2).value == "'=HYPERLINK(0)"


def test_a_donor_downloads_what_is_published(demo):
    target = give(demo)
    give(demo, "S08", 0.7)
    Assessment.objects.create(
        run=demo.run, target=target, target_type="at_least", target_low=4.1, status="met"
    )
    donor = Client(headers={"accept-language": "en"})
    donor.force_login(member(demo, "donor"))
    book = exported(donor)
    assert cell_in(book, "S01").value == "≥ 4.1"
    assert cell_in(book, "S08").value in (None, "")
    assert exported(donor)["targets"].max_row == Indicator.objects.count() + 1


def test_a_target_for_an_indicator_that_gets_none_is_told(officer, demo):
    book = exported(officer)
    cell_in(book, "X01").value = "60"
    Indicator.objects.filter(code="X01").update(is_context=True)
    text = load(officer, book).content.decode()
    assert "X01 ORT mean score: This indicator is context only: it has no target." in text
    assert "nothing to change" not in text
    cell_in(book, "S01").value = "4.3"
    text = load(officer, book).content.decode()
    assert "context only: it has no target" in text
    assert "4.3" in text


@pytest.mark.parametrize(
    ("value", "look", "text"),
    [
        (0.85, "0%", "85%"),
        (85, "0", "85"),
        (85, '"at least "#,##0.0" %"', "85"),  # copied from the performance workbook
        (85, r"0\ \%", "85"),
        (True, "General", "True"),
    ],
)
def test_a_number_is_read_as_a_person_sees_it(officer, demo, value, look, text):
    book = exported(officer)
    cell = cell_in(book, "S08")
    cell.value, cell.number_format = value, look
    out = io.BytesIO()
    book.save(out)
    read = {one.indicator: one.text for one in read_sheet(out.getvalue(), ["W1"])}
    assert read["S08"] == text


def test_two_rows_that_say_different_things_change_nothing_and_are_named(officer, demo):
    give(demo)
    book = exported(officer)
    sheet = book["targets"]
    sheet.append([cell.value for cell in sheet[row_of(book, "S01")]])
    assert "holds what is stored already" in load(officer, book).content.decode()
    cell_in(book, "S01").value = "≥ 4.6"
    text = load(officer, book).content.decode()
    assert "Written twice with different targets, so left out: S01 W1." in text
    assert "nothing to change" not in text
    assert "not saved yet" not in text

"""Versions of definitions, whichever door a change comes through."""

import shutil

from django.db import transaction
from openpyxl import load_workbook

from indicators.actions.load_project import load_project
from indicators.actions.tables import delete_row, save_row
from indicators.actions.versions import versioned
from indicators.models import CompositeIndex, DefinitionVersion, IndexItem, Indicator, Item
from indicators.queries.questions import Questions
from indicators.queries.versions import (
    as_defined_at,
    index_fields,
    indicator_fields,
    versions_of,
    versions_of_index,
)
from indicators.vocabulary import DefinitionSource
from tests.pipeline.import_cases import DEMO


def versions(**wanted):
    return DefinitionVersion.objects.filter(**wanted).order_by("number")


def test_a_load_leaves_the_first_version_of_every_definition(demo):
    assert versions().count() == Indicator.objects.count() + CompositeIndex.objects.count()
    assert set(versions().values_list("number", "source")) == {(1, DefinitionSource.FILE)}
    row = Indicator.objects.get(code="S01")
    assert versions(indicator=row).get().fields == indicator_fields(row)
    index = CompositeIndex.objects.get(code="satisfaction")
    assert versions(index=index).get().fields == index_fields(index)


def test_loading_the_same_again_adds_no_version(demo):
    n = versions().count()
    load_project(directory=DEMO, by=None)
    assert versions().count() == n


def test_a_changed_file_adds_a_version_and_no_edit_of_a_person_is_undone(demo, officer, tmp_path):
    folder = tmp_path / "demo"
    shutil.copytree(DEMO, folder)
    book = load_workbook(folder / "framework.xlsx")
    sheet = book["indicators"]
    header = [cell.value for cell in sheet[1]]
    for row in sheet.iter_rows(min_row=2):
        if row[header.index("code")].value in ("S08", "S09"):
            row[header.index("name_en")].value = "From the file"
    sheet = book["indices"]
    header = [cell.value for cell in sheet[1]]
    for row in sheet.iter_rows(min_row=2):
        if row[header.index("code")].value == "satisfaction":
            cell = row[header.index("items")]
            cell.value = " ".join(cell.value.split()[:2])
    book.save(folder / "framework.xlsx")
    edited = Indicator.objects.get(code="S09")
    edited.name_en = "By a person"
    save_row(row=edited, by=officer)
    link = IndexItem.objects.filter(index__code="satisfaction")[0]
    link.is_reversed = True
    save_row(row=link, by=officer)

    report = load_project(directory=folder, by=officer)

    changed, kept = (Indicator.objects.get(code=code) for code in ("S08", "S09"))
    assert (changed.name_en, kept.name_en) == ("From the file", "By a person")
    assert [v.source for v in versions(indicator=changed)] == ["file", "file"]
    assert [v.source for v in versions(indicator=kept)] == ["file", "table"]
    index = CompositeIndex.objects.get(code="satisfaction")
    assert len(index_fields(index)["items"]) == 3
    assert [v.source for v in versions(index=index)] == ["file", "table"]
    left = {one.value for one in report.notices if one.kind == "edited_by_a_person"}
    assert left == {str(kept), str(index)}


def test_the_administration_leaves_versions_of_an_index_whose_questions_change(demo, officer):
    index = CompositeIndex.objects.get(code="satisfaction")
    item = Item.objects.get(name="s_feel_safe")
    link = IndexItem(index=index, item=item, position=9)
    save_row(row=link, by=officer)
    delete_row(row=link, by=officer)
    index.refresh_from_db()
    assert (index.revision, index.updated_by) == (3, officer)
    first, second, third = versions(index=index)
    assert first.fields["items"] == third.fields["items"] != second.fields["items"]
    newest = versions_of_index(index)[0]
    assert "s_feel_safe" in newest.before["items"]
    assert "s_feel_safe" not in newest.after["items"]
    assert newest.by == str(officer)


def test_a_definition_never_changed_before_first_gets_what_it_was(demo, officer):
    row = Indicator.objects.get(code="S01")
    DefinitionVersion.objects.all().delete()
    with versioned(project=demo, by=officer, source=DefinitionSource.COPY, reason="as theirs"):
        Indicator.objects.filter(pk=row.pk).update(decimals=1)
    first, second = versions(indicator=row)
    assert (first.number, first.source, first.fields["decimals"]) == (1, "before", row.decimals)
    assert (second.number, second.source, second.reason) == (2, "copy", "as theirs")
    assert versions().count() == 2
    shown = versions_of(Indicator.objects.select_related("measure").get(pk=row.pk))
    assert [(one.number, one.is_first, one.after) for one in shown] == [
        (2, False, {"decimals": 1}),
        (1, True, {}),
    ]
    now = Indicator.objects.select_related("measure").get(pk=row.pk)
    assert as_defined_at(now, first.created_at.replace(year=2000)) == 1
    assert now.decimals == row.decimals


def test_nothing_is_kept_of_a_change_that_is_taken_back(demo, officer):
    n = versions().count()
    row = Indicator.objects.get(code="S01")
    row.decimals = 5
    with transaction.atomic():
        save_row(row=row, by=officer)
        assert versions().count() == n + 1
        transaction.set_rollback(True)
    assert versions().count() == n


def test_an_index_is_put_back_with_its_questions_in_their_order(demo, officer):
    """What a calculation before the change is read with: order, turned questions, rules."""
    row = Indicator.objects.select_related("measure__index").get(
        measure__index__code="satisfaction"
    )
    index = row.measure.index
    DefinitionVersion.objects.filter(index=index).delete()
    before = index_fields(index)
    links = list(index.index_items.all())
    with versioned(project=demo, by=officer, source=DefinitionSource.PAGE, reason="other"):
        links[0].delete()
        IndexItem.objects.filter(pk=links[1].pk).update(position=99, is_reversed=True)
        CompositeIndex.objects.filter(pk=index.pk).update(min_answered_share=0.9)
    first, second = versions(index=index)
    now = Indicator.objects.select_related("measure__index").get(pk=row.pk)
    as_defined_at(now, second.created_at)
    found = Questions(now)
    assert [one.name for one in found.asked.values()] == second.fields["items"]
    assert [one.name for one in found.asked.values() if one.is_reversed] == [links[1].item.name]
    assert now.measure.index.min_answered_share == 0.9
    then = Indicator.objects.select_related("measure__index").get(pk=row.pk)
    as_defined_at(then, first.created_at.replace(year=2000))
    assert [one.name for one in Questions(then).asked.values()] == before["items"]
    assert not any(one.is_reversed for one in Questions(then).asked.values())
    assert then.measure.index.min_answered_share == before["min_answered_share"]

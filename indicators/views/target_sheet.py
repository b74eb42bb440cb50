"""The sheet of targets as a workbook: downloaded, and loaded back as a preview of differences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from indicators.access import Visit, open_project
from indicators.forms.target import REFUSALS
from indicators.forms.target_cell import write_cell
from indicators.forms.target_grid import imported_data
from indicators.presenters.target import scale_of
from indicators.presenters.words import unit_text
from indicators.queries.target_grid import (
    CellPlace,
    GridRow,
    GridWanted,
    grid_of,
    grid_page,
    places_by_code,
)
from indicators.queries.targets import later_waves
from indicators.resources.target_sheet import (
    ReadCell,
    SheetLine,
    SheetUnreadable,
    read_sheet,
    write_sheet,
)
from indicators.roles import Permission
from indicators.views.signed_in import SignedInRequest
from indicators.views.target_grid import Sheet, grid_address, render_sheet, wanted_of
from indicators.vocabulary import is_percent_unit

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_BYTES = 5 * 2**20
MOST_ROWS = 500  # with differences, on one page
MOST_NAMED = 20


@require_safe
def target_export(request: SignedInRequest, project_code: str) -> HttpResponse:
    """All rows of the part that the address names, as the visit may see them."""
    visit = open_project(request.user, project_code, Permission.TARGET_VIEW)
    wanted = wanted_of(request)
    page = grid_page(visit, wanted, is_whole=True)
    if page is None:
        raise Http404
    content = write_sheet(map(_line, page.rows), [wave.code for wave in page.waves])
    response = HttpResponse(content, content_type=XLSX)
    response["Content-Disposition"] = 'attachment; filename="targets.xlsx"'
    return response


@require_POST
def target_import(request: SignedInRequest, project_code: str) -> HttpResponse:
    """Show what a workbook would change, as a sheet that is typed but not saved."""
    visit = open_project(request.user, project_code, Permission.TARGET_EDIT)
    file = request.FILES.get("file")
    if file is None or (file.size or 0) > MOST_BYTES:
        messages.error(request, _("Choose a workbook (.xlsx) of at most 5 MB."))
        return redirect(grid_address(visit, wanted_of(request)))
    codes = [wave.code for wave in later_waves(visit.project)]
    try:
        cells = read_sheet(file.read(), codes)
    except SheetUnreadable:
        messages.error(
            request,
            _(
                "This is no sheet of targets. Download the workbook here, change it and load it "
                "again; it needs the columns “indicator” and at least one wave (%(waves)s)."
            )
            % {"waves": ", ".join(codes)},
        )
        return redirect(grid_address(visit, wanted_of(request)))
    return _preview(request, visit, cells)


def _preview(request: SignedInRequest, visit: Visit, cells: Sequence[ReadCell]) -> HttpResponse:
    named, twice = _by_name(cells)
    places = places_by_code(visit, named.keys())
    texts = {places[name]: (cell.text, cell.base) for name, cell in named.items() if name in places}
    page = grid_of(visit, _wanted(cells), texts.keys())
    sheet = Sheet(visit, page, imported_data(page, texts))
    unknown = sorted({" ".join(filter(None, name[:2])) for name in named.keys() - places.keys()})
    if unknown:
        text = _("Not in this project, so left out: %(names)s.")
        shown = [*unknown[:MOST_NAMED], *["…"][: len(unknown) > MOST_NAMED]]
        messages.warning(request, text % {"names": ", ".join(shown)})
    if twice:
        text = _("Written twice with different targets, so left out: %(names)s.")
        messages.warning(request, text % {"names": ", ".join(sorted(twice)[:MOST_NAMED])})
    refused = _closed(sheet, texts)
    for text in refused:
        messages.warning(request, text)
    if not sheet.keep_edited(MOST_ROWS):
        if not refused and not unknown and not twice:
            messages.info(request, _("The file holds what is stored already: nothing to change."))
        return redirect(grid_address(visit, sheet.page.wanted))
    return render_sheet(request, visit, sheet, is_preview=True)


def _by_name(cells: Sequence[ReadCell]) -> tuple[dict[tuple[str, str, str], ReadCell], set[str]]:
    """Cells by indicator, school and wave, and the names of those that say two different things."""
    named: dict[tuple[str, str, str], ReadCell] = {}
    twice: dict[tuple[str, str, str], str] = {}
    for cell in cells:
        name = (cell.indicator, cell.school_code, cell.wave)
        if named.setdefault(name, cell).text != cell.text:
            twice[name] = " ".join(filter(None, name))
    return {name: cell for name, cell in named.items() if name not in twice}, set(twice.values())


def _closed(sheet: Sheet, texts: Mapping[CellPlace, tuple[str, str | None]]) -> list[str]:
    """What is said about targets typed for indicators that get none."""
    filled = {place[0] for place, (text, _base) in texts.items() if text}
    heads = {row.indicator.pk: row.indicator for row in sheet.page.rows}
    return [
        f"{heads[pk].code} {heads[pk].name}: {REFUSALS[why]}"
        for pk, why in sheet.closed.items()
        if pk in filled
    ][:MOST_NAMED]


def _wanted(cells: Sequence[ReadCell]) -> GridWanted:
    """The part of the sheet a file is about: one school, one indicator over schools, or all."""
    schools = {cell.school_code for cell in cells}
    indicators = {cell.indicator for cell in cells}
    if len(schools) == 1:
        return GridWanted(school=schools.pop())
    return GridWanted(indicator=indicators.pop()) if len(indicators) == 1 else GridWanted()


def _line(row: GridRow) -> SheetLine:
    level = row.evidence.level if row.evidence else None
    in_percent = is_percent_unit(row.indicator.unit)
    return SheetLine(
        indicator=row.indicator.code,
        name=row.indicator.name,
        school_code=row.school_code,
        school=row.school_name,
        unit=unit_text(row.indicator.unit),
        baseline=scale_of(row.indicator).value(level.value if level else None),
        texts=tuple(
            write_cell(cell.type, cell.low, cell.high, in_percent=in_percent) for cell in row.cells
        ),
    )

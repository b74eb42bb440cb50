"""Sheet `indices`: composite indices, and the questionnaires that allow none."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from indicators.pipeline.framework_cells import Sheet, SheetRow, nearest, without_repeats
from indicators.pipeline.framework_shapes import Catalogue, FormDefinition, IndexDefinition
from indicators.pipeline.shapes import Labels
from indicators.vocabulary import ItemKind, Severity

INDEX_COLUMNS = (
    "code", "instrument", "name_ky", "name_ru", "name_en", "items", "reverse_items", "statistic",
    "scale_min", "scale_max", "min_answered_share", "rescale", "allowed",
)  # fmt: skip
NO_INDEX = "(none)"
PERCENT_POSITIVE = "percent_positive"
STATISTICS = {"mean": "mean", PERCENT_POSITIVE: PERCENT_POSITIVE}
PERCENT_SCALE = (0.0, 100.0)
_CODE = re.compile(r"-?\d{1,3}")
_NUMBER = r"\d+(?:\.\d+)?"
# "1 + 4*x/3", also with a remark in brackets after it
_RESCALE = re.compile(rf"(-?{_NUMBER})\s*\+\s*({_NUMBER})\s*\*\s*x\s*/\s*({_NUMBER})\s*(?:\(.*\))?")


def read_limits(sheet: Sheet) -> dict[str, Labels]:
    """Why no index may be built, by instrument: the rows "(none)"."""
    return {
        row.text("instrument"): row.labels("name")
        for row in sheet.rows
        if row.text("code") == NO_INDEX
    }


@dataclass(frozen=True, slots=True)
class _Known:
    catalogue: Catalogue
    instruments: Collection[str]
    limits: Mapping[str, Labels]


def read_indices(
    sheet: Sheet, catalogue: Catalogue, instruments: Collection[str], limits: Mapping[str, Labels]
) -> tuple[IndexDefinition, ...]:
    known = _Known(catalogue, instruments, limits)
    rows = [row for row in sheet.rows if row.text("code") != NO_INDEX]
    indices: list[IndexDefinition] = []
    for row in without_repeats(rows, ("code",), "duplicate_code"):
        if _is_left_out(row):
            row.report("index_skipped", "allowed", severity=Severity.WARNING)
        elif index := _index(row, known, len(indices)):
            indices.append(index)
    return tuple(indices)


def _is_left_out(row: SheetRow) -> bool:
    """Not allowed in this project, or an example of another study."""
    return row.text("allowed").casefold() != "yes" or not row.text("code")


def _index(row: SheetRow, known: _Known, position: int) -> IndexDefinition | None:
    instrument = row.text("instrument", required=True)
    if instrument not in known.instruments:
        row.report("instrument_unknown", "instrument", allowed=", ".join(known.instruments))
        return None
    if instrument in known.limits:
        reason = next((text for text in reversed(known.limits[instrument]) if text), "")
        row.report("index_refused", "instrument", reason=reason)
        return None
    low, high = row.number_in("scale_min", required=True), row.number_in("scale_max", required=True)
    statistic = row.one_of("statistic", STATISTICS)
    items = _items(row, instrument, known.catalogue)
    reversed_items = tuple(row.text("reverse_items").split())
    for name in set(reversed_items) - set(items):
        row.report("reverse_item_not_in_index", "reverse_items", value=name)
    if low is None or high is None or statistic is None:
        return None
    if high <= low:
        row.report("range_not_ordered", "scale_max", other=f"{low:g}")
        return None
    positive: tuple[int, ...] = ()
    if statistic == PERCENT_POSITIVE:
        positive = _positive_codes(row, instrument, items, known.catalogue)
        if (low, high) != PERCENT_SCALE:
            row.report("percent_scale_wrong", "scale_max", low="0", high="100")
    else:
        _check_scales(row, instrument, items, known.catalogue, (low, high))
    return IndexDefinition(
        instrument=instrument,
        code=row.text("code", longest=60),
        names=row.labels("name", required=True),
        items=items,
        reversed_items=frozenset(reversed_items),
        statistic=statistic,
        scale_min=low,
        scale_max=high,
        min_answered_share=row.number_in("min_answered_share", low=0.01, high=1) or 0.5,
        rescaled=_rescaled(row, low, high),
        note=row.text("note"),
        position=position,
        positive_codes=positive,
    )


def _items(row: SheetRow, instrument: str, catalogue: Catalogue) -> tuple[str, ...]:
    names = row.text("items", required=True).split()
    for name in names:
        item = catalogue.items.get((instrument, name))
        if item is None:
            similar = nearest(name, catalogue.names_of((instrument,)))
            row.report("item_unknown", "items", value=name, suggestion=similar)
        elif item.kind is not ItemKind.SCALE:
            row.report("item_not_scored", "items", value=name, is_kind=str(item.kind))
        elif names.count(name) > 1:
            row.report("repeated", "items", value=name, first_row=str(row.number))
    return tuple(dict.fromkeys(names))


def _positive_codes(
    row: SheetRow, instrument: str, items: Iterable[str], catalogue: Catalogue
) -> tuple[int, ...]:
    """Codes of the answers that count as positive; each must stand on the scale of every item."""
    parts = [part.strip() for part in row.text("positive_codes", required=True).split(",")]
    codes = [int(part) for part in parts if _CODE.fullmatch(part)]
    for part in parts:
        if part and not _CODE.fullmatch(part):
            row.report("not_a_whole_number", "positive_codes", value=part)
    if len(parts) > 1 and not any(parts):
        row.report("value_missing", "positive_codes")
    found = (catalogue.items.get((instrument, name)) for name in items)
    scales = {item.scale: catalogue.scale_of(item).codes for item in found if item is not None}
    for scale, known in scales.items():
        for code in sorted(set(codes) - known):
            allowed = ", ".join(str(one) for one in sorted(known))
            row.report(
                "code_unknown", "positive_codes", value=str(code), allowed=allowed, scale=scale
            )
    return tuple(dict.fromkeys(codes))


def _check_scales(
    row: SheetRow,
    instrument: str,
    items: Iterable[str],
    catalogue: Catalogue,
    limits: tuple[float, float],
) -> None:
    """All items must be scored on the scale of the index, or reversing them would be wrong."""
    for name in items:
        item = catalogue.items.get((instrument, name))
        if item is None or item.kind is not ItemKind.SCALE:
            continue
        found = catalogue.scale_of(item).scored_range
        if found != limits:
            row.report(
                "index_scale_differs",
                "scale_min",
                value=name,
                low=f"{found[0]:g}",
                high=f"{found[1]:g}",
            )


def _rescaled(row: SheetRow, low: float, high: float) -> tuple[float, float] | None:
    """ "1 + 4*x/3" applied to both ends of the scale, else the two ends as they stand."""
    text = row.text("rescale")
    if not text:
        ends = [row.number_in(name) for name in ("rescaled_min", "rescaled_max")]
        if ends[0] is None and ends[1] is None:
            return None
        if ends[0] is None or ends[1] is None:
            row.report("value_missing", "rescaled_min" if ends[0] is None else "rescaled_max")
            return None
        return ends[0], ends[1]
    match = _RESCALE.fullmatch(text)
    shift, factor, divisor = (float(part) for part in match.groups()) if match else (0.0, 0.0, 0.0)
    if factor == 0 or divisor == 0:
        row.report("rescale_unreadable", "rescale", suggestion="1 + 4*x/3")
        return None
    return shift + factor * low / divisor, shift + factor * high / divisor


def check_marks(
    forms: Iterable[FormDefinition], sheet: Sheet, indices: Iterable[IndexDefinition]
) -> None:
    """The forms mark items with their index and direction too: a difference is only noted,
    because the sheet decides."""
    by_code = {index.code: index for index in indices}
    rows = {row.text("code"): row for row in sheet.rows}
    for form in forms:
        for item in form.items:
            for code in item.indices:
                index = by_code.get(code)
                # A reworded question stands in the index under the name of its item.
                if index is None or item.name not in index.items:
                    continue
                if item.is_reversed != (item.name in index.reversed_items):
                    rows[code].report(
                        "reverse_mark_differs",
                        "reverse_items",
                        value=item.name,
                        severity=Severity.WARNING,
                        form=form.file,
                    )

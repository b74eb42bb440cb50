"""What an indicator computes: the columns instrument, items, statistic and codes as a measure.

A measure's code names it for good: `index:satisfaction`, `item:s_feel_safe`,
`share:s_feel_safe:4,5`, `option:t_ways_of_support:mentoring`, `nps:p_recommend`,
`schools_count:d_pd_share:4`, `gap:s_feel_safe:sex`, `desk:ort.mean`, `manual:M01`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

from indicators.pipeline.framework_cells import SheetRow, nearest
from indicators.pipeline.framework_shapes import (
    Catalogue,
    InstrumentDefinition,
    ItemDefinition,
    MeasureDefinition,
)
from indicators.vocabulary import BACKGROUND_BLOCK, ItemKind, MeasureKind

# Who the respondent is; no level of its own is computed for these questions.
# Questions with several answers whose options are shown one by one, indicator or not.
SHOWN_OPTIONS = (
    ("teacher", "t_ways_of_support"),
    ("parent", "p_strengths"),
    ("parent", "p_weaknesses"),
    ("parent", "p_channels"),
    ("parent", "p_support_forms"),
)
NPS_RANGE = (0.0, 10.0)
# The tables of a desk file that a measure may read.
DESK_SOURCES = frozenset({"ort.mean", "olympiad.participants"})
LOG_SOURCES: Mapping[MeasureKind, re.Pattern[str]] = {
    MeasureKind.LOG_SUM: re.compile(r"clusters\.n_schools"),
    MeasureKind.LOG_SHARE: re.compile(r"clusters\.signed"),
    MeasureKind.LOG_COUNT: re.compile(r"events\.\w+"),
    MeasureKind.LOG_SUM_TEACHERS: re.compile(r"events\.teachers"),
}

Maker = Callable[[SheetRow, MeasureKind, Catalogue], MeasureDefinition | None]


def measure_of(row: SheetRow, catalogue: Catalogue) -> MeasureDefinition | None:
    """The measure of one row of the sheet `indicators`; what is wrong is reported."""
    kind = row.one_of("statistic", {kind.value: kind for kind in MeasureKind})
    return None if kind is None else _MAKERS[kind](row, kind, catalogue)


def extra_measures(
    instruments: Iterable[InstrumentDefinition], catalogue: Catalogue
) -> list[MeasureDefinition]:
    """Levels and distributions of every scored question, and shares of the shown options."""
    found = [
        MeasureDefinition(f"item:{item.name}", MeasureKind.ITEM_MEAN, item=(code, item.name))
        for (code, _), item in catalogue.items.items()
        if item.kind is ItemKind.SCALE and item.block != BACKGROUND_BLOCK
    ]
    for key in SHOWN_OPTIONS:
        multi = catalogue.items.get(key)
        if multi is not None and multi.kind is ItemKind.MULTI:
            found += [
                _option_measure(key, option.name) for option in catalogue.scale_of(multi).options
            ]
    return found


def _option_measure(item: tuple[str, str], option: str) -> MeasureDefinition:
    code = f"option:{item[1]}:{option}"
    return MeasureDefinition(code, MeasureKind.OPTION_SHARE, item=item, option=option)


def _instruments(row: SheetRow) -> tuple[str, ...]:
    return tuple(part.strip() for part in row.text("instrument").split("+"))


def _find(row: SheetRow, name: str, catalogue: Catalogue) -> ItemDefinition | None:
    """An item of the row's questionnaires, or None with a report."""
    for instrument in _instruments(row):
        if item := catalogue.items.get((instrument, name)):
            return item
    similar = nearest(name, catalogue.names_of(_instruments(row)))
    row.report("item_unknown", "items", value=name, suggestion=similar)
    return None


def _scored(row: SheetRow, name: str, catalogue: Catalogue) -> ItemDefinition | None:
    item = _find(row, name, catalogue)
    if item is not None and item.kind is not ItemKind.SCALE:
        row.report("item_not_scored", "items", value=name, is_kind=str(item.kind))
        return None
    return item


def _key(item: ItemDefinition) -> tuple[str, str]:
    return item.instrument, item.name


def _index_mean(row: SheetRow, kind: MeasureKind, catalogue: Catalogue) -> MeasureDefinition | None:
    code = row.text("items", required=True)
    index = catalogue.indices.get(code)
    if index is None or index.instrument not in _instruments(row):
        known = [one.code for one in catalogue.indices.values()]
        row.report("index_unknown", "items", suggestion=nearest(code, known))
        return None
    return MeasureDefinition(f"index:{code}", kind, index=code)


def _item_mean(row: SheetRow, kind: MeasureKind, catalogue: Catalogue) -> MeasureDefinition | None:
    item = _scored(row, row.text("items", required=True), catalogue)
    if item is None:
        return None
    return MeasureDefinition(f"item:{item.name}", kind, item=_key(item))


def _nps(row: SheetRow, kind: MeasureKind, catalogue: Catalogue) -> MeasureDefinition | None:
    item = _scored(row, row.text("items", required=True), catalogue)
    if item is None:
        return None
    if catalogue.scale_of(item).scored_range != NPS_RANGE:
        row.report("not_a_recommend_scale", "items")
        return None
    return MeasureDefinition(f"nps:{item.name}", kind, item=_key(item))


def _coded(row: SheetRow, kind: MeasureKind, catalogue: Catalogue) -> MeasureDefinition | None:
    """A share of answers, or a count or share of schools, with the codes that count."""
    item = _scored(row, row.text("items", required=True), catalogue)
    if item is None:
        return None
    codes = _codes(row, item, catalogue)
    prefix = "share" if kind is MeasureKind.SHARE else kind.value
    joined = ",".join(str(code) for code in codes)
    return MeasureDefinition(
        f"{prefix}:{item.name}:{joined}", kind, item=_key(item), codes=tuple(codes)
    )


def _codes(row: SheetRow, item: ItemDefinition, catalogue: Catalogue) -> tuple[int, ...]:
    """The numbers of "4,5", each once, as the scale of the item has them."""
    known = catalogue.scale_of(item).codes
    parts = [part.strip() for part in row.text("codes", required=True).split(",")]
    codes: dict[int, None] = {}
    for text in filter(None, parts):
        if re.fullmatch(r"-?\d{1,3}", text) and int(text) in known:
            codes[int(text)] = None
        else:
            allowed = ", ".join(str(code) for code in sorted(known))
            row.report("code_unknown", "codes", value=text, allowed=allowed, scale=item.scale)
    if len(parts) > 1 and not any(parts):
        row.report("value_missing", "codes")
    return tuple(codes)


def _option_share(
    row: SheetRow, kind: MeasureKind, catalogue: Catalogue
) -> MeasureDefinition | None:
    item = _find(row, row.text("items", required=True), catalogue)
    if item is None:
        return None
    if item.kind is not ItemKind.MULTI:
        row.report("item_not_multi", "items", is_kind=str(item.kind))
        return None
    option = row.text("codes", required=True)
    scale = catalogue.scale_of(item)
    if scale.option(option) is None:
        names = [one.name for one in scale.options]
        similar = nearest(option, names)
        row.report(
            "option_unknown",
            "codes",
            suggestion=similar,
            allowed=", ".join(names),
            scale=scale.code,
        )
        return None
    return _option_measure(_key(item), option)


def _sex_gap(row: SheetRow, kind: MeasureKind, catalogue: Catalogue) -> MeasureDefinition | None:
    item = _scored(row, row.text("items", required=True), catalogue)
    if item is None:
        return None
    if not any(name.endswith("_sex") for name in catalogue.names_of((item.instrument,))):
        row.report("question_on_sex_missing", "instrument")
        return None
    return MeasureDefinition(f"gap:{item.name}:sex", kind, item=_key(item))


def _instrument_gap(
    row: SheetRow, kind: MeasureKind, catalogue: Catalogue
) -> MeasureDefinition | None:
    """ "a - b": the same question in two questionnaires, a minus b."""
    names = re.split(r"\s+-\s+", row.text("items", required=True))
    if len(names) != 2:
        row.report("gap_unreadable", "items", suggestion="t_item - s_item")
        return None
    first, second = (_scored(row, name, catalogue) for name in names)
    if first is None or second is None:
        return None
    if catalogue.scale_of(first).scored_range != catalogue.scale_of(second).scored_range:
        row.report("gap_scales_differ", "items", first=first.scale, second=second.scale)
    return MeasureDefinition(
        f"gap:{first.name}:{second.name}", kind, item=_key(first), second_item=_key(second)
    )


def _desk(row: SheetRow, kind: MeasureKind, catalogue: Catalogue) -> MeasureDefinition | None:
    source = row.text("items", required=True, longest=80)
    if source not in DESK_SOURCES:
        row.report("source_unknown", "items", allowed=", ".join(sorted(DESK_SOURCES)))
        return None
    return MeasureDefinition(f"desk:{source}", kind, source=source)


def _log(row: SheetRow, kind: MeasureKind, catalogue: Catalogue) -> MeasureDefinition | None:
    source = row.text("items", required=True, longest=80)
    if not LOG_SOURCES[kind].fullmatch(source):
        row.report("source_unknown", "items", allowed=LOG_SOURCES[kind].pattern.replace("\\", ""))
        return None
    needs_codes = kind is MeasureKind.LOG_COUNT
    text = row.text("codes", required=needs_codes)
    codes = tuple(part.strip() for part in text.split(",") if part.strip())
    code = ":".join(["log", source, *([",".join(codes)] if codes else [])])
    return MeasureDefinition(code, kind, codes=codes, source=source)


def _manual(row: SheetRow, kind: MeasureKind, catalogue: Catalogue) -> MeasureDefinition | None:
    return MeasureDefinition(f"manual:{row.text('code')}", kind)


_MAKERS: Mapping[MeasureKind, Maker] = {
    MeasureKind.INDEX_MEAN: _index_mean,
    MeasureKind.ITEM_MEAN: _item_mean,
    MeasureKind.SHARE: _coded,
    MeasureKind.OPTION_SHARE: _option_share,
    MeasureKind.NPS: _nps,
    MeasureKind.SCHOOLS_COUNT: _coded,
    MeasureKind.SCHOOLS_SHARE: _coded,
    MeasureKind.GROUP_GAP: _sex_gap,
    MeasureKind.INSTRUMENT_GAP: _instrument_gap,
    MeasureKind.DESK_WEIGHTED_MEAN: _desk,
    MeasureKind.DESK_RATE: _desk,
    MeasureKind.LOG_SUM: _log,
    MeasureKind.LOG_SHARE: _log,
    MeasureKind.LOG_COUNT: _log,
    MeasureKind.LOG_SUM_TEACHERS: _log,
    MeasureKind.MANUAL: _manual,
}

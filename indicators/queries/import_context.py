"""What reading a file needs to know about its project, as plain specs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from indicators.models import (
    Indicator,
    InstrumentVersion,
    ItemVersion,
    Project,
    SchoolCategory,
    Wave,
    WaveInstrument,
)
from indicators.pipeline.shapes import (
    FormSpec,
    ImportContext,
    ItemSpec,
    OptionSpec,
    WaveSpec,
)
from indicators.queries.specs import school_specs
from indicators.vocabulary import FileKind, ItemKind, Respondent, Selection, is_percent_unit

WITH_OPTIONS = (ItemKind.SCALE, ItemKind.MULTI, ItemKind.CONSENT)


def import_context(
    *,
    project: Project,
    kind: FileKind,
    wave: Wave | None,
    version: InstrumentVersion | None = None,
    mapping: Mapping[str, str] | None = None,
    left_out: Iterable[str] = (),
    value_mapping: Mapping[str, Mapping[str, str]] | None = None,
    rows_left_out: Mapping[str, Mapping[int, str]] | None = None,
) -> ImportContext:
    """Ten queries at most, whatever the size of the project."""
    units = dict(Indicator.objects.filter(project=project).values_list("code", "unit"))
    waves = list(Wave.objects.filter(project=project))
    return ImportContext(
        kind=kind,
        wave=wave_spec(wave) if wave is not None else None,
        reference_date=project.reference_date,
        schools=tuple(school_specs(project).values()),
        form=form_spec(version, wave) if version is not None else None,
        indicator_codes=frozenset(units),
        percent_indicators=frozenset(c for c, unit in units.items() if is_percent_unit(unit)),
        wave_codes=frozenset(one.code for one in waves),
        project_start=min((one.field_start for one in waves), default=None),
        categories=_categories(project),
        mapping=dict(mapping or {}),
        left_out=frozenset(left_out),
        value_mapping=dict(value_mapping or {}),
        rows_left_out=dict(rows_left_out or {}),
    )


def wave_spec(wave: Wave) -> WaveSpec:
    return WaveSpec(wave.code, wave.position, wave.field_start, wave.field_end)


def _categories(project: Project) -> dict[str, dict[str, str]]:
    """Wordings and codes of every school attribute -> code."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for row in SchoolCategory.objects.filter(project=project):
        for text in (row.code, *row.labels):
            if text:
                found[row.field][text] = row.code
    return dict(found)


def form_spec(version: InstrumentVersion, wave: Wave | None) -> FormSpec:
    """One version of a questionnaire as used in a wave. Four queries."""
    rows = (
        ItemVersion.objects.filter(version=version)
        .select_related("item__block", "item__scale")
        .prefetch_related("item__scale__options")
        .order_by("position", "id")
    )
    respondent = Respondent(version.instrument.respondent)
    used = WaveInstrument.objects.filter(version=version)
    selection = (used.filter(wave=wave) if wave is not None else used).first()
    return FormSpec(
        instrument=version.instrument.code,
        version=version.version,
        respondent=respondent,
        selection=Selection(selection.selection) if selection else Selection.CENSUS,
        items=tuple(_item_spec(row, respondent) for row in rows),
    )


def _item_spec(row: ItemVersion, respondent: Respondent) -> ItemSpec:
    item, kind = row.item, ItemKind(row.item.kind)
    options: tuple[OptionSpec, ...] = ()
    if item.scale is not None and kind in WITH_OPTIONS:
        options = tuple(
            OptionSpec(option.name, option.code, option.labels, option.is_substantive)
            for option in item.scale.options.all()
        )
    return ItemSpec(
        name=item.name,
        file_name=row.name_in_version,
        kind=kind,
        labels=row.labels,
        options=options,
        block=item.block.code if item.block else "",
        is_required=row.is_required,
        is_scored=respondent is Respondent.DIRECTOR and kind is ItemKind.SCALE,
        max_selected=item.max_selected,
        exclusive_option=item.exclusive_option,
        relevant=row.relevant,
    )


def version_in_wave(*, project: Project, wave: Wave, instrument: str) -> InstrumentVersion | None:
    """The version of an instrument that a wave uses."""
    used = (
        WaveInstrument.objects.filter(
            wave=wave, version__instrument__project=project, version__instrument__code=instrument
        )
        .select_related("version__instrument")
        .order_by("-version__version")
        .first()
    )
    return used.version if used else None

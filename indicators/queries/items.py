"""Questions and their stored answers: the list, one question, the parts of an index."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, OuterRef, Q

from indicators.models import (
    Change,
    DistributionTest,
    IndexItem,
    Indicator,
    Item,
    ItemResult,
    ItemVersion,
    Measure,
    WaveInstrument,
)
from indicators.models.base import in_language
from indicators.queries.index_quality import pattern_of
from indicators.queries.results import move_of
from indicators.queries.small_groups import hide_small
from indicators.queries.versions import defined_at
from indicators.queries.waves import wave_pair
from indicators.results import (
    ItemHead,
    ItemLevel,
    ItemLine,
    ItemList,
    ItemSheet,
    Move,
    Option,
    PatternTest,
    UsedBy,
    WavePair,
    Wording,
)
from indicators.vocabulary import (
    ANSWERED_KINDS,
    BACKGROUND_BLOCK,
    ItemKind,
    MeasureKind,
    Reason,
    Scope,
    Verdict,
)

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from indicators.access import Visit
    from indicators.models import Project, Run

FIGURES = ("n_sheets", "n", *ItemLevel.FIGURES)


def shown_items(project: Project) -> QuerySet[Item]:
    """Questions with a page of their own, in the order of the forms.

    One that carries on another under a new name stands on the page of the earlier one.
    """
    measures = Measure.objects.filter(item=OuterRef("pk"), kind=MeasureKind.ITEM_MEAN)
    return (
        Item.objects.filter(
            instrument__project=project, kind__in=ANSWERED_KINDS, continues__isnull=True
        )
        .exclude(kind=ItemKind.TEXT, block__code=BACKGROUND_BLOCK)
        .annotate(
            is_reversed=Exists(IndexItem.objects.filter(item=OuterRef("pk"), is_reversed=True)),
            has_mean=Exists(measures),
            n_options=Count("scale__options", filter=Q(scale__options__is_substantive=True)),
        )
        .select_related("instrument", "block")
        .order_by("instrument__position", "instrument__code", "position")
    )


def item_list(*, visit: Visit, run: Run) -> ItemList:
    """All questions with both waves. Four queries."""
    waves = wave_pair(project=visit.project, run=run)
    return ItemList(waves, item_lines(visit=visit, run=run, waves=waves))


def item_lines(*, visit: Visit, run: Run, waves: WavePair) -> tuple[ItemLine, ...]:
    """Three queries."""
    levels = _levels(run, waves, visit.min_group)
    tests = _tests(run, waves, visit.min_group)
    return tuple(
        _line(item_head(item), levels, waves, tests) for item in shown_items(visit.project)
    )


def item_head(item: Item) -> ItemHead:
    """Of a row of `shown_items`."""
    return ItemHead(
        pk=item.pk,
        name=item.name,
        label=item.label or item.name,
        kind=item.kind,
        instrument=item.instrument.code,
        instrument_name=item.instrument.name or item.instrument.code,
        respondent=item.instrument.respondent,
        block=(item.block.label or item.block.code) if item.block else "",
        is_opinion=item.is_opinion,
        is_reversed=item.is_reversed,  # type: ignore[attr-defined]  # annotated by the query
        is_background=item.kind == ItemKind.SCALE and not item.has_mean,  # type: ignore[attr-defined]
        n_options=item.n_options,  # type: ignore[attr-defined]
        limits=in_language(item.instrument, "limits"),
    )


def _line(
    head: ItemHead,
    levels: Mapping[tuple[int, int], ItemLevel],
    waves: WavePair,
    tests: Mapping[int, PatternTest],
) -> ItemLine:
    then, now = (
        levels.get((head.pk, wave.pk)) if wave else None for wave in (waves.baseline, waves.endline)
    )
    return ItemLine(head, then, now, tests.get(head.pk))


def _levels(
    run: Run, waves: WavePair, min_group: int, **only: object
) -> dict[tuple[int, int], ItemLevel]:
    rows = ItemResult.objects.filter(run=run, wave__in=waves.ids, **only).order_by()
    return {(row.item_id, row.wave_id): item_level(row, min_group) for row in rows}


def item_level(row: ItemResult, min_group: int) -> ItemLevel:
    """A question in one wave as it may be shown.

    A mean of very few is hidden alone. The shares of the ends go where they would tell apart two
    hidden cells.
    """
    level = ItemLevel(**{name: getattr(row, name) for name in FIGURES})
    found: ItemLevel = hide_small(level, min_group)
    if found.is_hidden or min_group <= 1:
        return found
    if 0 < row.n_scored < min_group:
        found = replace(found, n_scored=None, mean=None, sd=None, common=None)
    hidden = {code for code, n in (found.counts or {}).items() if n is None}
    if not hidden:
        return found
    # With cells hidden, sums over some of them and of squares could give single ones away.
    sums = ("sd", "low", "top", "promoters", "passives", "detractors", "score")
    blank: dict[str, Any] = dict.fromkeys(sums)
    return replace(found, **blank)


def _tests(run: Run, waves: WavePair, min_group: int, **only: object) -> dict[int, PatternTest]:
    if waves.baseline is None or waves.endline is None:
        return {}
    rows = DistributionTest.objects.filter(
        run=run, wave_from=waves.baseline.pk, wave_to=waves.endline.pk, **only
    ).select_related("measure")
    return {row.measure.item_id: pattern_of(row, min_group) for row in rows if row.measure.item_id}


# --- one question -----------------------------------------------------------------------------


def item_sheet(*, visit: Visit, item: Item, run: Run) -> ItemSheet:
    """Everything about one question. Twelve queries at most."""
    project, min_group = visit.project, visit.min_group
    item = shown_items(project).prefetch_related("scale__options").get(pk=item.pk)
    waves = wave_pair(project=project, run=run)
    head = item_head(item)
    levels = _levels(run, waves, min_group, item=item)
    tests = _tests(run, waves, min_group, measure__item=item)
    change = _change(item, run, waves)
    return ItemSheet(
        line=_line(head, levels, waves, tests),
        waves=waves,
        options=_options(item),
        wordings=_wordings(item, waves),
        is_comparable=change is None or change.verdict != Verdict.NOT_COMPARABLE,
        used_by=_used_by(item, run),
        change=_move(change, min_group),
    )


def _options(item: Item) -> tuple[Option, ...]:
    if item.scale is None:
        return ()
    return tuple(
        Option(option.code, option.label or option.name, option.is_substantive)
        for option in item.scale.options.all()
    )


def _wordings(item: Item, waves: WavePair) -> tuple[Wording, ...]:
    """Every wording with the waves that ask it, the first wave first; equal ones together."""
    asked = {
        row.version_id: row.label
        for row in ItemVersion.objects.filter(Q(item=item) | Q(item__continues=item))
    }
    found: dict[str, list[str]] = {}
    rows = WaveInstrument.objects.filter(version__in=asked, wave__in=waves.ids)
    for row in rows.select_related("wave").order_by("wave__position"):
        names = found.setdefault(asked[row.version_id] or item.label, [])
        name = row.wave.name or row.wave.code
        if name not in names:
            names.append(name)
    return tuple(Wording(tuple(names), label) for label, names in found.items())


def _used_by(item: Item, run: Run) -> tuple[UsedBy, ...]:
    """Indicators on the question itself, then those on an index of it; gaps among the former.

    As the run knows the indicators. Two queries.
    """
    indices = set(IndexItem.objects.filter(item=item).values_list("index", flat=True))
    wanted = Indicator.objects.filter(project=run.project_id).select_related("measure__index")
    rows = [
        row
        for row in defined_at(wanted.order_by("position"), run.finished_at)
        if item.pk in (row.measure.item_id, row.measure.second_item_id)
        or row.measure.index_id in indices
    ]
    found = [
        UsedBy(row.code, row.name, row.measure.index.name or row.measure.index.code)
        if row.measure.index
        else UsedBy(row.code, row.name)
        for row in rows
    ]
    return tuple(sorted(found, key=lambda one: bool(one.index)))


def _change(item: Item, run: Run, waves: WavePair) -> Change | None:
    """The change of the mean on the schools of both waves."""
    if waves.baseline is None or waves.endline is None:
        return None
    return Change.objects.filter(
        run=run,
        measure__item=item,
        measure__kind=MeasureKind.ITEM_MEAN,
        scope=Scope.PROJECT,
        wave_from=waves.baseline.pk,
        wave_to=waves.endline.pk,
    ).first()


def _move(change: Change | None, min_group: int) -> Move | None:
    if change is None:
        return None
    move = move_of(change, kind=MeasureKind.ITEM_MEAN, min_group=min_group)
    return None if move.reason == Reason.SUPPRESSED else move

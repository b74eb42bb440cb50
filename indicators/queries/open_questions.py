"""Open questions for pages: how far coding is now, and what a calculation stored."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Max, Sum

from indicators.models import (
    AuditEvent,
    Coding,
    Item,
    OpenQuestion,
    Run,
    TextColumn,
    Theme,
    ThemeShare,
    WaveInstrument,
)
from indicators.models.base import in_language
from indicators.queries.counted_checklists import counted_checklists
from indicators.queries.notes import STANDING, visible_notes
from indicators.queries.open_answers import open_items
from indicators.queries.small_groups import hide_small_cells
from indicators.results.open import (
    CoderCount,
    OpenHead,
    OpenQuote,
    OpenSheet,
    OpenWave,
    ThemeCell,
    ThemeLine,
    WorkLine,
    WorkWave,
)
from indicators.roles import Permission
from indicators.vocabulary import Respondent, Selection, UploadState

if TYPE_CHECKING:
    from indicators.access import Visit
    from indicators.models import Project


CODED = ("coding.changed", "coding.imported", "theme.created", "theme.changed")


def smallest_base(visit: Visit) -> int:
    """Fewest coded answers this person may see the themes of."""
    return 1 if visit.may(Permission.GROUP_VIEW_SMALL) else visit.project.min_group_text


def open_head(item: Item, self_selected: bool = False) -> OpenHead:
    """`item` with `select_related("instrument")`."""
    instrument = item.instrument
    return OpenHead(
        instrument=instrument.code,
        instrument_name=instrument.name,
        item=item.name,
        label=item.label or item.name,
        respondent=instrument.respondent,
        is_self_selected=self_selected,
    )


# --- the work of coding -------------------------------------------------------------------


def coding_work(project: Project) -> tuple[WorkLine, ...]:
    """Every question answered in words and how far its coding is. Nine queries."""
    items = list(open_items(project))
    waves = list(project.waves.order_by("position"))
    answers = _answers_now(project, items)
    coders = _coders_now(project)
    themes = dict(
        Theme.objects.filter(item__in=items, merged_into=None)
        .order_by()
        .values_list("item")
        .annotate(n=Count("pk"))
    )
    lines = []
    for item in items:
        parts = tuple(
            WorkWave(
                code=wave.code,
                name=wave.name,
                n_answers=answers.get((item.pk, wave.pk), 0),
                **coders.get((item.pk, wave.pk), {"n_coded": 0}),
            )
            for wave in waves
            if answers.get((item.pk, wave.pk)) or (item.pk, wave.pk) in coders
        )
        if parts or item.pk in themes:
            lines.append(WorkLine(open_head(item), themes.get(item.pk, 0), parts))
    return tuple(lines)


def _answers_now(project: Project, items: list[Item]) -> dict[tuple[int, int], int]:
    """Answers in words by question and wave, without reading any of a survey."""
    rows = (
        TextColumn.objects.filter(
            item__in=items, dataset__upload__state=UploadState.ACCEPTED, n_filled__gt=0
        )
        .order_by()
        .values_list("item", "dataset__wave")
        .annotate(n=Sum("n_filled"))
    )
    found: dict[tuple[int, int], int] = defaultdict(int)
    for item, wave, n in rows:
        found[item, wave] += n
    of_directors = [one for one in items if one.instrument.respondent == Respondent.DIRECTOR]
    for checklist in counted_checklists(project) if of_directors else ():
        for one in of_directors:
            if one.instrument_id == checklist.version.instrument_id:
                found[one.pk, checklist.wave_id] += bool(checklist.answers.get(one.name))
    return {key: n for key, n in found.items() if n}


def _coders_now(project: Project) -> dict[tuple[int, int], dict[str, Any]]:
    """What each coder did, by question and wave. Codes of files that do not count stand apart."""
    rows = Coding.objects.filter(item__instrument__project=project).order_by()
    place = ("item", "wave")
    distinct: dict[tuple[int, int], int] = defaultdict(int)
    for item, wave, _upload, _row, _school in (
        rows.filter(STANDING).values_list(*place, "upload", "row", "school").distinct()
    ):
        distinct[item, wave] += 1
    people: dict[tuple[int, int], list[CoderCount]] = defaultdict(list)
    by_coder = rows.filter(STANDING).values_list(*place, "coder__username").annotate(n=Count("pk"))
    for item, wave, name, n in by_coder.order_by("-n", "coder__username"):
        people[item, wave].append(CoderCount(name, n))
    apart = {
        (item, wave): n
        for item, wave, n in rows.exclude(STANDING).values_list(*place).annotate(n=Count("pk"))
    }
    keys = {*distinct, *apart}
    return {
        key: {
            "n_coded": distinct.get(key, 0),
            "coders": tuple(people.get(key, ())),
            "n_apart": apart.get(key, 0),
        }
        for key in keys
    }


def has_newer_codes(project: Project, run: Run | None) -> bool:
    """Whether codes or themes were written after the calculation. One query."""
    written = AuditEvent.objects.filter(project=project, kind__in=CODED)
    newest = written.aggregate(at=Max("at"))["at"]
    if newest is None:
        return False
    return run is None or run.finished_at is None or newest > run.finished_at


# --- what a calculation stored ------------------------------------------------------------


def open_list(visit: Visit, run: Run) -> tuple[OpenSheet, ...]:
    """Every coded question of a calculation, without themes. Two queries."""
    rows = OpenQuestion.objects.filter(run=run).select_related("wave", "item__instrument")
    by_item: dict[int, list[OpenQuestion]] = defaultdict(list)
    for row in rows.order_by(
        "item__instrument__position", "item__position", "item__name", "wave__position"
    ):
        by_item[row.item_id].append(row)
    smallest = smallest_base(visit)
    return tuple(
        OpenSheet(
            head=open_head(found[0].item),
            waves=tuple(_wave(row, smallest) for row in found),
            themes=(),
            quotes=(),
        )
        for found in by_item.values()
    )


def open_sheet(visit: Visit, item: Item, run: Run | None) -> OpenSheet:
    """One question over the waves. Five queries. Officers see themes before any calculation."""
    heads = list(
        OpenQuestion.objects.filter(run=run, item=item)
        .select_related("wave")
        .order_by("wave__position")
        if run
        else ()
    )
    smallest = smallest_base(visit)
    shares = _shares(item, heads)
    counts = {
        row.wave_id: _counts(visit, row, shares[row.wave_id])
        for row in heads
        if row.n_coded >= smallest
    }
    return OpenSheet(
        head=open_head(item, _is_self_selected(item)),
        waves=tuple(
            replace(_wave(row, smallest), n_unthemed=counts.get(row.wave_id, {}).get(NO_THEME))
            for row in heads
        ),
        themes=_themes(visit, item, shares, counts),
        quotes=_quotes(visit, item),
        limits=in_language(item.instrument, "limits"),
    )


def _is_self_selected(item: Item) -> bool:
    uses = WaveInstrument.objects.filter(version__instrument=item.instrument_id)
    return uses.filter(selection=Selection.SELF_SELECTED).exists()


def _wave(row: OpenQuestion, smallest: int) -> OpenWave:
    wave = row.wave
    if row.n_coded < smallest:
        return OpenWave(wave.code, wave.name, below=smallest)
    names = ("n_used", "n_answers", "n_coded", "n_coders", "n_double")
    measures = ("agreement", "kappa", "kappa_low", "kappa_high")
    return OpenWave(
        code=wave.code, name=wave.name, **{name: getattr(row, name) for name in names + measures}
    )


def _themes(
    visit: Visit,
    item: Item,
    shares: dict[int, dict[int, ThemeShare]],
    counts: dict[int, dict[int, int | None]],
) -> tuple[ThemeLine, ...]:
    """Themes in the order of the frame; readers see those that the calculation knew."""
    may_edit = visit.may(Permission.THEME_EDIT)
    known = {theme for rows in shares.values() for theme in rows}
    lines = []
    for theme in Theme.objects.filter(item=item).select_related("merged_into"):
        if theme.pk not in known and not may_edit:
            continue
        lines.append(
            ThemeLine(
                pk=theme.pk,
                code=theme.code,
                label=theme.label or theme.code,
                definition=theme.definition,
                is_active=theme.is_active,
                merged_into=str(theme.merged_into) if theme.merged_into else "",
                cells=tuple(
                    _cell(rows.get(theme.pk), counts.get(wave, {})) for wave, rows in shares.items()
                ),
            )
        )
    return tuple(lines)


def _shares(item: Item, heads: list[OpenQuestion]) -> dict[int, dict[int, ThemeShare]]:
    """By wave, in the order of `heads`, and theme. One query."""
    found: dict[int, dict[int, ThemeShare]] = {row.wave_id: {} for row in heads}
    runs = {row.run_id for row in heads}
    for row in ThemeShare.objects.filter(run__in=runs, wave__in=found, theme__item=item):
        found[row.wave_id][row.theme_id] = row
    return found


NO_THEME = 0  # beside the primary keys of themes


def _counts(
    visit: Visit, head: OpenQuestion, shares: dict[int, ThemeShare]
) -> dict[int, int | None]:
    """Answers with each theme, and without any; None where so few are hidden like any answer."""
    counts = {theme: row.n_with for theme, row in shares.items()}
    counts[NO_THEME] = head.n_coded - head.n_themed
    return hide_small_cells(counts, visit.min_group)


def _cell(row: ThemeShare | None, counts: dict[int, int | None]) -> ThemeCell | None:
    if row is None or row.theme_id not in counts:
        return None
    if counts[row.theme_id] is None:
        return ThemeCell(None, None, is_hidden=True)
    return ThemeCell(row.n_with, row.share, row.kappa, row.kappa_low, row.kappa_high)


def _quotes(visit: Visit, item: Item) -> tuple[OpenQuote, ...]:
    rows = visible_notes(visit).filter(item=item).select_related("wave")
    return tuple(
        OpenQuote(row.quote, row.language, row.source, row.speaker, row.wave.name) for row in rows
    )

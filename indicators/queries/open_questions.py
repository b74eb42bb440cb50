"""Open questions for pages: how far coding is now, and what a calculation stored."""

from __future__ import annotations

from collections import defaultdict
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
    return OpenSheet(
        head=open_head(item, _is_self_selected(item)),
        waves=tuple(_wave(row, smallest) for row in heads),
        themes=_themes(visit, item, heads, smallest),
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
    names = ("n_used", "n_answers", "n_coded", "n_themed", "n_coders", "n_double")
    measures = ("agreement", "kappa", "kappa_low", "kappa_high")
    return OpenWave(
        code=wave.code, name=wave.name, **{name: getattr(row, name) for name in names + measures}
    )


def _themes(
    visit: Visit, item: Item, heads: list[OpenQuestion], smallest: int
) -> tuple[ThemeLine, ...]:
    """Themes in the order of the frame; readers see those that the calculation knew."""
    shown = {row.wave_id: row.n_coded >= smallest for row in heads}
    shares = {
        (row.theme_id, row.wave_id): row
        for row in ThemeShare.objects.filter(
            run__in={row.run_id for row in heads}, theme__item=item
        )
    }
    may_edit = visit.may(Permission.THEME_EDIT)
    known = {theme for theme, _wave in shares}
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
                    _cell(shares.get((theme.pk, row.wave_id)), shown[row.wave_id]) for row in heads
                ),
            )
        )
    return tuple(lines)


def _cell(row: ThemeShare | None, is_shown: bool) -> ThemeCell | None:
    if row is None or not is_shown:
        return None
    return ThemeCell(row.n_with, row.share, row.kappa, row.kappa_low, row.kappa_high)


def _quotes(visit: Visit, item: Item) -> tuple[OpenQuote, ...]:
    rows = visible_notes(visit).filter(item=item).select_related("wave")
    return tuple(
        OpenQuote(row.quote, row.language, row.source, row.speaker, row.wave.name) for row in rows
    )

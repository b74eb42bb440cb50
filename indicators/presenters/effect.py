"""What a changed definition does to the numbers, in words, before it is saved."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext, ngettext

from indicators.presenters.numbers import DASH, Scale, fixed, whole
from indicators.presenters.target import limits_text, place_text, scale_of
from indicators.presenters.versions import FieldChange, field_changes
from indicators.presenters.words import (
    StatusView,
    VerdictView,
    reason_text,
    status_view,
    verdict_view,
)
from indicators.vocabulary import Direction, MeasureKind, is_percent_unit

INDEX_SCALE = Scale(MeasureKind.INDEX_MEAN, 2, "")
ALPHA_DECIMALS = 2


@dataclass(frozen=True, slots=True)
class LevelRow:
    wave: str
    n_before: str
    n_after: str
    value_before: str
    value_after: str
    sd_before: str
    sd_after: str
    is_moved: bool


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """The change up to one wave, with its 95 % range and its word; None: no word."""

    wave: str
    before: str
    range_before: str
    word_before: VerdictView | None
    after: str
    range_after: str
    word_after: VerdictView | None
    is_moved: bool

    @property
    def is_another_word(self) -> bool:
        words = (self.word_before, self.word_after)
        return None not in words and words[0] != words[1]


@dataclass(frozen=True, slots=True)
class WordRow:
    """An indicator whose word moves because it is judged together with this one."""

    code: str
    name: str
    wave: str
    before: VerdictView
    after: VerdictView


@dataclass(frozen=True, slots=True)
class QualityRow:
    """One line of the table about an index: what, and per wave before and after."""

    label: str
    is_item: bool
    cells: tuple[tuple[str, str, str], ...]  # wave, before, after


@dataclass(frozen=True, slots=True)
class MoveRow:
    code: str
    name: str
    place: str
    wave: str
    target: str
    before: StatusView | None
    after: StatusView | None


@dataclass(frozen=True, slots=True)
class EffectView:
    """`sentence` says the finding first."""

    sentence: str
    changes: tuple[FieldChange, ...]
    levels: tuple[LevelRow, ...]
    differences: tuple[ChangeRow, ...]
    words: tuple[WordRow, ...]
    quality: tuple[QualityRow, ...]
    quality_waves: tuple[str, ...]
    notes: tuple[str, ...]
    moves: tuple[MoveRow, ...]
    has_more_moves: bool
    n_targets: int
    is_new: bool
    is_nothing: bool
    has_sd: bool


def effect_view(effect: Any) -> EffectView:
    changes = field_changes(effect.fields_before, effect.fields_after)
    levels = tuple(_level(effect, code, name) for code, name in effect.waves)
    differences = tuple(_differences(effect))
    is_new = effect.before is None
    return EffectView(
        sentence=_sentence(effect, changes, levels, differences),
        changes=() if is_new else changes,
        levels=tuple(row for row in levels if row.n_after != DASH or row.n_before != DASH),
        differences=differences,
        words=tuple(_words(effect)),
        quality=_quality(effect),
        quality_waves=tuple(name for code, name in effect.waves if code in effect.after.indices),
        notes=tuple(_notes(effect)),
        moves=tuple(_move(one) for one in effect.moves),
        has_more_moves=effect.n_moves > len(effect.moves),
        n_targets=effect.n_targets,
        is_new=is_new,
        is_nothing=not is_new and not changes,
        has_sd=any(sd != DASH for row in levels for sd in (row.sd_before, row.sd_after)),
    )


def _sentence(
    effect: Any,
    changes: tuple[FieldChange, ...],
    levels: tuple[LevelRow, ...],
    differences: tuple[ChangeRow, ...],
) -> str:
    if effect.before is None:
        return gettext("This is what it shows on the data accepted so far.")
    if not changes:
        return gettext("Nothing is changed.")
    moved = sum(row.is_moved for row in levels)
    parts = [
        ngettext("The number of %(n)s wave changes", "The numbers of %(n)s waves change", moved)
        % {"n": moved}
        if moved
        else gettext("No number changes"),
        *(
            [gettext("the word for its change becomes another")]
            if any(row.is_another_word for row in differences)
            else []
        ),
        ngettext("%(n)s target stands otherwise", "%(n)s targets stand otherwise", effect.n_moves)
        % {"n": effect.n_moves}
        if effect.n_moves
        else gettext("every target stands as before"),
    ]
    return "; ".join(parts) + "."


def _scales(effect: Any) -> tuple[Scale, Scale]:
    """How values are written before and after."""
    after = scale_of(effect.head) if effect.head else INDEX_SCALE
    return (scale_of(effect.head_before) if effect.head_before else after), after


def _level(effect: Any, code: str, name: str) -> LevelRow:
    then = effect.before.levels.get(code) if effect.before else None
    now = effect.after.levels.get(code)
    scale_then, scale = _scales(effect)
    return LevelRow(
        wave=name,
        n_before=_n(then),
        n_after=_n(now),
        value_before=_value(scale_then, then),
        value_after=_value(scale, now),
        sd_before=_sd(scale_then, then),
        sd_after=_sd(scale, now),
        is_moved=_numbers(then) != _numbers(now),
    )


def _numbers(level: Any) -> tuple[Any, ...]:
    return (level.n, level.value, level.sd) if level else ()


def _n(level: Any) -> str:
    return whole(level.n) if level else DASH


def _value(scale: Scale, level: Any) -> str:
    if level is None:
        return DASH
    return scale.value(level.value)


def _sd(scale: Scale, level: Any) -> str:
    """A share has no SD worth reading."""
    if level is None or scale.is_share or scale.is_count:
        return DASH
    return fixed(level.sd, max(scale.decimals, 2))


def _differences(effect: Any) -> Iterator[ChangeRow]:
    """Waves with a change on either side."""
    scale_then, scale = _scales(effect)
    heads = (effect.head_before or effect.head, effect.head)
    for code, name in effect.waves:
        then = effect.before.changes.get(code) if effect.before else None
        now = effect.after.changes.get(code)
        if then is None and now is None:
            continue
        yield ChangeRow(
            name,
            *_difference(scale_then, then, heads[0]),
            *_difference(scale, now, heads[1]),
            is_moved=then != now,
        )


def _difference(scale: Scale, change: Any, head: Any) -> tuple[str, str, VerdictView | None]:
    if change is None:
        return DASH, "", None
    word = None
    if change.verdict is not None:
        direction = head.direction if head else Direction.NONE
        word = verdict_view(change.verdict, change.reason or "", direction)
    ends = scale.interval(change.ci_low, change.ci_high, is_change=True)
    return scale.difference(change.difference), ends, word


def _words(effect: Any) -> Iterator[WordRow]:
    names = dict(effect.waves)
    for head, one in effect.words:
        yield WordRow(
            code=head.code,
            name=head.name,
            wave=names.get(one.wave, one.wave),
            before=verdict_view(one.before, "", head.direction),
            after=verdict_view(one.after, "", head.direction),
        )


def _quality(effect: Any) -> tuple[QualityRow, ...]:
    """Alpha of the index and of the index without each question, and what the least share costs."""
    after = effect.after.indices
    before = effect.before.indices if effect.before else {}
    waves = [(code, name) for code, name in effect.waves if code in after]
    if not waves:
        return ()

    def cells(read: Any) -> tuple[tuple[str, str, str], ...]:
        return tuple(
            (
                name,
                read(before[code]) if code in before else DASH,
                read(after[code]),
            )
            for code, name in waves
        )

    items = list(
        dict.fromkeys(
            item for side in (after, before) for one in side.values() for item in one.without
        )
    )
    return (
        QualityRow(gettext("Cronbach's alpha of all questions"), False, cells(_alpha)),
        *(
            QualityRow(item, True, cells(lambda one, item=item: _without(one, item)))
            for item in items
        ),
        QualityRow(
            gettext("Sheets left out: too few questions answered"),
            False,
            cells(lambda one: whole(one.n_too_few)),
        ),
        QualityRow(
            gettext("Sheets that answer every question"),
            False,
            cells(lambda one: whole(one.n_complete)),
        ),
    )


def _alpha(one: Any) -> str:
    if one.reason:
        return f"{DASH} ({reason_text(one.reason)})"
    return fixed(one.coefficient, ALPHA_DECIMALS)


def _without(one: Any, item: str) -> str:
    if item not in one.without:
        return gettext("not in it")
    return fixed(one.without[item], ALPHA_DECIMALS)


def _notes(effect: Any) -> list[str]:
    """What the tables do not say."""
    before, after = effect.fields_before, effect.fields_after
    changed = {name for name in after if before.get(name) != after.get(name)}
    notes = []
    if not effect.users:
        notes.append(
            gettext("No indicator shows this index yet: it is not calculated until one does.")
        )
    elif effect.head is None:
        notes.append(gettext("Shown by: %(codes)s.") % {"codes": ", ".join(effect.users)})
    if effect.before is None:
        return notes
    units = [is_percent_unit(one["unit"]) for one in (before, after) if effect.head]
    if effect.n_targets and len(set(units)) > 1:
        notes.append(gettext("The targets were set for another unit: set them anew after saving."))
    changes = [*effect.before.changes.values(), *effect.after.changes.values()]
    if any(change.verdict is None for change in changes):
        notes.append(
            gettext(
                "Words for changes follow with the next calculation: they are adjusted over all "
                "indicators judged together, and the last calculation is not up to date."
            )
        )
    if "baseline_policy" in changed or "disaggregation" in changed or "margin" in changed:
        notes.append(gettext("Words and tables that rest on this follow with the calculation."))
    return notes


def _move(one: Any) -> MoveRow:
    return MoveRow(
        code=one.indicator.code,
        name=one.indicator.name,
        place=place_text(one.school_code, one.school_name),
        wave=one.wave,
        target=limits_text(scale_of(one.indicator), *one.limits),
        before=status_view(one.before) if one.before else None,
        after=status_view(one.after) if one.after else None,
    )

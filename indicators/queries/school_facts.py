"""What a school's director ticked, then and now. Only for those who may see one school's facts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import translation

from indicators.models import Checklist, Item
from indicators.models.base import LANGUAGES
from indicators.results import Fact, WavePair
from indicators.vocabulary import ChecklistState, ItemKind

if TYPE_CHECKING:
    from indicators.models import School

SENT = (ChecklistState.SUBMITTED, ChecklistState.APPROVED)


def school_facts(*, school: School, waves: WavePair) -> tuple[Fact, ...]:
    """Facts of the checklist in the order of the form; opinions stay out. Two queries."""
    family = [school.pk, *([school.continues_id] if school.continues_id else [])]
    rows = Checklist.objects.filter(
        school__in=family, wave__in=waves.ids, state__in=SENT
    ).select_related("version")
    by_wave = {row.wave_id: row for row in sorted(rows, key=lambda row: row.school_id == school.pk)}
    then, now = (by_wave.get(wave.pk) if wave else None for wave in (waves.baseline, waves.endline))
    newest = now or then
    if newest is None:
        return ()
    return tuple(
        Fact(
            question=question,
            then=_answer(then, name, labels),
            now=_answer(now, name, labels),
            comment=str(newest.comments.get(name, "")),
        )
        for name, question, labels in _questions(newest.version.instrument_id)
        if any(row and name in row.answers for row in (then, now))
    )


def _questions(instrument_id: int) -> list[tuple[str, str, dict[str, str]]]:
    """Name, wording and option labels of every fact. One query."""
    fields = ["name", *(f"label_{code}" for code in LANGUAGES), "scale__options__code"]
    fields += [f"scale__options__label_{code}" for code in LANGUAGES]
    rows = (
        Item.objects.filter(instrument=instrument_id, is_opinion=False)
        .filter(kind__in=[ItemKind.SCALE, ItemKind.NUMBER])
        .order_by("position", "scale__options__position")
        .values(*fields)
    )
    found: dict[str, tuple[str, dict[str, str]]] = {}
    for row in rows:
        _question, labels = found.setdefault(row["name"], (_label(row, ""), {}))
        labels[str(row["scale__options__code"])] = _label(row, "scale__options__")
    return [(name, question, labels) for name, (question, labels) in found.items()]


def _label(row: dict[str, Any], prefix: str) -> str:
    wanted = (translation.get_language() or "ky")[:2]
    texts = (row.get(f"{prefix}label_{code}") for code in (wanted, *LANGUAGES))
    return next((text for text in texts if text), "")


def _answer(row: Checklist | None, name: str, labels: dict[str, str]) -> str:
    if row is None or row.answers.get(name) is None:
        return ""
    answer = str(row.answers[name])
    return labels.get(answer, answer)

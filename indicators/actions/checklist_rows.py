"""A table of checklists, one row per school, into checklists: the same checks as typed answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from indicators.actions.checklists import (
    BadAnswers,
    ChecklistClosed,
    save_draft,
    start_checklist,
)
from indicators.models import Checklist, Item, ScaleOption, School, User, Wave, WaveInstrument
from indicators.pipeline.framework_cells import as_text
from indicators.pipeline.matching import normalise
from indicators.vocabulary import ItemKind, Respondent

ASKED = (ItemKind.SCALE, ItemKind.MULTI, ItemKind.NUMBER, ItemKind.TEXT, ItemKind.DATE)
BETWEEN = "; "  # between the ticks of one cell


class ChecklistRefused(Exception):
    """The row cannot be stored; the text says why, column by column."""


@dataclass(frozen=True, slots=True)
class ChecklistForm:
    """The director's form of one wave with its questions by name."""

    use: WaveInstrument
    items: Mapping[str, Item]


def form_of(wave: Wave) -> ChecklistForm | None:
    """The form a wave's checklists are filled in on."""
    use = (
        wave.wave_instruments.filter(version__instrument__respondent=Respondent.DIRECTOR)
        .select_related("version__instrument", "wave")
        .first()
    )
    if use is None:
        return None
    items = Item.objects.filter(versions__version=use.version_id, kind__in=ASKED)
    items = items.select_related("scale").prefetch_related("scale__options")
    return ChecklistForm(use, {item.name: item for item in items})


def shown_answer(item: Item, answer: Any) -> object:
    """A stored answer as a person reads it; what `read_answers` takes back."""
    if answer in (None, ""):
        return ""
    if item.kind == ItemKind.SCALE:
        return next((o.label for o in _options(item) if o.code == answer), answer)
    if item.kind == ItemKind.MULTI:
        ticked = [o for place, o in enumerate(_options(item)) if int(answer) >> place & 1]
        return BETWEEN.join(option.label for option in ticked)
    return answer


def read_answers(form: ChecklistForm, cells: Mapping[str, Any]) -> dict[str, Any]:
    """Answers of one row: options by label in any language, by name or by number."""
    wrong: list[str] = []
    answers: dict[str, Any] = {}
    for name, item in form.items.items():
        if name not in cells:
            continue
        text = as_text(cells[name])
        parts = (
            [part.strip() for part in text.split(";")] if item.kind == ItemKind.MULTI else [text]
        )
        if not text:
            answers[name] = None
        elif item.scale_id is None:
            answers[name] = text
        else:
            codes = [_code(item, part) for part in parts if part]
            if None in codes:
                wrong.append(
                    _("%(name)s: “%(value)s” is no option.") % {"name": name, "value": text}
                )
            answers[name] = codes if item.kind == ItemKind.MULTI else codes[0]
    if wrong:
        raise ChecklistRefused(" ".join(wrong))
    return answers


@transaction.atomic
def store_checklist(
    *, school: School, form: ChecklistForm, answers: Mapping[str, Any], by: User
) -> Checklist:
    """Save the answers of a row into the school's checklist; questions not in the row stay."""
    use = form.use
    try:
        checklist = start_checklist(school=school, wave=use.wave, version=use.version, by=by)
        kept = {name: shown for name, shown in checklist.answers.items() if name not in answers}
        kept = {name: _ticks(form.items[name], kept[name]) for name in kept if name in form.items}
        return save_draft(
            checklist=checklist,
            answers={**kept, **answers},
            comments=checklist.comments,
            revision=checklist.revision,
            by=by,
        )
    except ChecklistClosed:
        text = _("The checklist was sent already, or its wave is closed. Reopen it first.")
        raise ChecklistRefused(text) from None
    except BadAnswers as bad:
        raise ChecklistRefused(str(bad)) from None


def _options(item: Item) -> list[ScaleOption]:
    return list(item.scale.options.all()) if item.scale else []


def _code(item: Item, text: str) -> int | None:
    """The number of an option named by its number, name or wording."""
    wanted = normalise(text)
    for option in _options(item):
        if wanted in {normalise(known) for known in (option.name, *option.labels) if known}:
            return option.code
    return next((option.code for option in _options(item) if str(option.code) == text), None)


def _ticks(item: Item, answer: Any) -> Any:
    """A stored answer as `save_draft` takes it: ticks as codes instead of bits."""
    if item.kind != ItemKind.MULTI or not isinstance(answer, int):
        return answer
    return [option.code for place, option in enumerate(_options(item)) if answer >> place & 1]

"""Open answers in the made-up project: a question to students with words in both waves."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from indicators.actions.codings import code_answer
from indicators.actions.storage import pack, pack_texts
from indicators.actions.themes import add_theme
from indicators.models import (
    AnswerColumn,
    Dataset,
    Instrument,
    Item,
    OpenQuestion,
    TextColumn,
    Theme,
    ThemeShare,
    User,
    Wave,
)
from indicators.queries.coding_sheet import wave_answers
from tests.web.world import World

ADDRESS = ("student", "s_open")


def ask(world: World, texts: Sequence[str], wave: int = 0) -> Item:
    """The question, answered in one wave; rows begin at 2 as in a file."""
    student = Instrument.objects.get(project=world.project, code="student")
    item, _ = Item.objects.get_or_create(
        instrument=student, name="s_open", kind="text", label_en="What shall change?"
    )
    dataset = Dataset.objects.get(wave=world.waves[wave], version__instrument=student)
    packed, rows = pack_texts(texts), pack(np.arange(2, len(texts) + 2))
    TextColumn.objects.create(
        dataset=dataset,
        item=item,
        name=item.name,
        length=len(texts),
        n_filled=sum(map(bool, texts)),
        data=packed.data,
        sha256=packed.sha256,
    )
    AnswerColumn.objects.create(
        dataset=dataset,
        name="_row",
        dtype=rows.dtype,
        length=rows.length,
        data=rows.data,
        sha256=rows.sha256,
    )
    return item


def frame(item: Item, by: User, *codes: str) -> list[Theme]:
    values = {"label_ky": "", "label_ru": "", "definition": "", "is_active": True}
    return [
        add_theme(
            item=item,
            code=code,
            values=values | {"label_en": code.capitalize(), "position": place},
            by=by,
        )
        for place, code in enumerate(codes)
    ]


def say(item: Item, wave: Wave, place: int, themes: Sequence[str], by: User) -> None:
    answer = wave_answers(item, wave)[place]
    code_answer(answer=answer, item=item, themes=themes, revision=None, by=by)


def stored(
    world: World, item: Item, wave: int, n_coded: int, shares: dict[str, int], **fields: object
) -> None:
    """Results of the world's calculation, made up."""
    values = {"n_used": 100, "n_answers": 90, "n_themed": n_coded, "n_coders": 1, "n_double": 0}
    place = {"run": world.run, "wave": world.waves[wave]}
    OpenQuestion.objects.create(**place, item=item, n_coded=n_coded, **(values | fields))
    for code, n in shares.items():
        theme = Theme.objects.get(item=item, code=code)
        ThemeShare.objects.create(
            **place, theme=theme, n=n_coded, n_with=n, share=n / n_coded, **_kappas(fields)
        )


def _kappas(fields: dict[str, object]) -> dict[str, object]:
    names = ("n_double", "kappa", "kappa_low", "kappa_high")
    return {name: fields[name] for name in names if name in fields}

"""Open answers that count, and what coders said about them.

Answers are named by file and row, or by the school of a checklist; exclusions are left out.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from indicators.models import Coding, Dataset, Exclusion, Item, Theme
from indicators.pipeline.inputs import GivenCode, OpenQuestionSpec
from indicators.queries.answers import answers_of, texts_of
from indicators.queries.counted_checklists import counted_checklists
from indicators.vocabulary import ItemKind, UploadState

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from indicators.models import Project

NAMES_OF_PEOPLE = "_name"  # items that end so hold names, which nobody codes


@dataclass(frozen=True, slots=True)
class OpenAnswer:
    """One answer in words. Either `upload` and `row` are set, or `school`; primary keys."""

    item: int
    wave: int
    upload: int | None
    row: int | None
    school: int | None
    text: str
    sha256: str
    label: str = ""  # file or school, for people

    @property
    def key(self) -> tuple[int | None, int | None, int | None]:
        return self.upload, self.row, self.school


@dataclass(frozen=True, slots=True)
class WaveAnswers:
    """The answers to one question in one wave. `n_used`: sheets counted, with words or without."""

    item: int
    wave: int
    n_used: int
    answers: tuple[OpenAnswer, ...]


def text_sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def open_items(project: Project) -> QuerySet[Item]:
    """Questions answered in words, those for names of people left out."""
    return (
        Item.objects.filter(instrument__project=project, kind=ItemKind.TEXT)
        .exclude(name__endswith=NAMES_OF_PEOPLE)
        .select_related("instrument")
        .order_by("instrument__position", "position", "name")
    )


def open_answers(
    project: Project, items: Collection[Item], wave: int | None = None
) -> list[WaveAnswers]:
    """All answers to these questions, by question and wave, in the order of file and row."""
    found: dict[tuple[int, int], list[OpenAnswer]] = defaultdict(list)
    used: dict[tuple[int, int], int] = defaultdict(int)
    for item, at, n, answers in (
        *_of_surveys(project, items, wave),
        *_of_checklists(project, items, wave),
    ):
        found[item, at] += answers
        used[item, at] += n
    return [
        WaveAnswers(item, at, used[item, at], tuple(found[item, at])) for item, at in sorted(found)
    ]


Part = tuple[int, int, int, list[OpenAnswer]]  # item, wave, sheets used, answers


def _of_surveys(project: Project, items: Collection[Item], wave: int | None) -> Iterator[Part]:
    by_name = {(item.instrument_id, item.name): item for item in items}
    datasets = Dataset.objects.filter(
        wave__project=project,
        upload__state=UploadState.ACCEPTED,
        version__instrument__in={item.instrument_id for item in items},
    )
    if wave is not None:
        datasets = datasets.filter(wave=wave)
    out = defaultdict(set)
    for one in Exclusion.objects.filter(dataset__in=datasets):
        out[one.dataset_id].add(one.row)
    for dataset in datasets.select_related("upload", "version").order_by("wave__position", "pk"):
        instrument = dataset.version.instrument_id
        names = [name for (owner, name) in by_name if owner == instrument]
        texts = texts_of(dataset, names)
        if not texts:
            continue
        rows = answers_of(dataset, ["_row"])["_row"].tolist()
        left_out = out[dataset.pk]
        for name, column in texts.items():
            item = by_name[instrument, name].pk
            kept = [(r, t) for r, t in zip(rows, column, strict=True) if r not in left_out]
            yield (
                item,
                dataset.wave_id,
                len(kept),
                [
                    OpenAnswer(
                        *(item, dataset.wave_id, dataset.upload_id, row, None),
                        text=text,
                        sha256=text_sha256(text),
                        label=dataset.upload.file_name,
                    )
                    for row, text in kept
                    if text
                ],
            )


def _of_checklists(project: Project, items: Collection[Item], wave: int | None) -> Iterator[Part]:
    by_instrument = defaultdict(list)
    for item in items:
        by_instrument[item.instrument_id].append(item)
    for checklist in counted_checklists(project):
        if wave is not None and checklist.wave_id != wave:
            continue
        for item in by_instrument.get(checklist.version.instrument_id, ()):
            text = str(checklist.answers.get(item.name) or "").strip()
            answer = OpenAnswer(
                *(item.pk, checklist.wave_id, None, None, checklist.school_id),
                text=text,
                sha256=text_sha256(text),
                label=checklist.school.name,
            )
            yield item.pk, checklist.wave_id, 1, [answer] if text else []


# --- one answer for a page ---------------------------------------------------------------


def key_text(answer: OpenAnswer) -> str:
    """How an address names an answer of one question and wave: "12-7", or "s3" of a checklist."""
    return f"s{answer.school}" if answer.school else f"{answer.upload}-{answer.row}"


@dataclass(frozen=True, slots=True)
class AnswerAsNote:
    """An open answer that an officer wants to quote, and how a form begins with it."""

    item: Item
    initial: dict[str, str]


def answer_as_note(project: Project, text: str) -> AnswerAsNote | None:
    """`text`: primary key of the question, code of the wave and key, separated by commas."""
    parts = text.split(",")
    if len(parts) != 3 or not (parts[0].isascii() and parts[0].isdecimal() and len(parts[0]) < 10):
        return None
    item = open_items(project).filter(pk=int(parts[0])).first()
    wave = project.waves.filter(code=parts[1]).first()
    if item is None or wave is None:
        return None
    for part in open_answers(project, [item], wave.pk):
        for answer in part.answers:
            if key_text(answer) == parts[2]:
                source = (item.label or item.name)[:60]
                return AnswerAsNote(
                    item, {"quote": answer.text, "wave": wave.code, "source": source}
                )
    return None


# --- for a calculation --------------------------------------------------------------------


def open_questions(project: Project) -> tuple[OpenQuestionSpec, ...]:
    """Every open question with themes, wave by wave. One query where the project has none.

    A code counts while its answer counts and says the same words.
    """
    themes = list(
        Theme.objects.filter(item__instrument__project=project).order_by("position", "code")
    )
    if not themes:
        return ()
    items = list(open_items(project).filter(pk__in={theme.item_id for theme in themes}))
    names = {item.pk: (item.instrument.code, item.name) for item in items}
    waves = dict(project.waves.values_list("pk", "code"))
    standing = final_themes(themes)
    codes = stored_codes(project)
    return tuple(
        OpenQuestionSpec(
            item=names[part.item],
            wave=waves[part.wave],
            n_used=part.n_used,
            n_answers=len(part.answers),
            themes=tuple(
                one.code for one in themes if one.item_id == part.item and not one.merged_into_id
            ),
            codes=tuple(_given(part, codes, standing)),
        )
        for part in open_answers(project, items)
    )


@dataclass(frozen=True, slots=True)
class StoredCode:
    """A stored code: by whom (primary key), on which words, which themes (primary keys)."""

    pk: int
    coder: int
    text_sha256: str
    themes: frozenset[int]
    revision: int


Key = tuple[int, int, int | None, int | None, int | None]  # item, wave, upload, row, school


def stored_codes(
    project: Project, item: int | None = None, wave: int | None = None
) -> dict[Key, list[StoredCode]]:
    """Every code of the project, of one question or of one wave of it. Two queries."""
    rows = Coding.objects.filter(item__instrument__project=project)
    if item is not None:
        rows = rows.filter(item=item)
    if wave is not None:
        rows = rows.filter(wave=wave)
    themes: dict[int, set[int]] = defaultdict(set)
    links = Coding.themes.through.objects.filter(coding__in=rows)
    for coding, theme in links.values_list("coding_id", "theme_id"):
        themes[coding].add(theme)
    found: dict[Key, list[StoredCode]] = defaultdict(list)
    for row in rows.order_by("pk"):
        key = (row.item_id, row.wave_id, row.upload_id, row.row, row.school_id)
        found[key].append(
            StoredCode(
                row.pk, row.coder_id, row.text_sha256, frozenset(themes[row.pk]), row.revision
            )
        )
    return found


def codes_of(answer: OpenAnswer, codes: dict[Key, list[StoredCode]]) -> list[StoredCode]:
    """What was said about exactly these words."""
    given = codes.get((answer.item, answer.wave, *answer.key), [])
    return [one for one in given if one.text_sha256 == answer.sha256]


def _given(
    part: WaveAnswers, codes: dict[Key, list[StoredCode]], standing: dict[int, str]
) -> Iterator[GivenCode]:
    for place, answer in enumerate(part.answers):
        for code in codes_of(answer, codes):
            yield GivenCode(place, code.coder, frozenset(standing[theme] for theme in code.themes))


def final_themes(themes: Collection[Theme]) -> dict[int, str]:
    """Theme -> code of the theme it counts as, along every merge."""
    by_pk = {theme.pk: theme for theme in themes}
    found = {}
    for pk, theme in by_pk.items():
        while theme.merged_into_id is not None:
            theme = by_pk[theme.merged_into_id]
        found[pk] = theme.code
    return found

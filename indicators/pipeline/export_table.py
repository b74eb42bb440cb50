"""An accepted dataset as a table of words or of codes, such that loading it back gives the same.

A word is used for an option only where the reader of files takes it for that option; otherwise the
option's name stands.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from indicators.pipeline.choices import Choices
from indicators.pipeline.choices_multi import MultiChoices
from indicators.pipeline.shapes import MISSING, FormSpec, ItemSpec, OptionSpec, SurveyTable
from indicators.vocabulary import ItemKind

FORMULA_STARTS = ("=", "+", "-", "@")  # a spreadsheet runs a text that begins like this
LONGEST_WORD = 120  # bytes of a value label of SPSS
DECLARED_CODE = 99  # stands for "no answer" in a file of SPSS


@dataclass(frozen=True, slots=True)
class ExportColumn:
    """One column. `cells` are words, numbers or None; `codes` and `labels` serve SPSS."""

    name: str
    question: str
    cells: Sequence[Any]
    kind: ItemKind
    codes: Sequence[float | None] | None = None
    labels: Mapping[float, str] | None = None
    options: tuple[str, ...] = ()  # names of the options of which several may be ticked
    missing: tuple[float, ...] = ()  # codes that say that there is no answer to count


def export_columns(form: FormSpec, table: SurveyTable, language: int) -> list[ExportColumn]:
    """Columns in the order of the questionnaire. `language`: place of it in the labels."""
    found = []
    for item in form.items:
        question = item.labels[language] or next(filter(None, item.labels), item.file_name)
        if item.kind is ItemKind.CONSENT:
            yes = next((o.name for o in item.options if o.name in ("yes", "1")), "1")
            cells: Sequence[Any] = [yes] * len(table.school_index)
        elif item.kind is ItemKind.SCHOOL:
            cells = [table.school_codes[place] for place in table.school_index]
        elif item.kind is ItemKind.WEIGHT and table.weight is not None:
            cells = table.weight.tolist()
        elif item.name in table.texts:
            cells = list(table.texts[item.name])
        elif item.name in table.columns:
            found.append(_answers(item, table.columns[item.name].tolist(), question, language))
            continue
        else:
            continue
        found.append(ExportColumn(item.file_name, question, cells, item.kind))
    return found


def _answers(item: ItemSpec, codes: list[int], question: str, language: int) -> ExportColumn:
    if item.kind is ItemKind.NUMBER:
        numbers = [None if code == MISSING else code for code in codes]
        return ExportColumn(item.file_name, question, numbers, item.kind, numbers)
    if item.kind is ItemKind.MULTI:
        words = {code: _joined(item, code, language) for code in set(codes)}
        cells = [words[code] for code in codes]
        # Codes are the masks: SPSS gets one column per option from them.
        return ExportColumn(
            item.file_name,
            question,
            cells,
            item.kind,
            [None if code == MISSING else code for code in codes],
            {float(place): _label(o, language) for place, o in enumerate(item.options)},
            tuple(option.name for option in item.options),
        )
    return _choice(item, codes, question, language)


def _choice(item: ItemSpec, codes: list[int], question: str, language: int) -> ExportColumn:
    choices = Choices(item)
    words = {option.code: _word(choices, option, language) for option in item.options}
    labels = {float(code): word for code, word in words.items()}
    missing = [float(o.code) for o in item.options if not o.is_substantive]
    none: float | None = None
    if MISSING in codes and DECLARED_CODE not in words and str(DECLARED_CODE) not in words.values():
        none = float(DECLARED_CODE)
        missing.append(none)
    return ExportColumn(
        item.file_name,
        question,
        [words.get(code) for code in codes],
        item.kind,
        [none if code == MISSING else float(code) for code in codes],
        labels,
        missing=tuple(missing) if len(missing) <= 3 else tuple(missing[-1:]) if none else (),
    )


def _label(option: OptionSpec, language: int) -> str:
    return option.labels[language] or next(filter(None, option.labels), option.name)


def _word(choices: Choices, option: OptionSpec, language: int) -> str:
    """The label if it is read as this option and nothing is said about it, else the name."""
    label = _label(option, language)
    is_plain = not label.startswith(FORMULA_STARTS) and len(label.encode()) <= LONGEST_WORD
    reading = choices.read(label)
    is_sure = reading.code == option.code and not reading.kind
    return label if is_plain and is_sure else option.name


def _joined(item: ItemSpec, mask: int, language: int) -> str | None:
    """Labels with semicolons between them, or names with spaces where labels are not sure."""
    if mask == MISSING:
        return None
    ticked = [option for place, option in enumerate(item.options) if mask >> place & 1]
    labels = "; ".join(_label(option, language) for option in ticked)
    reading = MultiChoices(item).read(labels)
    if reading.mask == mask and not reading.free_text and not labels.startswith(FORMULA_STARTS):
        return labels
    return " ".join(option.name for option in ticked)

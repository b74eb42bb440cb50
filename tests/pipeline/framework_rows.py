"""Sheets of a framework typed as text, and what is found in them."""

from collections.abc import Sequence

from indicators.pipeline.framework_cells import Problems, Sheet, sheet_of
from indicators.pipeline.framework_shapes import (
    Catalogue,
    FormDefinition,
    FormItem,
    IndexDefinition,
    ItemDefinition,
    ScaleDefinition,
)
from indicators.pipeline.shapes import OptionSpec
from indicators.vocabulary import ItemKind

Found = tuple[str, int | None, str, str]  # kind, row, column, value


def sheet(name: str, columns: Sequence[str], *rows: Sequence[object]) -> Sheet:
    """A sheet as it would be read: header in row 1, the rows from row 2 on."""
    return sheet_of(name, [list(columns), *map(list, rows)], Problems("framework.xlsx"))


def found_in(sheet_or_problems: Sheet | Problems) -> list[Found]:
    """Everything reported so far, in order."""
    if isinstance(sheet_or_problems, Problems):
        problems = sheet_or_problems
    else:
        problems = sheet_or_problems.rows[0].problems
    return [(one.kind, one.row, one.column, one.value) for one in problems.found]


def scale(code: str, *codes: int, low_is_no_answer: bool = False) -> ScaleDefinition:
    options = tuple(
        OptionSpec(f"o{number}", number, (f"жооп {number}", "", ""), not low_is_no_answer)
        for number in codes
    )
    return ScaleDefinition(code, options)


def question(
    name: str, scale_code: str = "likert", kind: ItemKind = ItemKind.SCALE, row: int = 2
) -> FormItem:
    labels = (name, name, name)
    return FormItem(
        name, kind, labels, scale_code, "block", False, "", None, "", (), False, "", row
    )


def form(
    *questions: FormItem, instrument: str = "student", version: str = "1", name: str = "student"
) -> FormDefinition:
    names = ("Анкета", "Анкета", "Form")
    return FormDefinition(
        f"{name}.xlsx", "0", instrument, version, "Form", names, (), questions, {}
    )


LIKERT = scale("likert", 1, 2, 3, 4, 5)
RECOMMEND = scale("nps", *range(11))
WAYS = ScaleDefinition(
    "ways",
    (OptionSpec("mentoring", 0, ("a", "", "")), OptionSpec("study", 1, ("b", "", ""))),
)


def item(
    name: str, scale_code: str = "likert", kind: ItemKind = ItemKind.SCALE
) -> tuple[tuple[str, str], ItemDefinition]:
    instrument = {"s": "student", "t": "teacher", "p": "parent"}[name[0]]
    labels = (name, name, name)
    return (instrument, name), ItemDefinition(instrument, name, kind, labels, scale_code, "block")


CATALOGUE = Catalogue(
    items=dict(
        [
            item("s_safe"),
            item("s_heard"),
            item("s_sex", "sex"),
            item("s_recommend", "nps"),
            item("t_ways", "ways", ItemKind.MULTI),
            item("t_safe"),
            item("p_safe"),
        ]
    ),
    scales={"likert": LIKERT, "nps": RECOMMEND, "ways": WAYS, "sex": scale("sex", 1, 2)},
    indices={
        "climate": IndexDefinition(
            "student", "climate", ("", "", "Climate"), ("s_safe", "s_heard"), frozenset(),
            "mean", 1.0, 5.0, 0.5, None, "", 0,
        )
    },
)  # fmt: skip

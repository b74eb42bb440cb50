"""The results of a run as a table of plain text, for the terminal."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from django.utils.translation import gettext

from indicators.presenters.lines import line_view

if TYPE_CHECKING:
    from indicators.results import Line

WIDTHS = (5, 44, 10, 10, 26, 24, 20)


def summary_lines(lines: Iterable[Line]) -> Iterator[str]:
    """Header, one line per indicator in the order of the register, nothing sorted by value."""
    yield _row(
        (
            "",
            gettext("Indicator"),
            gettext("Baseline"),
            gettext("Endline"),
            # xgettext:no-python-format
            gettext("Change (95 % range)"),
            gettext("Verdict"),
            gettext("Target"),
        )
    )
    yield "-" * (sum(WIDTHS) + len(WIDTHS) - 1)
    for line in lines:
        view = line_view(line)
        change = f"{view.change.text} ({view.range})" if view.range else view.change.text
        yield _row(
            (
                view.code,
                view.name,
                view.baseline.text,
                view.endline.text,
                change,
                str(view.verdict.word) if view.verdict else "",
                str(view.status.word),
            )
        )


def _row(cells: tuple[str, ...]) -> str:
    return " ".join(
        _fitted(cell, width) for cell, width in zip(cells, WIDTHS, strict=True)
    ).rstrip()


def _fitted(text: str, width: int) -> str:
    """Cut with an ellipsis or filled with spaces to `width` columns of a terminal."""
    text = unicodedata.normalize("NFC", text).replace("\u202f", " ").replace("\u00a0", " ")
    cut = text if len(text) <= width else text[: width - 1] + "…"
    return cut.ljust(width)

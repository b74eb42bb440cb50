"""What a folded block says of itself, and whether it begins open on the phone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext, ngettext

from indicators.presenters import numbers
from indicators.presenters.indicator_filter import LOOKS, MOVED
from indicators.presenters.words import STATUS_SHAPES
from indicators.vocabulary import Status
from indicators.words import word

# So few rows are read faster than unfolded.
FEW = 12


@dataclass(frozen=True, slots=True)
class Inside:
    """`text` stands beside the title. `is_open`: the page is short, or something moved and the
    block is short: what moved in a long one is said by the text."""

    text: str
    is_open: bool


def of_lines(rows: Iterable[tuple[str, str]], *, n_on_page: int) -> Inside:
    """`rows`: verdict and status of each indicator of the block; `n_on_page`: of all blocks."""
    rows = list(rows)
    moved = sum(1 for verdict, _status in rows if verdict in MOVED)
    statuses = Counter(status for _verdict, status in rows)
    judged = [
        counted(statuses[one], str(word(one)))
        for one in Status
        if one in STATUS_SHAPES and statuses[one]
    ]
    parts = [indicators(len(rows))]
    if moved:
        parts.append(counted(moved, str(LOOKS["moved"])))
    if judged:
        parts.append(gettext("targets: %(statuses)s") % {"statuses": ", ".join(judged)})
    return Inside(" · ".join(parts), begins_open(n_on_page, len(rows), bool(moved)))


def begins_open(n_on_page: int, n_rows: int, has_moved: bool) -> bool:
    return n_on_page <= FEW or (has_moved and n_rows <= FEW)


def indicators(n: int) -> str:
    return ngettext("%(n)s indicator", "%(n)s indicators", n) % {"n": numbers.whole(n)}


def counted(n: int, what: str) -> str:
    return f"{numbers.whole(n)} {what}"

"""What accepting several files at once does, in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from indicators.presenters.numbers import whole
from indicators.presenters.upload import kind_word

MOST_NAMED = 8


def sums(rows: Iterable[Any]) -> list[str]:
    """Files and rows by what is in them: "survey answers: 3 files, 1,274 rows"."""
    files: Counter[str] = Counter()
    lines: Counter[str] = Counter()
    left_out: Counter[str] = Counter()
    for row in rows:
        files[row.kind] += 1
        lines[row.kind] += row.n_rows
        left_out[row.kind] += row.problems.get("row", 0)
    return [_sum(kind, files[kind], lines[kind], left_out[kind]) for kind in files]


def _sum(kind: str, n_files: int, n_rows: int, n_left_out: int) -> str:
    parts = [
        ngettext("%(n)s file", "%(n)s files", n_files) % {"n": n_files},
        ngettext("%(n)s row", "%(n)s rows", n_rows) % {"n": whole(n_rows)},
    ]
    if n_left_out:
        text = ngettext("%(n)s row left out", "%(n)s rows left out", n_left_out)
        parts.append(text % {"n": n_left_out})
    return f"{kind_word(kind)}: {', '.join(parts)}"


def told(report: Any) -> list[tuple[bool, str]]:
    """What became of the files, one line per outcome; the first part says whether all is well."""
    n = len(report.accepted)
    accepted = ngettext("%(n)s file is accepted.", "%(n)s files are accepted.", n) % {"n": n}
    lines = [(True, accepted)] if n else []
    outcomes = (
        (
            report.freed,
            True,
            _("Nothing blocks these any more, so they can be accepted now: %(names)s."),
        ),
        (report.refused, False, _("Not accepted, see their pages: %(names)s.")),
        (
            report.large,
            False,
            _("Large files are accepted on their own pages, with progress: %(names)s."),
        ),
        (
            report.corrected,
            False,
            _("Most rows of these count already. Decide on their pages: %(names)s."),
        ),
    )
    named = (
        (is_well, text % {"names": _names(names)}) for names, is_well, text in outcomes if names
    )
    return [*lines, *named]


def _names(names: tuple[str, ...]) -> str:
    more = _("and %(n)s more") % {"n": len(names) - MOST_NAMED}
    shown = ", ".join(names[:MOST_NAMED])
    return f"{shown}, {more}" if len(names) > MOST_NAMED else shown

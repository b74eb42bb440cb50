"""What the picture of a project lacks: waves, values, schools, checklists."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext

from indicators.presenters import numbers
from indicators.presenters.indicator_filter import lacking
from indicators.presenters.words import reason_text
from indicators.vocabulary import Reason, SchoolEventKind

if TYPE_CHECKING:
    from indicators.results import (
        IndicatorHead,
        Line,
        Missing,
        Overview,
        SchoolNews,
        SchoolRef,
        WaveHead,
    )


@dataclass(frozen=True, slots=True)
class WithoutValue:
    """Indicators that have no value in one wave for one reason."""

    wave: str
    why: str
    indicators: tuple[IndicatorHead, ...]


@dataclass(frozen=True, slots=True)
class SchoolsMissing:
    """`more` counts the schools that are not named."""

    text: str
    schools: tuple[SchoolRef, ...]
    more: str


@dataclass(frozen=True, slots=True)
class MissingView:
    waves: tuple[str, ...]
    values: tuple[WithoutValue, ...]
    absent: tuple[str, ...]
    schools: tuple[SchoolsMissing, ...]

    @property
    def is_empty(self) -> bool:
        return not (self.waves or self.values or self.absent or self.schools)


def missing_view(overview: Overview) -> MissingView:
    return MissingView(
        waves=_waves(overview),
        values=_values(overview),
        absent=tuple(_absence(row) for row in overview.news if row.kind == SchoolEventKind.ABSENT),
        schools=tuple(_schools(overview)),
    )


def _waves(overview: Overview) -> tuple[str, ...]:
    texts = [
        gettext("%(wave)s (%(start)s – %(end)s) has no results yet.")
        % {
            "wave": wave.name,
            "start": date_format(wave.field_start),
            "end": date_format(wave.field_end),
        }
        for wave in overview.unmeasured
    ]
    if overview.waves.endline is None:
        texts.append(gettext("There is no second wave yet, so nothing can be compared."))
    return tuple(texts)


def _values(overview: Overview) -> tuple[WithoutValue, ...]:
    """By wave and reason, in the order of the register."""
    found: dict[tuple[str, str], list[IndicatorHead]] = {}
    for line in overview.lines:
        for wave in lacking(line, overview.waves):
            key = (wave.name, _why(line, wave, overview))
            found.setdefault(key, []).append(line.indicator)
    return tuple(WithoutValue(wave, why, tuple(heads)) for (wave, why), heads in found.items())


def _why(line: Line, wave: WaveHead, overview: Overview) -> str:
    level = line.baseline if wave == overview.waves.baseline else line.endline
    return reason_text(level.reason if level and level.reason else Reason.NO_DATA)


def _absence(row: SchoolNews) -> str:
    return gettext("%(school)s did not take part. %(note)s") % {
        "school": f"{row.school.code} {row.school.name}",
        "note": row.note,
    }


def _schools(overview: Overview) -> Iterable[SchoolsMissing]:
    for row in overview.absences:
        if row.without_answers.n:
            text = ngettext(
                "%(wave)s: %(n)s school without any answers.",
                "%(wave)s: %(n)s schools without any answers.",
                row.without_answers.n,
            )
            yield _missing(text, row.wave.name, row.without_answers)
        if row.without_checklist.n:
            text = ngettext(
                "%(wave)s: %(n)s school without a director's checklist.",
                "%(wave)s: %(n)s schools without a director's checklist.",
                row.without_checklist.n,
            )
            yield _missing(text, row.wave.name, row.without_checklist)


def _missing(text: str, wave: str, missing: Missing) -> SchoolsMissing:
    n_more = missing.n - len(missing.named)
    more = gettext("and %(n)s more") % {"n": numbers.whole(n_more)}
    return SchoolsMissing(
        text % {"wave": wave, "n": numbers.whole(missing.n)}, missing.named, more if n_more else ""
    )

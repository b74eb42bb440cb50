"""The quality log in words, and the sentences printed beside the results."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext

from indicators.presenters.numbers import percent, whole
from indicators.vocabulary import FieldLogKind
from indicators.words import word

if TYPE_CHECKING:
    from indicators.results import FieldworkChecks


@dataclass(frozen=True, slots=True)
class EntryView:
    pk: int
    kind: str
    happened_on: date
    instrument: str
    who: str
    what: str
    result: str
    counts: str
    is_short: bool


def entry_views(rows: Iterable[Any]) -> list[EntryView]:
    return [
        EntryView(
            pk=row.pk,
            kind=str(word(FieldLogKind(row.kind))),
            happened_on=row.happened_on,
            instrument=row.instrument,
            who=row.who,
            what=row.what,
            result=row.result,
            counts=_counts(row),
            is_short=row.is_short,
        )
        for row in rows
    ]


def _counts(row: Any) -> str:
    if row.n_checked is None:
        return ""
    text = gettext("%(n)s of %(total)s sheets asked again (%(share)s)") % {
        "n": whole(row.n_checked),
        "total": whole(row.n_collected),
        "share": percent(row.share_checked),
    }
    if row.n_agreed is None:
        return text
    return f"{text}, {gettext('%(n)s with the same answers') % {'n': whole(row.n_agreed)}}"


def fieldwork_sentences(checks: Iterable[FieldworkChecks]) -> tuple[str, ...]:
    """One sentence per wave for the limits of a result."""
    return tuple(f"{one.wave}: {', '.join(_parts(one))}." for one in checks)


def _parts(one: FieldworkChecks) -> Iterable[str]:
    if one.pilot_on is None:
        yield gettext("no pilot of the questionnaire is on record")
    else:
        day = date_format(one.pilot_on, "DATE_FORMAT")
        yield gettext("the questionnaire was piloted on %(day)s") % {"day": day}
    if not one.n_interviewers:
        yield gettext("no back-checks are on record")
        return
    yield gettext("%(n)s of %(total)s sheets were asked again as a check") % {
        "n": whole(one.n_checked),
        "total": whole(one.n_collected),
    }
    if one.n_agreed is not None and one.n_checked:
        yield gettext("%(n)s of them had the same answers") % {"n": whole(one.n_agreed)}
    if one.n_short:
        text = ngettext(
            "for %(n)s interviewer fewer than 20 percent were checked",
            "for %(n)s interviewers fewer than 20 percent were checked",
            one.n_short,
        )
        yield text % {"n": whole(one.n_short)}

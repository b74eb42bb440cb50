"""What of the gaps a reader asked to see: read from the address, shown as chips."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.utils.translation import gettext, gettext_lazy

from indicators.presenters.indicator_filter import Chip, Choice, Select
from indicators.presenters.words import GROUP_WORDS
from indicators.vocabulary import GapChange, Respondent
from indicators.words import word

if TYPE_CHECKING:
    from indicators.results import GapLine

QUESTIONNAIRES = "questionnaires"
BY_SEX = "sex"
NOT_JUDGED = "not_judged"
TITLES = {
    QUESTIONNAIRES: gettext_lazy("Between questionnaires"),
    **{name: title for name, title in GROUP_WORDS.items() if name != "school"},
}


def kind_of(line: GapLine) -> str:
    """The section a gap stands in."""
    return line.group_by or QUESTIONNAIRES


def outcome_of(line: GapLine) -> str:
    """What became of the gap: a word of GapChange, or that nothing is judged."""
    return (line.endline.change_word if line.endline else "") or NOT_JUDGED


def outcome_text(outcome: str) -> str:
    if outcome == NOT_JUDGED:
        return gettext("not judged")
    return str(word(GapChange(outcome)))


@dataclass(frozen=True, slots=True)
class GapFilter:
    """What the reader asked to see. Unknown values ask for nothing."""

    kind: str = ""
    source: str = ""  # a kind of respondent
    outcome: str = ""

    @classmethod
    def of(cls, query: Mapping[str, str]) -> GapFilter:
        def known(name: str, values: Iterable[str]) -> str:
            value = query.get(name, "")
            return value if value in list(values) else ""

        return cls(
            kind=known("kind", TITLES),
            source=known("source", Respondent),
            outcome=known("outcome", (*GapChange, NOT_JUDGED)),
        )

    @property
    def is_active(self) -> bool:
        return self != GapFilter()

    @property
    def query(self) -> str:
        """As the end of an address; a lone "?" when nothing is asked."""
        asked = {field.name: getattr(self, field.name) for field in fields(self)}
        return "?" + urlencode({name: value for name, value in asked.items() if value})

    def matches(self, line: GapLine) -> bool:
        sources = {line.first.respondent, line.second.respondent}
        return (
            self.kind in ("", kind_of(line))
            and (not self.source or self.source in sources)
            and self.outcome in ("", outcome_of(line))
        )


@dataclass(frozen=True, slots=True)
class GapFilterView:
    selects: tuple[Select, ...]
    chips: tuple[Chip, ...]


def gap_filter_view(wanted: GapFilter, lines: Sequence[GapLine]) -> GapFilterView:
    """Only what occurs can be chosen."""
    kinds = {kind_of(line) for line in lines}
    sources = {side.respondent for line in lines for side in (line.first, line.second)}
    outcomes = {outcome_of(line) for line in lines}
    lists = (
        (
            "kind",
            gettext("Kind of gap"),
            [(kind, str(title)) for kind, title in TITLES.items() if kind in kinds],
        ),
        (
            "source",
            gettext("Source"),
            [(one.value, str(word(one))) for one in Respondent if one in sources],
        ),
        (
            "outcome",
            gettext("What became of it"),
            [
                (one, outcome_text(one))
                for one in (*map(str, GapChange), NOT_JUDGED)
                if one in outcomes
            ],
        ),
    )
    return GapFilterView(
        tuple(
            Select(name, label, tuple(_choice(pair, getattr(wanted, name)) for pair in pairs))
            for name, label, pairs in lists
        ),
        tuple(
            Chip(f"{label}: {text}", replace(wanted, **{name: ""}).query)
            for name, label, pairs in lists
            for value, text in pairs
            if value == getattr(wanted, name)
        ),
    )


def _choice(pair: tuple[str, str], chosen: str) -> Choice:
    value, label = pair
    return Choice(value, label, value == chosen)

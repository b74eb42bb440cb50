"""What citations in texts need, and the agenda with its evidence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from indicators.results.gaps import GapLine
from indicators.results.lines import Level, Line, Standing, WaveHead, WavePair


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures texts may cite, as this reader may see them.

    `lines` by the code of the indicator; `waves`: every wave of the project, `pair` the two the
    lines compare. The rest only as far as texts name it. By code of the school ("": the project),
    indicator and wave: `levels` and `targets`; by school and indicator: `school_lines`; by
    indicator and breakdown ("": the indicator is a gap): `gaps`. `breakdowns`: those with a gap.
    `schools`: codes that exist, `closed`: those whose figures this reader may not see.
    """

    lines: Mapping[str, Line] = field(default_factory=dict)
    levels: Mapping[tuple[str, str, str], Level] = field(default_factory=dict)
    waves: tuple[WaveHead, ...] = ()
    pair: WavePair = field(default_factory=lambda: WavePair(None, None))
    targets: Mapping[tuple[str, str, str], Standing] = field(default_factory=dict)
    school_lines: Mapping[tuple[str, str], Line] = field(default_factory=dict)
    gaps: Mapping[tuple[str, str], GapLine] = field(default_factory=dict)
    breakdowns: Mapping[str, frozenset[str]] = field(default_factory=dict)
    schools: frozenset[str] = frozenset()
    closed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Lost:
    """A reference that leads nowhere any more, and the text it stands in.

    `problem`: a value of `pipeline.citation_check.CitationProblem`; the rest as there.
    """

    kind: str  # "agenda" or "paragraph"
    place: str
    language: str
    is_public: bool
    reference: str
    problem: str
    name: str
    line: int
    column: int
    suggestion: str = ""


@dataclass(frozen=True, slots=True)
class AgendaRow:
    """A question as one reader may see it. `conclusion` is empty while it is not public.

    `indicators`: codes in the order of the register; `quotes`: codes with notes, and how many.
    """

    code: str
    section: str
    question: str
    status: str
    evidence: str
    indicators: tuple[str, ...]
    conclusion: str
    no_figure_reason: str
    is_public: bool
    quotes: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Agenda:
    """`figures` hold the lines of every indicator named, and what the conclusions cite.

    `counts`: questions of the whole agenda by status.
    """

    rows: tuple[AgendaRow, ...]
    figures: Figures
    counts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ParagraphRow:
    place: str
    text: str
    is_public: bool
    languages: tuple[str, ...]

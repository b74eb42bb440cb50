"""References to figures inside texts: read, written, checked."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indicators.pipeline.citation import (
    PARTS,
    Broken,
    Citation,
    CitedFigure,
    CitedPart,
    Words,
    citations_of,
    gap_references,
    parse_citations,
    references,
    write_citations,
)
from indicators.pipeline.citation_check import (
    CitationProblem,
    CitedProblem,
    Known,
    TypedNumber,
    cited_problems,
    plain_number,
    typed_numbers,
)

F, P = CitedFigure, CitedPart
KNOWN = Known(
    codes=("S01", "S09", "T05", "G01"),
    gaps=("G01",),
    waves=("W0", "W1"),
    schools=("IS-03", "12/4"),
    breakdowns={"S01": {"sex", "settlement"}, "S09": set()},
)


def problems(text):
    return cited_problems(text, KNOWN)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{S01.endline}", Citation("S01", F.ENDLINE)),
        ("{S01.baseline.n}", Citation("S01", F.BASELINE, P.N)),
        ("{S01.change.ci}", Citation("S01", F.CHANGE, P.CI)),
        ("{S01.change.verdict}", Citation("S01", F.CHANGE, P.VERDICT)),
        ("{T05.target}", Citation("T05", F.TARGET)),
        ("{T05.target.status}", Citation("T05", F.TARGET, P.STATUS)),
        ("{G01.gap}", Citation("G01", F.GAP)),
        ("{S01@W1}", Citation("S01", F.LEVEL, wave="W1")),
        ("{S01@W1.n}", Citation("S01", F.LEVEL, P.N, "W1")),
        ("{ S01.endline }", Citation("S01", F.ENDLINE)),
        ("{С01.endline}", Citation("С01", F.ENDLINE)),  # a Cyrillic letter is an unknown code
        ("{S01@W1.target}", Citation("S01", F.TARGET, wave="W1")),
        ("{S01@W1.target.status}", Citation("S01", F.TARGET, P.STATUS, "W1")),
        ("{S01.gap.sex}", Citation("S01", F.GAP, by="sex")),
        ("{S01.gap.sex.n}", Citation("S01", F.GAP, P.N, by="sex")),
        ("{S01.gap.sex.change}", Citation("S01", F.GAP_CHANGE, by="sex")),
        ("{S01.gap.sex.change.ci}", Citation("S01", F.GAP_CHANGE, P.CI, by="sex")),
        ("{G01.gap.change.verdict}", Citation("G01", F.GAP_CHANGE, P.VERDICT)),
        ("{IS-03/S01.endline}", Citation("S01", F.ENDLINE, school="IS-03")),
        ("{12/4/S01.endline}", Citation("S01", F.ENDLINE, school="12/4")),
        ("{IS-03/S01@W1.ci}", Citation("S01", F.LEVEL, P.CI, "W1", school="IS-03")),
        ("{IS-03/S01@W1.target}", Citation("S01", F.TARGET, wave="W1", school="IS-03")),
        ("{IS-03/S01}", Broken("{IS-03/S01}")),
        ("{/S01.endline}", Broken("{/S01.endline}")),
        ("{IS-03/}", Broken("{IS-03/}")),
        ("{S01.endline@IS-03}", Broken("{S01.endline@IS-03}")),
        ("{S01.gap.}", Broken("{S01.gap.}")),
        ("{S01.gap.sex.verdict}", Broken("{S01.gap.sex.verdict}")),
        ("{S01.gap.change.n}", Broken("{S01.gap.change.n}")),
        ("{S01.gap.sex.change.ci.n}", Broken("{S01.gap.sex.change.ci.n}")),
        ("{S01.gap.change.sex}", Broken("{S01.gap.change.sex}")),
        ("{S01@W1.gap.sex}", Broken("{S01@W1.gap.sex}")),
        ("{S01}", Broken("{S01}")),
        ("{}", Broken("{}")),
        ("{", Broken("{")),
        ("{S01.endline.n.n}", Broken("{S01.endline.n.n}")),
        ("{S01.mean}", Broken("{S01.mean}")),
        ("{S01.target.ci}", Broken("{S01.target.ci}")),
        ("{S01@W1.change}", Broken("{S01@W1.change}")),
        ("{S01.level}", Broken("{S01.level}")),
        ("{{S01}}", Words("{S01}")),
        ("}", Words("}")),
    ],
)
def test_one_part(text, expected):
    assert parse_citations(text) == (expected,)


def test_a_sentence_keeps_its_order_and_its_places():
    text = "Up to {S01.endline}\nfrom {S01.baseline} {{see}} {S01"
    parts = parse_citations(text)
    assert parts == (
        Words("Up to "),
        Citation("S01", F.ENDLINE),
        Words("\nfrom "),
        Citation("S01", F.BASELINE),
        Words(" {see} "),
        Broken("{"),
        Words("S01"),
    )
    assert [part.start for part in parts] == [0, 6, 19, 25, 39, len(text) - 4, len(text) - 3]
    assert citations_of(text) == (Citation("S01", F.ENDLINE), Citation("S01", F.BASELINE))
    assert parse_citations("") == ()


CODE = st.from_regex(r"[A-Z]{1,2}[0-9]{1,3}", fullmatch=True)
NAME = {
    F.LEVEL: {"wave": CODE},
    F.TARGET: {"wave": CODE | st.just("")},
    F.GAP: {"by": st.sampled_from(["", "sex", "grade_band"])},
    F.GAP_CHANGE: {"by": st.sampled_from(["", "sex", "settlement"])},
}
CITED = st.one_of(
    [
        st.builds(
            Citation,
            CODE,
            st.just(figure),
            st.sampled_from([P.VALUE, *parts]),
            school=st.sampled_from(["", "IS-03", "12/4", "A.B"]),
            **NAME.get(figure, {}),
        )
        for figure, parts in PARTS.items()
    ]
)


@settings(deadline=None)
@given(st.lists(st.one_of(st.builds(Words, st.text(min_size=1)), CITED)))
def test_what_is_written_reads_the_same(parts):
    whole = []
    for part in parts:  # neighbouring words are one part
        if whole and isinstance(part, Words) and isinstance(whole[-1], Words):
            whole[-1] = Words(whole[-1].text + part.text)
        else:
            whole.append(part)
    assert parse_citations(write_citations(whole)) == tuple(whole)


@settings(deadline=None)
@given(st.one_of(st.text(), st.text("{}S01@W.endlinec \n")))
def test_any_text_is_read_and_nothing_of_it_is_lost(text):
    parts = parse_citations(text)
    again = write_citations(parts)
    # A single "{" before a word that begins with a brace is the one place where writing adds one.
    letters = [c for c in text if c not in "{} "]
    assert [c for c in again if c not in "{} "] == letters
    assert all(text.startswith("{", part.start) for part in parts if not isinstance(part, Words))
    problems(text)
    typed_numbers(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{S99.endline}", (CitationProblem.NO_INDICATOR, "S99", "{S09.endline}")),
        ("{s01.change.ci}", (CitationProblem.NO_INDICATOR, "s01", "{S01.change.ci}")),
        ("{QQ.endline}", (CitationProblem.NO_INDICATOR, "QQ", "")),
        ("{S01@W7}", (CitationProblem.NO_WAVE, "W7", "{S01@W1}")),
        ("{S01@xyz.n}", (CitationProblem.NO_WAVE, "xyz", "")),
        ("{S01.gap.n}", (CitationProblem.NO_GAP, "S01", "{S01.gap.settlement.n}")),
        ("{S01}", (CitationProblem.UNREADABLE, "{S01}", "{S01.endline}")),
        ("{S01.basline}", (CitationProblem.UNREADABLE, "{S01.basline}", "{S01.baseline}")),
        ("{?}", (CitationProblem.UNREADABLE, "{?}", "")),
        ("{S01.gap.sexe}", (CitationProblem.NO_BREAKDOWN, "sexe", "{S01.gap.sex}")),
        ("{S09.gap.sex}", (CitationProblem.NO_BREAKDOWN, "sex", "{S09.endline}")),
        ("{S09.gap.change}", (CitationProblem.NO_GAP, "S09", "{S09.change}")),
        ("{G01.gap.sex.change}", (CitationProblem.NO_BREAKDOWN, "sex", "{G01.gap.change}")),
        ("{IS-3/S01.endline}", (CitationProblem.NO_SCHOOL, "IS-3", "{IS-03/S01.endline}")),
        ("{zz9/S01.endline}", (CitationProblem.NO_SCHOOL, "zz9", "")),
        ("{IS-03/S01.n}", (CitationProblem.UNREADABLE, "{IS-03/S01.n}", "{IS-03/S01.endline}")),
        ("{IS-03/S01.gap.sex}", (CitationProblem.NO_GAP_OF_SCHOOL, "IS-03", "{S01.gap.sex}")),
        (
            "{S01.change.ci@IS-03}",
            (CitationProblem.UNREADABLE, "{S01.change.ci@IS-03}", "{IS-03/S01.change.ci}"),
        ),
        (
            "{S01.basline@IS-03}",
            (CitationProblem.UNREADABLE, "{S01.basline@IS-03}", "{IS-03/S01.baseline}"),
        ),
        ("{G01.gapp}", (CitationProblem.UNREADABLE, "{G01.gapp}", "{G01.endline}")),
        ("{S01@W7.target}", (CitationProblem.NO_WAVE, "W7", "{S01@W1.target}")),
    ],
)
def test_a_reference_that_leads_nowhere_is_named(text, expected):
    (problem,) = problems(f"First line.\nThe {text} here")
    assert (problem.kind, problem.name, problem.suggestion) == expected
    assert (problem.line, problem.column) == (2, 5)
    assert isinstance(problem, CitedProblem)


def test_good_references_have_no_problem():
    assert problems("{S01.endline} {G01.gap} {T05@W0.ci} {{S99}} } words") == ()
    assert problems("{12/4/S01.change} {S01.gap.sex.change.ci} {IS-03/T05@W1.target}") == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("rose to 3.42 of 5", ["3.42"]),
        ("өстү: 3,42.", ["3,42"]),
        ("45 % of them, then 46%", ["45 %", "46%"]),
        ("by −0.20 and +0.10", ["−0.20", "+0.10"]),
        ("82,1\u202f% сказали", ["82,1\u202f%"]),
        ("in 2027, in 23 schools, S01, 12.10.2025, v1.2.3", []),
        ("{S01.endline} {S01@W0} 4.5", ["4.5"]),
        ("{ 3.42 }", []),
    ],
)
def test_numbers_typed_by_hand_are_found(text, expected):
    assert [one.text for one in typed_numbers(text)] == expected


def test_a_typed_number_says_where_it_stands():
    assert typed_numbers("a\n{S01.endline} b 3.4") == (TypedNumber("3.4", 2, 17),)


def test_numbers_are_compared_without_their_language():
    assert plain_number("−3,42") == plain_number("-3.42")
    assert plain_number("+0,10") == "0.10"
    assert plain_number("45\u202f%") == plain_number("45 %")


def test_what_can_be_cited_reads_as_itself():
    offered = (*references("G01"), *gap_references("G01"), *gap_references("S01", "sex"))
    assert [one.reference for one in offered] == [
        "{G01.baseline}",
        "{G01.endline}",
        "{G01.change}",
        "{G01.target}",
        "{G01.gap}",
        "{G01.gap.change}",
        "{S01.gap.sex}",
        "{S01.gap.sex.change}",
    ]
    assert all(parse_citations(one.reference) == (one,) for one in offered)

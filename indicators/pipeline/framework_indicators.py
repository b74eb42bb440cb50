"""Sheet `indicators`: the register of indicators, one reference sheet per row."""

from __future__ import annotations

from collections.abc import Mapping

from indicators.pipeline.framework_cells import Sheet, SheetRow, without_repeats
from indicators.pipeline.framework_measures import measure_of
from indicators.pipeline.framework_shapes import Catalogue, IndicatorDefinition
from indicators.pipeline.shapes import Labels
from indicators.vocabulary import (
    SHARE_MEASURES,
    BaselinePolicy,
    Direction,
    Level,
    Respondent,
    is_percent_unit,
)

INDICATOR_COLUMNS = (
    "code", "name_ky", "name_ru", "name_en", "definition_ky", "definition_en", "level",
    "instrument", "items", "statistic", "codes", "unit", "direction", "disaggregation",
    "responsible", "frequency", "baseline_policy", "decimals", "descriptive_only", "context_only",
    "note", "headline",
)  # fmt: skip
# The sheet names persons in charge by code and in Kyrgyz; here the other two languages.
RESPONSIBLE: Mapping[str, tuple[str, str]] = {
    "me_specialist": ("специалист по МиО", "M&E specialist"),
    "school_director": ("директор школы", "school director"),
    "tsoomo": ("ЦООМО", "testing centre (CEATM)"),
    "cluster_coordinator": ("координатор кластера", "cluster coordinator"),
}
RESPONSE_SHIFT = "possible response shift"
# Groups by an attribute of the school; other groups are questions of the form (s_sex, s_grade).
SCHOOL_GROUPS = frozenset({"school", "oblast", "settlement", "remoteness", "language"})


def read_indicators(sheet: Sheet, catalogue: Catalogue) -> tuple[IndicatorDefinition, ...]:
    found: list[IndicatorDefinition] = []
    for row in without_repeats(sheet.rows, ("code",), "duplicate_code"):
        indicator = clean_indicator(row, catalogue, len(found))
        if indicator is not None:
            found.append(indicator)
    return tuple(found)


def clean_indicator(
    row: SheetRow, catalogue: Catalogue, position: int
) -> IndicatorDefinition | None:
    """One indicator; None when a part that everything depends on is missing or wrong."""
    code = row.text("code", required=True, longest=20)
    names = row.labels("name", required=True)
    level = row.one_of("level", {level.value: level for level in Level})
    direction = row.one_of("direction", {one.value: one for one in Direction})
    policy = row.one_of("baseline_policy", {one.value: one for one in BaselinePolicy})
    respondent = _respondent(row)
    disaggregation = _disaggregation(row, catalogue)
    decimals = row.whole("decimals", high=6)
    measure = measure_of(row, catalogue)
    if not code or level is None or direction is None or policy is None or measure is None:
        return None
    unit = row.text("unit", longest=60)
    if measure.kind in SHARE_MEASURES and not is_percent_unit(unit):
        row.report("unit_not_percent", "unit", suggestion=f"% {unit}".strip())
    return IndicatorDefinition(
        code=code,
        names=names,
        definitions=row.labels("definition", longest=5000),
        measure=measure,
        position=position,
        level=level,
        respondent=respondent,
        unit=unit,
        direction=direction,
        disaggregation=disaggregation,
        responsible=_responsible(row),
        frequency=row.text("frequency", longest=60),
        baseline_policy=policy,
        decimals=2 if decimals is None else decimals,
        is_headline=row.yes("headline"),
        is_descriptive=row.yes("descriptive_only"),
        is_context=row.yes("context_only"),
        has_response_shift=row.yes(
            "response_shift", default=RESPONSE_SHIFT in row.text("note").casefold()
        ),
        margin=row.number_in("margin", low=0),
        note=row.text("note"),
    )


def _respondent(row: SheetRow) -> str:
    """ "student" or "student+teacher": who answers, or where the numbers come from."""
    text = row.text("instrument", required=True, longest=40)
    for part in text.split("+"):
        if text and part.strip() not in set(Respondent):
            row.report(
                "instrument_unknown",
                "instrument",
                value=part.strip(),
                allowed=", ".join(Respondent),
            )
    return text


def _disaggregation(row: SheetRow, catalogue: Catalogue) -> tuple[str, ...]:
    instruments = tuple(part.strip() for part in row.text("instrument").split("+"))
    questions = catalogue.names_of(instruments)
    groups = [part.strip() for part in row.text("disaggregation").split(";") if part.strip()]
    for group in groups:
        if group not in SCHOOL_GROUPS and not any(name.endswith(f"_{group}") for name in questions):
            row.report(
                "group_unknown",
                "disaggregation",
                value=group,
                allowed=", ".join(sorted(SCHOOL_GROUPS)),
            )
    return tuple(groups)


def _responsible(row: SheetRow) -> Labels:
    """In three columns, or as a code with a Kyrgyz column beside it."""
    ky, ru, en = row.labels("responsible", longest=120)
    code = row.text("responsible", longest=120)
    known = RESPONSIBLE.get(code, ("", code.replace("_", " ")))
    return ky, ru or known[0], en or known[1]

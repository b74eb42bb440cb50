"""Doubtful values in the columns of a survey, offered for a decision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from indicators.pipeline.choices import Choices, Reading
from indicators.pipeline.choices_multi import DOUBTFUL, MultiChoices, MultiReading
from indicators.pipeline.columnar import Factor
from indicators.pipeline.doubtful import most_frequent
from indicators.pipeline.problems import shown
from indicators.pipeline.shapes import DoubtfulValue, ItemSpec
from indicators.pipeline.survey_state import Survey


def label_of(labels: Mapping[float, str], cell: Any) -> str:
    """What a .sav or .dta says a number means; empty without a label."""
    return labels.get(cell, "") if isinstance(cell, int | float) else ""


def _rows_with(survey: Survey, factor: Factor) -> list[int]:
    """How many rows that count have each distinct cell."""
    counts = np.bincount(factor.codes[survey.live], minlength=len(factor.distinct))
    return [int(n) for n in counts]


def offer_values(
    survey: Survey,
    item: ItemSpec,
    position: int,
    factor: Factor,
    readings: Sequence[Reading],
    choices: Choices | None = None,
) -> None:
    """Values with a finding may be decided on: options by the label where the file gives one."""
    header, n_rows = survey.header(position), _rows_with(survey, factor)
    labels = survey.table.value_labels.get(header, {}) if choices else {}
    places = (place for place, one in enumerate(readings) if one.severity is not None)
    for place in most_frequent(places, n_rows):
        cell, reading = factor.distinct[place], readings[place]
        survey.doubtful.add(
            DoubtfulValue(
                item=item.name,
                column=header,
                value=shown(label_of(labels, cell) or cell),
                kind=reading.kind,
                suggestion=choices.proposal(reading) if choices else reading.suggestion,
                read_as=reading.suggestion,
                n_rows=n_rows[place],
            )
        )


def offer_findings(
    survey: Survey,
    choices: MultiChoices,
    position: int,
    factor: Factor,
    readings: Sequence[MultiReading],
) -> None:
    """Answers in cells with several that may be decided on, each counted once per cell."""
    n_rows = _rows_with(survey, factor)
    places = (place for place, one in enumerate(readings) if one.findings)
    for place in most_frequent(places, n_rows):
        for finding in dict.fromkeys(readings[place].findings):
            _severity, kind, value, read_as = finding
            if kind in DOUBTFUL:
                survey.doubtful.add(
                    DoubtfulValue(
                        item=choices.item.name,
                        column=survey.header(position),
                        value=shown(value),
                        kind=kind,
                        suggestion=choices.proposal(finding),
                        read_as=read_as,
                        n_rows=n_rows[place],
                    )
                )

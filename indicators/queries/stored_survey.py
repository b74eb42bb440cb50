"""One accepted dataset as the table that was stored."""

from __future__ import annotations

import json
import zlib

import numpy as np

from indicators.models import Dataset
from indicators.pipeline.shapes import Funnel, SurveyTable
from indicators.queries.answers import unpack, weight_of

OWN = ("_school", "_row", "_weight")


def stored_survey(dataset: Dataset) -> SurveyTable:
    """Everything that was accepted, exclusions included. Three queries."""
    columns = {c.name: unpack(c) for c in dataset.columns.exclude(name="_weight")}
    texts = {
        column.name: json.loads(zlib.decompress(bytes(column.data)))
        for column in dataset.text_columns.all()
    }
    return SurveyTable(
        school_codes=tuple(dataset.school_codes),
        school_index=columns.get("_school", np.zeros(0, dtype=np.int64)),
        row_numbers=columns.get("_row", np.zeros(0, dtype=np.int64)),
        columns={name: codes for name, codes in columns.items() if name not in OWN},
        texts=texts,
        funnel=Funnel(dataset.n_opened, dataset.n_consented, dataset.n_answered, dataset.n_used),
        weight=weight_of(dataset),
    )

"""Stored answers, read by column: only what is asked for leaves the database."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable

import numpy as np
from django.db.models import F, Q

from indicators.models import AnswerColumn, Dataset, TextColumn
from indicators.pipeline.shapes import FloatArray, IntArray


def unpack(column: AnswerColumn) -> IntArray:
    """Codes of one stored column as int64."""
    plain = zlib.decompress(bytes(column.data))
    return np.frombuffer(plain, dtype=column.dtype).astype(np.int64)


def weight_of(dataset: Dataset) -> FloatArray | None:
    """For how many people each respondent stands; None when everybody weighs the same."""
    column = AnswerColumn.objects.filter(dataset=dataset, name="_weight").first()
    if column is None:
        return None
    return np.frombuffer(zlib.decompress(bytes(column.data)), dtype=column.dtype)


def answers_of(dataset: Dataset, names: Iterable[str]) -> dict[str, IntArray]:
    """Columns by item name (or `_school`, `_row`); names the file did not have are absent.

    A question that carries on another under a new name is found under both.
    """
    wanted = dict.fromkeys(names)
    columns = AnswerColumn.objects.filter(
        Q(name__in=wanted) | Q(item__continues__name__in=wanted), dataset=dataset
    ).annotate(earlier=F("item__continues__name"))
    found: dict[str, IntArray] = {}
    for column in columns.only("name", "dtype", "data"):
        codes = unpack(column)
        found[column.name] = codes
        if column.earlier:
            found[column.earlier] = codes
    return {name: found[name] for name in wanted if name in found}


def texts_of(dataset: Dataset, names: Iterable[str]) -> dict[str, list[str]]:
    """Open answers by item name; "" where there is none."""
    columns = TextColumn.objects.filter(dataset=dataset, name__in=list(names))
    return {column.name: json.loads(zlib.decompress(bytes(column.data))) for column in columns}

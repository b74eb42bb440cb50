"""Files of SPSS and Stata, with value labels and coded missing answers kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from indicators.pipeline.read_apart import read_apart
from indicators.pipeline.shapes import RawFile, RawTable

SAV = (b"$FL2", b"$FL3")
# Stata: release 117 and later begin with a tag; earlier ones with release, byte order and a one.
TAGGED = b"<stata_dta>"
RELEASES, BYTE_ORDERS = range(104, 117), (1, 2)


def is_sav(content: bytes) -> bool:
    return content.startswith(SAV)


def is_dta(content: bytes) -> bool:
    """Whether the content begins as a Stata file of any release does."""
    head = content[:4]
    is_old = len(head) == 4 and head[0] in RELEASES and head[1] in BYTE_ORDERS
    return content.startswith(TAGGED) or (is_old and head[2:] == b"\x01\x00")


def read_sav(name: str, content: bytes) -> RawFile:
    """Declared missing codes are kept as they are typed. Raises Unreadable."""
    found = read_apart("sav", content, broken="broken_sav_file")
    present = dict(zip(found["header"], found["columns"], strict=True))
    missing = {
        column: _missing(ranges, set(present[column]))
        for column, ranges in found["missing_ranges"].items()
        if column in present
    }
    return RawFile(name, "sav", (_table(found, missing),))


def read_dta(name: str, content: bytes) -> RawFile:
    """Answers coded .a to .z come as the letter, and the letter is among the missing codes.

    Raises Unreadable.
    """
    found = read_apart("dta", content, broken="broken_dta_file")
    missing = {column: frozenset(codes) for column, codes in found["missing_user_values"].items()}
    return RawFile(name, "dta", (_table(found, missing),))


def _table(found: Mapping[str, Any], missing: Mapping[str, frozenset[float | str]]) -> RawTable:
    rows = tuple(zip(*found["columns"], strict=True))
    return RawTable(
        "",
        tuple(found["header"]),
        0,
        rows,
        tuple(range(1, len(rows) + 1)),
        {column: _labels(pairs) for column, pairs in found["value_labels"].items()},
        missing,
        found["questions"],
    )


def _labels(pairs: Iterable[tuple[Any, Any]]) -> dict[float, str]:
    """Labels of numbers; those of words and coded missing answers say nothing about a number."""
    return {float(code): str(text) for code, text in pairs if isinstance(code, int | float)}


def _missing(ranges: Iterable[Any], present: set[Any]) -> frozenset[float | str]:
    """Declared missing codes: single ones, and those inside a range that occur."""
    codes: set[float | str] = set()
    for limits in ranges:
        low, high = limits["lo"], limits["hi"]
        if low == high:
            codes.add(low)
        else:
            codes |= {cell for cell in present if isinstance(cell, float) and low <= cell <= high}
    return frozenset(codes)

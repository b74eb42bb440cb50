"""Formats whose libraries a crafted file can crash are read in a process of their own.

Old .xls (a cell beyond the last column ends the process), .xlsb, .ods (repeated cells), .sav and
.dta (sizes are believed). The process has limits of memory and time that grow with the file, and
costs a tenth of a second for a workbook, half of one for SPSS and Stata. XLSX and text stay here.
"""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

CHILD = Path(__file__).with_name("read_child.py")
LEAST_BYTES, BYTES_PER_BYTE, MOST_BYTES = 320 * 2**20, 100, 4 * 2**30
LEAST_SECONDS, SECONDS_PER_MEGABYTE = 4, 3


class Unreadable(Exception):
    """The file cannot be read; `kind` names the problem, `params` fill in its sentence."""

    def __init__(self, kind: str, detail: str = "", **params: str) -> None:
        super().__init__(kind, detail)
        self.kind, self.detail, self.params = kind, detail, params


def read_apart(kind: str, content: bytes, *, broken: str) -> dict[str, Any]:
    """What `read_child` found. Raises Unreadable with the kind `broken`, or file_too_demanding."""
    n_bytes = min(LEAST_BYTES + BYTES_PER_BYTE * len(content), MOST_BYTES)
    n_seconds = LEAST_SECONDS + SECONDS_PER_MEGABYTE * len(content) // 2**20
    command = [sys.executable, "-I", str(CHILD), kind, str(n_bytes), str(n_seconds)]
    try:
        done = subprocess.run(
            command, input=content, capture_output=True, timeout=n_seconds, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise Unreadable("file_too_demanding") from error
    if done.returncode:
        raise Unreadable("file_too_demanding")
    found: dict[str, Any] = json.loads(done.stdout, object_hook=_cell)
    if "error" in found:
        raise Unreadable(broken, str(found["error"]))
    return found


def _cell(found: dict[str, Any]) -> Any:
    if len(found) != 1:
        return found
    ((sort, value),) = found.items()
    if sort == "datetime":
        return datetime.fromisoformat(value)
    if sort == "date":
        return date.fromisoformat(value)
    if sort == "time":
        return time.fromisoformat(value)
    return timedelta(seconds=value) if sort == "seconds" else found

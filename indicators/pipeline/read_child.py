"""Reads one risky file in a process of its own and prints its cells as JSON.

Run by `read_apart` as a script, never imported: libraries that can end the whole process when a
crafted file asks for too much end only this one. Nothing of the project is imported here, so that
it starts in a blink.
"""

import io
import json
import os
import sys
from datetime import date, datetime, time, timedelta
from typing import Any


def limit(n_bytes: int, n_seconds: int) -> None:
    """Where the system knows limits; elsewhere the parent's clock stands alone."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (n_bytes, n_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (n_seconds, n_seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def workbook(content: bytes) -> dict[str, Any]:
    import python_calamine as calamine

    book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
    sheets = []
    for sheet in book.sheets_metadata:
        is_table = sheet.typ == calamine.SheetTypeEnum.WorkSheet
        if is_table and sheet.visible == calamine.SheetVisibleEnum.Visible:
            found = book.get_sheet_by_name(sheet.name)
            grid = [] if found.end is None else found.to_python(skip_empty_area=False)
            sheets.append((sheet.name, grid))
    return {"sheets": sheets}


def statistics(content: bytes, kind: str) -> dict[str, Any]:
    import pyreadstat

    read = pyreadstat.read_sav if kind == "sav" else pyreadstat.read_dta
    columns, meta = read(io.BytesIO(content), user_missing=True, output_format="dict")
    labels = meta.variable_value_labels or {}
    return {
        "header": [str(name) for name in columns],
        "columns": [
            [None if cell is None or cell != cell or cell == "" else cell for cell in cells]
            for cells in columns.values()
        ],
        "value_labels": {name: list(texts.items()) for name, texts in labels.items()},
        "missing_ranges": meta.missing_ranges or {},
        "missing_user_values": meta.missing_user_values or {},
        "questions": {name: text for name, text in meta.column_names_to_labels.items() if text},
    }


def plain(cell: object) -> Any:
    """What JSON does not know, with its sort."""
    if isinstance(cell, datetime):
        return {"datetime": cell.isoformat()}
    if isinstance(cell, date):
        return {"date": cell.isoformat()}
    if isinstance(cell, time):
        return {"time": cell.isoformat()}
    if isinstance(cell, timedelta):
        return {"seconds": cell.total_seconds()}
    return str(cell)


def main() -> None:
    kind, n_bytes, n_seconds = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    os.environ["OPENBLAS_NUM_THREADS"] = "1"  # every thread would reserve memory
    content = sys.stdin.buffer.read()
    limit(n_bytes, n_seconds)
    try:
        found = workbook(content) if kind == "workbook" else statistics(content, kind)
    except MemoryError:
        sys.exit(3)
    except BaseException as error:  # a panic of a library is no Exception
        found = {"error": type(error).__name__}
    try:
        for piece in json.JSONEncoder(default=plain).iterencode(found):
            sys.stdout.write(piece)
        sys.stdout.flush()
    except MemoryError:
        sys.exit(3)


if __name__ == "__main__":
    main()

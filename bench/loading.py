"""Large survey files, from bytes to the packed columns of an accepted dataset.

100,000 x 60 XLSX beside the bare read of its library; 1,000,000 x 60 CSV of codes with its peak of
memory, beside plain splitting of its lines. Each has a process of its own, whose processor time is
taken. Writing the packed columns (25 MB) to the database is not in it: measured apart, 1.5 s.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

SCALES, SCHOOLS = 58, 400
XLSX_ROWS, CSV_ROWS = 100_000, 1_000_000
AIM_RATIO, AIM_ROWS, AIM_GIGABYTES = 3.5, 40_000, 2.0
HEADER = ["consent", "school", *(f"q{number}" for number in range(SCALES))]
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
BOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">'
    f'<Override PartName="/xl/workbook.xml" ContentType="{BOOK_TYPE}"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r" '
    f'Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship '
    f'Id="r1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
    '<sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>',
}


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        xlsx, text = Path(folder) / "a.xlsx", Path(folder) / "a.csv"
        _write_xlsx(xlsx)
        _write_csv(text)
        found = {
            (name, path): _apart(name, path)
            for name, path in (("load", xlsx), ("calamine", xlsx), ("load", text), ("split", text))
        }
    ratio = found["load", xlsx]["seconds"] / found["calamine", xlsx]["seconds"]
    speed = CSV_ROWS / found["load", text]["seconds"]
    print(f"{'loading':<44} {'cpu s':>7} {'x peer':>7} {'peak GB':>8}")
    _print("100,000 x 60 XLSX to packed columns", found["load", xlsx], ratio)
    _print("peer: bare calamine read", found["calamine", xlsx], 1)
    peer = found["split", text]
    _print("1,000,000 x 60 CSV to packed columns", found["load", text],
           found["load", text]["seconds"] / peer["seconds"])  # fmt: skip
    _print("peer: csv.reader, rows thrown away", peer, 1)
    print(f"aim: XLSX within {AIM_RATIO} x: {_said(ratio <= AIM_RATIO)}")
    print(f"aim: CSV {AIM_ROWS:,} rows/s: {speed:,.0f}, {_said(speed >= AIM_ROWS)}")
    is_small = found["load", text]["gigabytes"] <= AIM_GIGABYTES
    print(f"aim: CSV within {AIM_GIGABYTES} GB: {_said(is_small)}")
    return 0


def _said(is_reached: bool) -> str:
    return "reached" if is_reached else "missed"


def _print(name: str, found: dict[str, float], ratio: float) -> None:
    print(f"{name:<44} {found['seconds']:>7.2f} {ratio:>7.1f} {found['gigabytes']:>8.2f}")


def _answers(n: int) -> tuple[Any, Any]:
    rng = np.random.default_rng(60)
    return rng.integers(0, SCHOOLS, n), rng.integers(1, 6, (n, SCALES))


def _write_csv(path: Path) -> None:
    schools, answers = _answers(CSV_ROWS)
    signs = np.full((CSV_ROWS, 2 * SCALES), ord(";"), dtype=np.uint8)
    signs[:, ::2] = answers + ord("0")
    signs[:, -1] = ord("\n")
    with path.open("wb") as file:
        file.write((";".join(HEADER) + "\n").encode())
        for school, row in zip(schools.tolist(), signs, strict=True):
            file.write(b"yes;S%03d;" % school + row.tobytes())


def _write_xlsx(path: Path) -> None:
    columns = [_letters(place) for place in range(len(HEADER))]
    schools, answers = _answers(XLSX_ROWS)

    def text(place: str, word: str) -> str:
        return f'<c r="{place}" t="inlineStr"><is><t>{word}</t></is></c>'

    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as book:
        for name, xml in PARTS.items():
            book.writestr(name, xml)
        with book.open("xl/worksheets/sheet1.xml", "w") as sheet:
            head = "".join(text(f"{c}1", name) for c, name in zip(columns, HEADER, strict=True))
            sheet.write(f'<worksheet xmlns="{MAIN}"><sheetData><row r="1">{head}</row>'.encode())
            rows = zip(schools.tolist(), answers.tolist(), strict=True)
            for number, (school, codes) in enumerate(rows, start=2):
                cells = text(f"A{number}", "yes") + text(f"B{number}", f"S{school:03}")
                cells += "".join(
                    f'<c r="{c}{number}"><v>{code}</v></c>'
                    for c, code in zip(columns[2:], codes, strict=True)
                )
                sheet.write(f'<row r="{number}">{cells}</row>'.encode())
            sheet.write(b"</sheetData></worksheet>")


def _letters(place: int) -> str:
    return ("" if place < 26 else chr(64 + place // 26)) + chr(65 + place % 26)


# --- in a process of its own -----------------------------------------------------------------


def _apart(name: str, path: Path) -> dict[str, float]:
    command = [sys.executable, "-m", "bench.loading", name, str(path)]
    done = subprocess.run(command, capture_output=True, check=True, env=os.environ)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def _load(path: Path) -> None:
    from indicators.actions.storage import pack
    from indicators.pipeline.read import read_table
    from indicators.pipeline.validate import validate

    checked = validate(read_table(path.name, path.read_bytes()), _context())
    assert checked.survey is not None
    assert checked.survey.funnel.used in (XLSX_ROWS, CSV_ROWS), checked.problems[:3]
    for codes in checked.survey.columns.values():
        pack(codes)


def _context() -> Any:
    from datetime import date

    from indicators.pipeline.shapes import (
        FormSpec,
        ImportContext,
        ItemSpec,
        OptionSpec,
        SchoolSpec,
        WaveSpec,
    )
    from indicators.vocabulary import FileKind, ItemKind, Respondent, Selection

    yes = (OptionSpec("yes", 1, ("", "", "yes")), OptionSpec("no", 0, ("", "", "no")))
    scale = tuple(OptionSpec(str(code), code, ("", "", f"word {code}")) for code in range(1, 6))
    kinds = [(ItemKind.CONSENT, yes), (ItemKind.SCHOOL, ()), *[(ItemKind.SCALE, scale)] * SCALES]
    items = tuple(
        ItemSpec(name, name, kind, ("", "", name), options)
        for name, (kind, options) in zip(HEADER, kinds, strict=True)
    )
    form = FormSpec("student", "1", Respondent.STUDENT, Selection.CENSUS, items)
    schools = tuple(SchoolSpec(f"S{n:03}", (f"School {n}",), f"S{n:03}") for n in range(SCHOOLS))
    wave = WaveSpec("W0", 0, date(2025, 10, 6), date(2025, 11, 2))
    return ImportContext(FileKind.SURVEY, wave, date(2027, 12, 1), schools, form)


def _calamine(path: Path) -> None:
    import python_calamine

    python_calamine.CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()


def _split(path: Path) -> None:
    import csv

    with path.open(encoding="utf-8", newline="") as file:
        for _row in csv.reader(file, delimiter=";"):
            pass


WORK: dict[str, Callable[[Path], None]] = {"load": _load, "calamine": _calamine, "split": _split}


def _measure(name: str, path: Path) -> None:
    start = time.process_time()  # of this process, whatever else the machine does
    WORK[name](path)
    seconds = time.process_time() - start
    peak = Path("/proc/self/status").read_text(encoding="utf-8").partition("VmHWM:")[2].split()[0]
    print(json.dumps({"seconds": seconds, "gigabytes": int(peak) / 2**20}))


if __name__ == "__main__":
    _measure(sys.argv[1], Path(sys.argv[2]))

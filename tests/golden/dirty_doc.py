"""`python -m tests.golden.dirty_doc` writes docs/dirty_files.md from the table of the tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.golden.dirty_table import (
    ALARMS,
    DISAGREED,
    FILES,
    KEY,
    QUIET,
    REPORTED,
    SUGGESTED,
    TAKEN,
    Read,
)

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "dirty_files.md"
INTRO = """# Files with planted mistakes

Written from `tests/golden/dirty_table.py` by `python -m tests.golden.dirty_doc`; do not edit.
201 mistakes were planted in 14 files of the study. The tests load each file by the page, in the
admin and by the command: all three list the same, each report at the row and column below, and
nothing else but the alarms at the end. `kind` is a report; *read as* means that nothing is listed
because the cell is read as it was meant.
"""
WORDS = {
    "nothing": "nothing: no answer sheet",
    "refused": "an answer sheet without consent",
    "used": "it stands; the sheet counts",
}
LONGEST = 40


def document() -> str:
    return "\n".join([INTRO, *_lines()]) + "\n"


def _lines() -> Iterator[str]:
    for name in FILES:
        yield f"## {name}\n"
        yield "| | row | column | planted | what is said or read |"
        yield "| --- | --- | --- | --- | --- |"
        for planted in KEY:
            if planted["file"] == name:
                cells = (
                    planted["id"],
                    planted["row"] or "",
                    _short(planted["column"] or ""),
                    planted["kind"],
                    _outcome(planted["id"]),
                )
                yield "| " + " | ".join(map(str, cells)) + " |"
        yield ""
    yield "## Alarms beside the planted mistakes\n"
    for one in ALARMS:
        where = f", row {one.row}" if one.row else ""
        yield f"* {one.file}{where}: `{one.kind}`. {one.why}"
    yield "\n## Where we do not follow the key\n"
    for id, why in DISAGREED.items():
        yield f"* {id}: {why}"


def _outcome(id: str) -> str:
    parts = [f"`{kind}`" for kind in REPORTED.get(id, ())]
    parts += [f"proposes {SUGGESTED[id]}"] if id in SUGGESTED else []
    read = QUIET.get(id) or TAKEN.get(id)
    parts += [f"*read as* {_value(read)}"] if read else []
    return ", ".join(parts).replace("|", "\\|")


def _value(read: Read) -> str:
    if read.how in WORDS:
        return WORDS[read.how]
    if read.how == "column":
        return f"the question {read.name}"
    value: Any = "missing" if read.value in (None, "") else read.value
    name = f" ({read.name})" if read.name and read.how in ("file", "desk", "register") else ""
    return f"{str(value).replace('<', '&lt;').replace(chr(9), ' ')}{name}"


def _short(text: str) -> str:
    plain = " ".join(text.split()).replace("|", "/")
    return plain if len(plain) <= LONGEST else "…" + plain[-LONGEST:]


if __name__ == "__main__":
    DOCUMENT.write_text(document(), encoding="utf-8")

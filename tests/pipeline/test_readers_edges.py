"""The last corners of the readers: what a file must do to be refused, or to be read all the same.

`read_child` is run here as the script it is, but in this process and with its limits only noted.
"""

from __future__ import annotations

import io
import json
import resource
import runpy
import struct
import sys
import zipfile
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from indicators.pipeline import read_child
from indicators.pipeline.read import read_table
from indicators.pipeline.read_apart import CHILD
from tests.pipeline import hostile
from tests.pipeline.test_read import blocks, parts_of, sav, workbook
from tests.pipeline.test_read_formats import dta

MOMENT = datetime.fromisoformat("2025-10-06T08:30")


def repacked(more: int) -> bytes:
    """A small workbook whose archive says its sheet has so many more bytes than it has."""
    content = bytearray(hostile.SMALL)
    central = content.rindex(hostile.SHEET.encode()) - 46
    (size,) = struct.unpack_from("<I", content, central + 24)
    struct.pack_into("<I", content, central + 24, size + more)
    return bytes(content)


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("a.csv", b"a;b" + b"\n" * 5_000_001, "too_many_lines"),
        ("a.xlsm", hostile.with_part("xl/vbaProject.bin", b"\x00"), "workbook_with_macros"),
        ("a.ods", hostile.with_part("Basic/Standard/a.xml", b"<a/>"), "workbook_with_macros"),
        (
            "a.xls",
            hostile.old_workbook((0, 0, 1.0)) + "_VBA_PROJECT".encode("utf-16-le"),
            "workbook_with_macros",
        ),
        ("a.xlsx", hostile.entities(), "workbook_unsafe"),
        ("a.xlsx", repacked(more=-9), "workbook_too_large"),
        ("a.xlsx", repacked(more=9), "broken_workbook"),
    ],
    ids=["lines", "macros", "Basic", "macros of old", "entities", "tells fewer", "tells more"],
)
def test_what_a_file_must_not_do_is_refused_by_name(name: str, content: bytes, kind: str) -> None:
    raw = read_table(name, content)
    assert (blocks(raw), raw.tables) == ([kind], ())


def test_an_old_workbook_that_ends_the_process_of_the_library_is_refused() -> None:
    content = hostile.old_workbook((0, 0, 1.0), (65_535, 65_535, 2.0))
    assert blocks(read_table("a.xls", content)) == ["file_too_demanding"]


def test_a_workbook_with_a_large_picture_that_is_not_packed_is_read() -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_STORED) as archive:
        for name, data in parts_of(hostile.SMALL).items():
            archive.writestr(name, data)
        archive.writestr("xl/media/image1.bmp", b"BM" + b"\xff" * 20 * 2**20)
    raw = read_table("a.xlsx", content.getvalue())
    assert (raw.problems, raw.tables[0].rows) == ((), (("IS-01", 15.0),))


def test_days_and_times_of_spss_come_as_such() -> None:
    raw = read_table("a.sav", sav({"d": [MOMENT.date()], "m": [MOMENT], "t": [MOMENT.time()]}))
    assert raw.tables[0].rows == ((MOMENT.date(), MOMENT, MOMENT.time()),)


class PanicException(BaseException):
    """Named as the one of the library, which is no Exception either."""


def fail_with(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    """Let the library of workbooks fail so."""
    import python_calamine

    class Failing:
        @staticmethod
        def from_filelike(_: Any) -> None:
            raise error

    monkeypatch.setattr(python_calamine, "CalamineWorkbook", Failing)


def test_a_panic_of_the_library_is_a_broken_workbook(monkeypatch: pytest.MonkeyPatch) -> None:
    fail_with(monkeypatch, PanicException("index out of bounds"))
    (problem,) = read_table("a.xlsx", hostile.SMALL).problems
    assert (problem.kind, problem.value) == ("broken_workbook", "panic")


def test_who_stops_the_program_while_a_workbook_is_read_does_stop_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fail_with(monkeypatch, KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        read_table("a.xlsx", hostile.SMALL)


# --- the process apart -------------------------------------------------------------------------


class Child:
    """Runs the script in this process; notes the limits it asks for, and sets none."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self.patch, self.output = monkeypatch, capsys
        self.limits: dict[int, tuple[int, int]] = {}
        monkeypatch.setattr(resource, "setrlimit", self.limits.__setitem__)
        monkeypatch.setenv("OPENBLAS_NUM_THREADS", "1")  # put back afterwards

    def start(self, kind: str, content: bytes) -> None:
        self.patch.setattr(sys, "argv", [str(CHILD), kind, "1000", "7"])
        self.patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
        runpy.run_path(str(CHILD), run_name="__main__")

    def read(self, kind: str, content: bytes) -> dict[str, Any]:
        self.start(kind, content)
        found: dict[str, Any] = json.loads(self.output.readouterr().out)
        return found


@pytest.fixture
def child(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Child:
    return Child(monkeypatch, capsys)


def test_the_process_apart_limits_itself_and_prints_the_cells_of_a_workbook(child: Child) -> None:
    found = child.read("workbook", hostile.old_workbook((0, 0, 1.0), (1, 0, 2.5)))
    assert found == {"sheets": [["a", [[1.0], [2.5]]]]}
    assert child.limits == {
        resource.RLIMIT_AS: (1000, 1000),
        resource.RLIMIT_CPU: (7, 8),
        resource.RLIMIT_CORE: (0, 0),
    }


def test_hidden_and_empty_sheets_of_a_workbook_apart(child: Child) -> None:
    content = workbook([["a"]], [["old"]], [], sheet_1="hidden")
    assert child.read("workbook", content) == {"sheets": [["sheet 0", [["a"]]], ["sheet 2", []]]}


def test_the_process_apart_prints_the_answers_of_spss_and_stata(child: Child) -> None:
    frame: dict[str, list[Any]] = {"q": [1.0, float("nan")], "s": ["x", ""]}
    for kind, content in (("sav", sav(frame)), ("dta", dta(frame))):
        found = child.read(kind, content)
        assert (found["header"], found["columns"]) == (["q", "s"], [[1.0, None], ["x", None]])


def test_a_library_that_fails_is_named_and_no_error_of_the_process(child: Child) -> None:
    assert child.read("sav", b"$FL2 broken") == {"error": "ReadstatError"}


def test_a_file_that_takes_more_memory_than_there_is_ends_the_process_with_three(
    child: Child, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail_with(monkeypatch, MemoryError())
    with pytest.raises(SystemExit) as ended:
        child.start("workbook", hostile.SMALL)
    assert ended.value.code == 3


def test_cells_that_take_more_memory_than_there_is_end_the_process_with_three(
    child: Child, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Full(io.StringIO):
        def write(self, _: str) -> int:
            raise MemoryError

    with monkeypatch.context() as patch:
        patch.setattr(sys, "stdout", Full())
        with pytest.raises(SystemExit) as ended:
            child.start("workbook", hostile.SMALL)
    assert ended.value.code == 3


def test_where_the_system_knows_no_limits_none_is_asked_for(
    child: Child, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "resource", None)
    read_child.limit(1000, 7)
    assert child.read("workbook", hostile.old_workbook((0, 0, 1.0)))["sheets"] == [["a", [[1.0]]]]
    assert child.limits == {}


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        (MOMENT, {"datetime": "2025-10-06T08:30:00"}),
        (date(2025, 10, 6), {"date": "2025-10-06"}),
        (time(8, 30), {"time": "08:30:00"}),
        (timedelta(minutes=2), {"seconds": 120.0}),
        (1 + 2j, "(1+2j)"),
    ],
)
def test_what_json_does_not_know_is_told_with_its_sort(cell: object, told: object) -> None:
    assert read_child.plain(cell) == told

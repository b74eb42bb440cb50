"""The demo project: its files, accounts and password, and what the terminal shows."""

from __future__ import annotations

import io
import os
import stat
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError, OutputWrapper
from django.db import OperationalError

from indicators.actions import demo
from indicators.actions.demo import (
    ACCOUNTS,
    DIRECTOR_SCHOOL,
    create_demo_accounts,
    demo_files,
    demo_password,
)
from indicators.management.commands import demo as command
from indicators.management.commands.demo import FULL, Progress, fitted
from indicators.models import AuditEvent, Membership, School, User
from tests.actions.cast import build_world


@pytest.fixture
def var(settings: Any, tmp_path: Path) -> Path:
    settings.VAR_DIR = tmp_path / "var"
    settings.VAR_DIR.mkdir()
    return settings.VAR_DIR


def test_the_password_is_drawn_once_and_kept_private(var: Path) -> None:
    password = demo_password()
    assert len(password) == 12
    assert demo_password() == password
    assert stat.S_IMODE((var / "demo_password").stat().st_mode) == 0o600
    assert [path.name for path in var.iterdir()] == ["demo_password"]


def test_a_kill_while_the_password_is_written_leaves_no_empty_one(
    var: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", killed)
        with pytest.raises(KeyboardInterrupt):
            demo_password()
    assert len(demo_password()) == 12


def test_accounts_of_four_roles_are_made_once(db: None) -> None:
    project = build_world().project
    school = School.objects.create(project=project, code=DIRECTOR_SCHOOL)
    events = AuditEvent.objects.count()
    for _ in range(2):
        create_demo_accounts(project=project, password="open sesame now")
    members = Membership.objects.filter(project=project, user__email__endswith="@example.org")
    assert {(m.user.username, m.role) for m in members} == {(a.username, a.role) for a in ACCOUNTS}
    assert all(m.user.check_password("open sesame now") for m in members)
    assert list(members.get(user__username="director").schools.all()) == [school]
    assert AuditEvent.objects.count() == events + len(ACCOUNTS)


def test_an_account_that_exists_keeps_its_password(db: None) -> None:
    User.objects.create_user("officer", password="my own pass phrase")
    create_demo_accounts(project=build_world().project, password="open sesame now")
    assert User.objects.get(username="officer").check_password("my own pass phrase")
    assert User.objects.get(username="donor").check_password("open sesame now")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "files.toml").write_text('[[file]]\npath = "a/*.csv"\nkind = "survey"\nwave = "W0"')
    with pytest.raises(FileNotFoundError, match=r"no file matches a/\*\.csv"):
        list(demo_files(tmp_path))


def test_the_shipped_files_are_all_there() -> None:
    assert len(list(demo_files())) == 37


# --- the terminal -------------------------------------------------------------------------


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def shown(out: io.StringIO) -> str:
    progress = Progress(OutputWrapper(out))
    for share, text in ((0.0, "database"), (0.5, "a file"), (0.6, "a file"), (1.0, "done")):
        progress.show(share, text)
    progress.leave()
    progress.leave()
    return out.getvalue()


def test_a_log_has_one_line_per_step() -> None:
    assert shown(io.StringIO()) == "  0%  database\n 50%  a file\n100%  done\n"


@pytest.mark.parametrize("columns", [40, 80, 160])
def test_a_terminal_has_one_line_that_fills_up(
    monkeypatch: pytest.MonkeyPatch, columns: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    text = shown(Terminal())
    assert text.count("\n") == 1
    assert text.endswith("\n")
    lines = text.strip("\n").split("\r")[1:]
    assert {len(line) for line in lines} == {columns - 1}  # each covers the one before
    assert lines[-1].startswith("[" + "#" * 30 + "]"[: columns - 32])


ROW = (
    "S12   Students saying the school responds to bull… 76.6 %     80.1 %     "
    "+3.6 pp (−0.4 to +7.6)     no clear change          too close to call"
)


def test_a_wide_terminal_shows_every_column() -> None:
    assert fitted(ROW, FULL) == ROW


def test_a_narrow_one_shows_code_name_levels_and_verdict() -> None:
    line = fitted(ROW, 80)
    assert len(line) <= 80
    assert line.startswith("S12   Students saying the")
    assert "…" in line
    assert line.endswith("76.6 %     80.1 %     no clear change")
    assert fitted("-" * FULL, 80) == "-" * 80
    assert all(len(fitted(ROW, room)) <= room for room in range(20, FULL))


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OperationalError("attempt to write a readonly database"), "must be able to write there"),
        (PermissionError(13, "Permission denied", "/data/files"), "must be able to write there"),
        (KeyboardInterrupt(), "Stopped. Nothing is lost"),
    ],
)
def test_what_goes_wrong_is_told_in_words(
    var: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException, words: str
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(command, "call_command", fail)
    with pytest.raises(CommandError, match=words):
        call_command("demo", stdout=io.StringIO())


def test_a_wrong_port_is_told_before_the_work(var: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "eight thousand")
    out = io.StringIO()
    with pytest.raises(CommandError, match="write a whole number"):
        call_command("demo", stdout=out)
    assert out.getvalue() == ""


def test_without_file_locks_the_demo_goes_on(var: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "fcntl", None)
    with demo.one_at_a_time(lambda: pytest.fail("nobody else is here")):
        assert not (var / "demo.lock").exists()

"""The demo project: which files it is made of, and the people who may look at it."""

from __future__ import annotations

import os
import secrets
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils.crypto import get_random_string

from indicators.actions.audit import record
from indicators.actions.notes import publish_notes
from indicators.models import Membership, Note, Project, School, User
from indicators.vocabulary import FileKind, RoleName

DEMO_DIR = Path(__file__).resolve().parent.parent / "definitions" / "demo"
# Workbooks shown to whoever sets up a project of their own.
EXAMPLES = {
    "register": DEMO_DIR / "register" / "schools.xlsx",
    "questionnaire": DEMO_DIR / "instruments" / "student.xlsx",
    "framework": DEMO_DIR / "framework.xlsx",
    "agenda": DEMO_DIR / "agenda.xlsx",
}
DIRECTOR_SCHOOL = "IS-10"  # its baseline checklist is returned and open
PASSWORD_FILE = "demo_password"  # noqa: S105  # the name of a file, not a password


@dataclass(frozen=True, slots=True)
class DemoFile:
    """One file to load, and what it is."""

    path: Path
    kind: FileKind
    wave: str
    instrument: str


@dataclass(frozen=True, slots=True)
class DemoAccount:
    username: str
    role: RoleName
    does: str  # for the terminal of whoever tries the demo


ACCOUNTS = (
    DemoAccount("officer", RoleName.OFFICER, "loads files, sets targets, calculates, publishes"),
    DemoAccount("director", RoleName.DIRECTOR, "sees one school and fills its checklist"),
    DemoAccount("donor", RoleName.DONOR, "reads what is published"),
    DemoAccount("admin", RoleName.ADMINISTRATOR, "looks after accounts and tables, at /admin/"),
)


def demo_files(directory: Path = DEMO_DIR) -> Iterator[DemoFile]:
    """The files in the order of `files.toml`; a pattern stands for its matches by name."""
    listed = tomllib.loads((directory / "files.toml").read_text(encoding="utf-8"))
    for entry in listed["file"]:
        found = sorted(directory.glob(entry["path"]))
        if not found:
            raise FileNotFoundError(f"{directory}: no file matches {entry['path']}")
        for path in found:
            yield DemoFile(
                path, FileKind(entry["kind"]), entry["wave"], entry.get("instrument", "")
            )


@contextmanager
def one_at_a_time(waiting: Callable[[], None]) -> Iterator[None]:
    """Let one process after the other set up the demo; the lock goes with its process.

    `waiting` is called once when somebody else is at it. Without effect where there is no flock.
    """
    try:
        import fcntl
    except ImportError:
        yield
        return
    with (Path(settings.VAR_DIR) / "demo.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            waiting()
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def demo_password() -> str:
    """One password for the demo accounts, drawn once per installation and kept beside the data."""
    path = Path(settings.VAR_DIR) / PASSWORD_FILE
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
        draft.touch(mode=0o600)
        draft.write_text(get_random_string(12, "abcdefghjkmnpqrstuvwxyz23456789"), encoding="utf-8")
        os.replace(draft, path)  # whole or not at all: killed in between, it is drawn again
    return path.read_text(encoding="utf-8").strip()


def show_demo_quotes(*, project: Project) -> None:
    """The made-up quotes of the demo name nobody: readers may see them."""
    keys = set(Note.objects.filter(wave__project=project).values_list("pk", flat=True))
    publish_notes(project=project, keys=keys, shown=keys, by=None)


@transaction.atomic
def create_demo_accounts(*, project: Project, password: str) -> None:
    """Accounts of the four roles. Those that exist already are left as they are."""
    known = set(User.objects.values_list("username", flat=True))
    # Slow on purpose, so once for all four: they share the password anyway.
    is_complete = known.issuperset(account.username for account in ACCOUNTS)
    hashed = "" if is_complete else make_password(password)
    for account in ACCOUNTS:
        user, _ = User.objects.get_or_create(
            username=account.username,
            defaults={
                "email": f"{account.username}@example.org",
                "is_staff": account.role in (RoleName.OFFICER, RoleName.ADMINISTRATOR),
                "password": hashed,
            },
        )
        membership, is_member = Membership.objects.get_or_create(
            user=user, project=project, defaults={"role": account.role}
        )
        if is_member and account.role is RoleName.DIRECTOR:
            membership.schools.set(School.objects.filter(project=project, code=DIRECTOR_SCHOOL))
        if is_member:
            record("member.added", membership, by=None, project=project)

"""The demo project: which files it is made of, and the people who may look at it."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils.crypto import get_random_string

from indicators.actions.audit import record
from indicators.models import Membership, Project, School, User
from indicators.vocabulary import FileKind, RoleName

DEMO_DIR = Path(__file__).resolve().parent.parent / "definitions" / "demo"
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


ACCOUNTS = (
    DemoAccount("admin", RoleName.ADMINISTRATOR),
    DemoAccount("officer", RoleName.OFFICER),
    DemoAccount("director", RoleName.DIRECTOR),
    DemoAccount("donor", RoleName.DONOR),
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


def demo_password() -> str:
    """One password for the demo accounts, drawn once per installation and kept beside the data."""
    path = Path(settings.VAR_DIR) / PASSWORD_FILE
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(get_random_string(12, "abcdefghjkmnpqrstuvwxyz23456789"), encoding="utf-8")
    return path.read_text(encoding="utf-8").strip()


@transaction.atomic
def create_demo_accounts(*, project: Project, password: str) -> None:
    """Accounts of the four roles. Those that exist already are left as they are."""
    for account in ACCOUNTS:
        user, is_new = User.objects.get_or_create(
            username=account.username,
            defaults={
                "email": f"{account.username}@example.org",
                "is_staff": account.role in (RoleName.OFFICER, RoleName.ADMINISTRATOR),
            },
        )
        if is_new:
            user.set_password(password)
            user.save(update_fields=["password"])
        membership, is_member = Membership.objects.get_or_create(
            user=user, project=project, defaults={"role": account.role}
        )
        if is_member and account.role is RoleName.DIRECTOR:
            membership.schools.set(School.objects.filter(project=project, code=DIRECTOR_SCHOOL))
        if is_member:
            record("member.added", membership, by=None, project=project)

"""The demonstration project in the database of a test, its files read once per process."""

from functools import cache
from pathlib import Path
from unittest.mock import patch

from indicators.actions import load_project as action
from indicators.models import Membership, Project, User
from indicators.pipeline.framework import read_project
from indicators.vocabulary import RoleName

DEMO = Path(__file__).resolve().parents[2] / "indicators" / "definitions" / "demo"

_read = cache(read_project)


def load_demo(code: str | None = None) -> Project:
    with patch.object(action, "read_project", _read):
        return action.load_project(directory=DEMO, by=None, code=code).project


def person(name: str, project: Project | None, role: RoleName | None = None) -> User:
    is_staff = role in (RoleName.OFFICER, RoleName.ADMINISTRATOR)
    user = User.objects.create_user(name, f"{name}@example.org", "pass", is_staff=is_staff)
    if project is not None and role is not None:
        Membership.objects.create(user=user, project=project, role=role)
    return user

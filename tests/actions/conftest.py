"""The demo project without its files, for the tests of loading."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import override_settings

from indicators.actions.load_project import load_project
from indicators.models import Project, User
from tests.pipeline.import_cases import DEMO


@pytest.fixture(scope="module")
def bare_demo(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Project]:
    """The demo project without its files, once for this module."""
    folder = tmp_path_factory.mktemp("files")
    settings = override_settings(MEDIA_ROOT=str(folder))
    with django_db_blocker.unblock(), settings, transaction.atomic():
        yield load_project(directory=DEMO, by=None).project
        transaction.set_rollback(True)


@pytest.fixture
def demo(db: None, bare_demo: Project) -> Project:
    return bare_demo


@pytest.fixture
def officer(demo: Project) -> User:
    return User.objects.create_user("olga")

"""The made-up project and its cast, for the page tests that need no other."""

from __future__ import annotations

from typing import Any

import pytest

from tests.web.factories import build_world, member
from tests.web.world import World


@pytest.fixture
def demo(db: None) -> World:
    """A published project of four schools; see `factories.build_world` for who is missing."""
    return build_world()


@pytest.fixture
def visit_as(client: Any, demo: World) -> Any:
    """`visit_as("donor")` signs in; `visit_as("director", school)` binds to schools."""

    def sign_in(role: str, *schools: Any) -> Any:
        client.force_login(member(demo, role, *schools))
        return client

    return sign_in

"""The demo project, calculated once per module, and a small project made for hard cases."""

from __future__ import annotations

import pytest

from indicators.models import Run
from tests.golden.conftest import demo_run
from tests.reports.hard_cases import build_hard_cases

__all__ = ["demo_run"]


@pytest.fixture
def hard_run(db: None) -> Run:
    return build_hard_cases()

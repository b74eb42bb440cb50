"""The register of a project as one workbook, the same that a load reads."""

from __future__ import annotations

from collections.abc import Sequence

from indicators.actions.stored_project import stored_project
from indicators.models import Project
from indicators.pipeline.framework_book import framework_book
from indicators.pipeline.framework_tables import framework_tables


def register_workbook(*, project: Project, readme: Sequence[str] = ()) -> bytes:
    """Waves, scales, indices, indicators, targets and reworded questions, in three languages.

    Loaded back it changes nothing; together with the register of schools and the questionnaires it
    makes the same project anew.
    """
    return framework_book(framework_tables(stored_project(project)), readme)

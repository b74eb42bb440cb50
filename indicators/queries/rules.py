"""The thresholds that belong to the results shown."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING

from indicators.models.project import LIMITS

if TYPE_CHECKING:
    from indicators.models import Project, Run


def rules_of(project: Project, run: Run | None) -> SimpleNamespace:
    """The settings a calculation was made with; those of hiding groups as they stand now.

    A setting changed since would be printed beside words that another one decided.
    """
    now = {name: getattr(project, name) for name in LIMITS}
    used = run.inputs.get("rules", {}) if run is not None else {}
    return SimpleNamespace(**now | {name: used[name] for name in now if name in used})

"""Texts that cite figures: refused while a reference in them leads nowhere."""

from __future__ import annotations

from collections.abc import Mapping

from indicators.models import Project
from indicators.pipeline.citation_check import CitedProblem
from indicators.queries.citations import Citable

Problems = Mapping[str, tuple[CitedProblem, ...]]


class TextRefused(Exception):
    """References that lead nowhere, by the field they stand in. Nothing was stored."""

    def __init__(self, problems: Problems) -> None:
        super().__init__("a text cites figures that do not exist")
        self.problems = problems


def check_citations(project: Project, texts: Mapping[str, str]) -> None:
    """`texts` by field. Raises TextRefused with every wrong reference of every text."""
    known = Citable(project)
    found = {name: known.problems(text) for name, text in texts.items()}
    if any(found.values()):
        raise TextRefused({name: problems for name, problems in found.items() if problems})

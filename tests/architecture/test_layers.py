"""Who may import whom inside indicators/. Imports inside functions count too."""

import pytest

from tests.architecture.sources import APP, Import, imports, module_name, python_files

# A unit is a module or folder of indicators/; `pipeline.shapes` stands apart from the steps.
# Each may import itself and what stands at its right.
PURE = {"vocabulary", "pipeline.shapes", "results", "problem_texts"}
STORED = {"vocabulary", "words", "problem_texts", "models", "roles"}
READ = STORED | {"pipeline.shapes", "results", "access", "queries"}
ABOVE_ACTIONS = READ | {"actions", "tasks", "reports"}
PAGES = READ | {"actions", "tasks", "presenters", "forms", "resources", "reports"}
ALLOWED = {
    "vocabulary": set[str](),
    "words": {"vocabulary"},
    "problem_texts": {"problem_texts_answers", "problem_texts_coding", "vocabulary"},
    "problem_texts_coding": {"vocabulary"},
    "problem_texts_answers": {"vocabulary"},  # the sentences for what is found in files
    "results": {"vocabulary"},
    "stats": {"vocabulary"},
    "pipeline.shapes": {"vocabulary", "stats"},
    "pipeline": {"vocabulary", "stats", "pipeline.shapes"},
    "models": {"vocabulary", "words"},
    "roles": {"vocabulary", "words"},
    "access": STORED,
    "queries": STORED | {"access", "pipeline.shapes", "results"},
    "actions": READ | {"pipeline"},
    "tasks": READ | {"actions"},
    "resources": READ | {"actions"},
    "management": ABOVE_ACTIONS | {"presenters"},  # they print results in a terminal
    "presenters": PURE | {"words"},
    "reports": READ | {"presenters"},
    "templatetags": PURE | {"words", "presenters"},
    "forms": PAGES,
    "views": PAGES,
    "api": PAGES,
    "admin": PAGES,
    "urls": {"views", "api"},
    "apps": {"models", "tasks"},
    "definitions": set[str](),
}

# The frozen dataclasses both halves speak through, and the rules both ask: when a checklist counts,
# what changed in a question, which figures a text cites.
SHAPE_MODULES = {"shapes", "inputs", "checklist_rule", "citation", "citation_check", "wording"}

NO_DJANGO = {"vocabulary", "stats", "pipeline", "pipeline.shapes", "results"}
NO_PANDAS = {"vocabulary", "stats", "pipeline.shapes"}
SLOW_TO_IMPORT = {"pandas", "scipy"}  # three to five seconds for every command

FILES = python_files(APP)
IDS = [module_name(path) for path in FILES]


def unit_of(module: str) -> str | None:
    """The unit a dotted name belongs to: "indicators.models.school" -> "models"."""
    parts = module.split(".")
    if parts[0] != "indicators" or len(parts) < 2:
        return None
    is_shape = parts[1] == "pipeline" and len(parts) > 2 and parts[2] in SHAPE_MODULES
    return "pipeline.shapes" if is_shape else parts[1]


def described(found: Import) -> str:
    return f"line {found.line} imports {found.module}"


@pytest.mark.parametrize("path", FILES, ids=IDS)
def test_a_layer_imports_only_what_lies_below(path):
    unit = unit_of(module_name(path))
    if unit is None:
        pytest.fail("indicators/__init__.py stays empty") if imports(path) else None
        return
    assert unit in ALLOWED, f"indicators.{unit} is new: give it a line in ALLOWED"
    wrong = [
        described(found)
        for found in imports(path)
        if (other := unit_of(found.module)) and other != unit and other not in ALLOWED[unit]
    ]
    assert not wrong, f"{unit} may import {sorted(ALLOWED[unit])}, but {wrong}"


@pytest.mark.parametrize("path", FILES, ids=IDS)
def test_the_numbers_know_no_framework(path):
    unit = unit_of(module_name(path))
    banned = {"django"} if unit in NO_DJANGO else set()
    banned |= {"pandas"} if unit in NO_PANDAS else set()
    wrong = [described(found) for found in imports(path) if found.module.split(".")[0] in banned]
    assert not wrong, f"{unit} must not use {sorted(banned)}, but {wrong}"


@pytest.mark.parametrize("path", FILES, ids=IDS)
def test_slow_libraries_are_imported_inside_functions(path):
    wrong = [
        described(found)
        for found in imports(path)
        if found.at_top and found.module.split(".")[0] in SLOW_TO_IMPORT
    ]
    assert not wrong, f"move into the function that needs it: {wrong}"


def test_presenters_do_no_queries():
    wrong = {
        module_name(path): described(found)
        for path in FILES
        if unit_of(module_name(path)) == "presenters"
        for found in imports(path)
        if found.module.startswith("django.db")
    }
    assert not wrong


def test_the_table_names_no_unknown_unit():
    assert {other for others in ALLOWED.values() for other in others} <= ALLOWED.keys()


def test_relative_imports_are_resolved(tmp_path, monkeypatch):
    """The reader of imports itself: relative, nested, for types only."""
    monkeypatch.setattr("tests.architecture.sources.ROOT", tmp_path)
    path = tmp_path / "indicators" / "stats" / "mean.py"
    path.parent.mkdir(parents=True)
    path.write_text(
        "from . import base\n"
        "from ..models import School\n"
        "def f():\n    import scipy.stats\n"
        "if TYPE_CHECKING:\n    import pandas\n"
    )
    assert [(i.module, i.at_top) for i in imports(path)] == [
        ("indicators.stats.base", True),
        ("indicators.models.School", True),
        ("scipy.stats", False),
        ("pandas", False),
    ]

"""Every problem a file can have is a sentence, with what to do about it."""

import ast
import re
from pathlib import Path

import pytest
from django.utils import translation

from indicators.problem_texts import PROBLEM_TEXTS, problem_parts, problem_text
from tests.pipeline.import_cases import CLEAN_SURVEYS, DEMO, DIRTY, check
from tests.pipeline.test_validate_dirty import FILES

ROOT = Path(__file__).resolve().parents[2] / "indicators"
# The other half of the product that lists problems has sentences of its own.
OWN_WORDS = re.compile(r"framework|xlsform|load_")
NAMED_BY = {"block", "warn", "empty_cell", "leave_out_row", "bad", "Unreadable"}


def sources() -> list[Path]:
    found = [*(ROOT / "pipeline").glob("*.py"), *(ROOT / "actions").glob("*.py")]
    return [path for path in found if not OWN_WORDS.match(path.name)]


def kinds_in(path: Path) -> set[str]:
    """Kinds given as plain words to the functions that list problems."""
    kinds = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        function = node.func
        name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
        place = 1 if name == "ProblemSpec" else 0
        if name in NAMED_BY or name == "ProblemSpec":
            argument = node.args[place] if len(node.args) > place else None
            if isinstance(argument, ast.Constant):
                kinds.add(str(argument.value))
    return kinds


@pytest.mark.parametrize("path", sources(), ids=lambda path: path.name)
def test_every_kind_in_the_source_has_a_text(path):
    assert kinds_in(path) <= PROBLEM_TEXTS.keys()


def test_every_kind_found_in_the_files_has_a_text():
    checked = [check(DIRTY / name, *how) for name, how in FILES.items()]
    checked += [check(DEMO / path, "survey", wave, name) for path, wave, name in CLEAN_SURVEYS]
    found = {problem.kind for file in checked for problem in file.problems}
    assert len(found) > 50
    assert found <= PROBLEM_TEXTS.keys()


def test_no_text_is_left_over():
    text = "\n".join(path.read_text(encoding="utf-8") for path in sources())
    assert [kind for kind in PROBLEM_TEXTS if f'"{kind}"' not in text] == []


@pytest.mark.parametrize("kind", PROBLEM_TEXTS)
def test_a_text_is_whole_whatever_is_known(kind):
    with translation.override("en"):
        wrong, remedy = problem_parts(kind, {})
        assert wrong.endswith((".", "?"))
        assert remedy.endswith(".")
        assert "%" not in wrong + remedy
        places = re.findall(r"%\((\w+)\)s", str(PROBLEM_TEXTS[kind][0]))
        filled = problem_text(kind, dict.fromkeys(places, "X1"))
        assert filled.count("X1") == len(places)


def test_an_unknown_kind_still_says_something():
    assert problem_text("never_seen", {"value": "x"})

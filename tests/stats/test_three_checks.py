"""The table of the three kinds of check, held against the code, the tests and R's answers."""

import ast
import sys
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from inspect import getmembers, isfunction
from pathlib import Path
from pkgutil import iter_modules
from types import FrameType

import pytest

from indicators import stats
from tests.oracles.adapters import METHODS, answer
from tests.oracles.source import SHIPPED, read_entries
from tests.stats.three_checks import CALLED_BY, HELPERS, NOT_IN_R, STEPS, TABLE

HERE, TESTS = Path(__file__).parent, Path(__file__).parents[1]
ALL = {**TABLE, **STEPS}
GIVEN = {"given", "given_some"}  # hypothesis, with and without our settings
LOOPS = [(name, test) for name, checks in ALL.items() for test in checks.loop]
IDENTITIES = [(name, test) for name, checks in ALL.items() for test in checks.identity]
ANSWERED = [(name, method) for name, checks in ALL.items() for method in checks.r]


def public_functions() -> set[str]:
    found = set()
    for module in iter_modules(stats.__path__):
        whole = import_module(f"{stats.__name__}.{module.name}")
        for name, function in getmembers(whole, isfunction):
            if function.__module__ == whole.__name__ and not name.startswith("_"):
                found.add(f"{module.name}.{name}")
    return found


def test_every_public_function_has_its_checks_or_a_reason() -> None:
    assert TABLE.keys() | HELPERS.keys() == public_functions()
    assert not TABLE.keys() & HELPERS.keys()
    assert all(HELPERS.values())


def test_only_what_has_no_reference_goes_without_one() -> None:
    assert {name for name, checks in ALL.items() if not checks.r} == NOT_IN_R.keys()
    assert all(checks.loop and checks.identity for checks in ALL.values())
    assert {method for _, method in ANSWERED} <= METHODS.keys()


# --- the tests named are there, and are what they are named for ---------------------------------


@cache
def parsed(stem: str) -> ast.Module:
    folder = TESTS if "/" in stem else HERE
    return ast.parse((folder / f"{stem}.py").read_text(encoding="utf-8"))


@cache
def functions_of(stem: str) -> dict[str, ast.FunctionDef]:
    return {node.name: node for node in parsed(stem).body if isinstance(node, ast.FunctionDef)}


@cache
def from_scipy(stem: str) -> frozenset[str]:
    return frozenset(
        name.asname or name.name
        for node in ast.walk(parsed(stem))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("scipy")
        for name in node.names
    )


def names_in(stem: str, test: str) -> set[str]:
    """Every name in the test and in the helpers of its file that it uses, decorators included."""
    functions, found, waiting = functions_of(stem), set(), [test]
    while waiting:
        for node in ast.walk(functions[waiting.pop()]):
            name = node.id if isinstance(node, ast.Name) else getattr(node, "attr", None)
            if isinstance(name, str) and name not in found:
                found.add(name)
                waiting += [name] if name in functions else []
    return found


def decorators_of(stem: str, test: str) -> Iterator[str]:
    for decorator in functions_of(stem)[test].decorator_list:
        called = decorator.func if isinstance(decorator, ast.Call) else decorator
        if isinstance(called, ast.Name):
            yield called.id


def is_about(name: str, used: set[str]) -> bool:
    function = name.rpartition(".")[2]
    return bool({function, CALLED_BY.get(function, function)} & used)


def located(test: str) -> tuple[str, str]:
    stem, _, name = test.partition("::")
    assert name in functions_of(stem), f"there is no test {test}"
    return stem, name


@pytest.mark.parametrize(("name", "test"), LOOPS, ids=lambda part: part)
def test_a_loop_is_a_test_of_the_function_without_scipy(name: str, test: str) -> None:
    stem, function = located(test)
    used = names_in(stem, function)
    assert is_about(name, used)
    assert not used & from_scipy(stem)


@pytest.mark.parametrize(("name", "test"), IDENTITIES, ids=lambda part: part)
def test_an_identity_is_a_test_of_the_function_on_data_of_hypothesis(name: str, test: str) -> None:
    stem, function = located(test)
    assert is_about(name, names_in(stem, function))
    assert set(decorators_of(stem, function)) & GIVEN


# --- R's answers go through the function --------------------------------------------------------


@cache
def called_for(method: str) -> frozenset[str]:
    """Our functions that run while the reference answers of a method are compared."""
    product, found = stats.__name__.partition(".")[0], set()

    def note(frame: FrameType, event: str, _: object) -> None:
        package, _, module = frame.f_globals.get("__name__", "").partition(".")
        if event == "call" and package == product:
            found.add(f"{module.removeprefix('stats.')}.{frame.f_code.co_name}")

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        for entry in read_entries(SHIPPED):
            if entry["method"] == method:
                answer(SHIPPED, entry)
    finally:
        sys.setprofile(before)
    return frozenset(found)


@pytest.mark.parametrize(("name", "method"), ANSWERED, ids=lambda part: part)
def test_reference_answers_go_through_the_function(name: str, method: str) -> None:
    assert name in called_for(method)

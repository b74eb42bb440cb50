"""The files of the product, read once for the tests of this folder."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APP = ROOT / "indicators"


@dataclass(frozen=True)
class Import:
    module: str  # absolute, with the imported name: "indicators.models.School"
    line: int
    at_top: bool  # runs when the file is imported


@cache
def python_files(folder: Path) -> tuple[Path, ...]:
    found = (path for path in folder.rglob("*.py") if "migrations" not in path.parts)
    return tuple(sorted(found))


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def imports(path: Path) -> tuple[Import, ...]:
    package = module_name(path).split(".")
    if path.name != "__init__.py":
        package = package[:-1]
    return tuple(_imports(ast.parse(path.read_text(encoding="utf-8")), package, at_top=True))


def _imports(node: ast.AST, package: list[str], *, at_top: bool) -> Iterator[Import]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import):
            for name in child.names:
                yield Import(name.name, child.lineno, at_top)
        elif isinstance(child, ast.ImportFrom):
            above = package[: len(package) - child.level + 1] if child.level else []
            base = ".".join([*above, *([child.module] if child.module else [])])
            for name in child.names:
                yield Import(f"{base}.{name.name}", child.lineno, at_top)
        else:
            inside = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
            typing = isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test)
            yield from _imports(child, package, at_top=at_top and not (inside or typing))

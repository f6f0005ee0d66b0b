"""The files of the product, for the tests of its house rules."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
PACKAGES = (
    "qlplatform",
    "markets",
    "brokers",
    "portfolio",
    "strategies",
    "baskets",
    "execution",
    "marketplace",
    "benches",
)

Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def modules() -> tuple[Path, ...]:
    """Every Python file of ours except migrations."""
    found = (path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
    return tuple(sorted(path for path in found if "migrations" not in path.parts))


@cache
def templates() -> tuple[Path, ...]:
    """Every HTML template, also those inside apps."""
    places = (ROOT / "templates", *(ROOT / package for package in PACKAGES))
    return tuple(sorted(path for place in places for path in place.rglob("*.html")))


@cache
def lengths_of_functions() -> dict[str, int]:
    """Lines of every function, its docstring not counted, by place."""
    return {
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}": _lines(node) for path, node in _functions()
    }


@cache
def lengths_of_files() -> dict[str, int]:
    """Lines of every module that has any."""
    counted = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in modules()}
    return {name: lines for name, lines in counted.items() if lines > 2}  # noqa: PLR2004


def share(values: list[int], part: float) -> int:
    """The value that `part` of the sorted values do not exceed."""
    return sorted(values)[min(int(part * len(values)), len(values) - 1)]


def _functions() -> Iterator[tuple[Path, Function]]:
    for path in modules():
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield path, node


def _lines(node: Function) -> int:
    first = node.body[1] if ast.get_docstring(node) and len(node.body) > 1 else node.body[0]
    return (node.end_lineno or 0) - first.lineno + 2

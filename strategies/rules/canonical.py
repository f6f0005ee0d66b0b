"""A rule's text in its one standard form: single spaces, lower case, double quotes, no needless brackets."""

from __future__ import annotations

from typing import Final

from strategies.rules.tree import Call, Number, Operation, Text, Tree

_COMPARING: Final = ("<", "<=", ">", ">=", "==", "!=", "crosses_above", "crosses_below", "between")
_RANK: Final = {
    "or": 1, "and": 2, "not": 3, **dict.fromkeys(_COMPARING, 4), **dict.fromkeys("+-", 5),
    **dict.fromkeys("*/%", 6), "neg": 7,
}  # fmt: skip
_OPERAND: Final = 8


def write(tree: Tree) -> str:
    """The text of a tree; reading it again gives the same rule."""
    if isinstance(tree, Number):
        return number(tree.value)
    if isinstance(tree, Text):
        return f'"{tree.value}"'
    if isinstance(tree, Call):
        return _call(tree)
    return _operation(tree)


def number(value: float) -> str:
    """Without exponent or needless zeros."""
    return f"{value:.15f}".rstrip("0").rstrip(".") if value != int(value) else str(int(value))


def _call(call: Call) -> str:
    args = [write(arg) for arg in call.args]
    args += [f"{keyword.name}={write(keyword.value)}" for keyword in call.keywords]
    return f"{call.name}({', '.join(args)})" if args else call.name


def _operation(tree: Operation) -> str:
    rank = _RANK[tree.op]
    if tree.op in {"not", "neg"}:
        return ("not " if tree.op == "not" else "-") + _inside(tree.args[0], rank)
    first, *rest = tree.args
    if tree.op == "between":
        low, high = (_inside(each, rank + 1) for each in rest)
        return f"{_inside(first, rank + 1)} between {low} and {high}"
    if tree.op in {"or", "and"}:
        return f" {tree.op} ".join(_inside(each, rank + 1) for each in tree.args)
    left = _inside(first, rank if rank > _RANK["<"] else rank + 1)
    return f"{left} {tree.op} {_inside(rest[0], rank + 1)}"


def _inside(tree: Tree, rank: int) -> str:
    text = write(tree)
    own = _RANK[tree.op] if isinstance(tree, Operation) else _OPERAND
    return text if own >= rank else f"({text})"

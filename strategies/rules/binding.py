"""Which argument of a call means what: by position, by name, and text by what it can only be."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from qlplatform.core.errors import UserError
from strategies.indicators import Param, definition
from strategies.rules.catalog import OF_A_VALUE, WORDS, Kind, Word
from strategies.rules.errors import nearest, refuse
from strategies.rules.timeframes import TIMEFRAMES
from strategies.rules.tree import Call, Keyword, Number, Operation, Text, Tree

_NO_SOURCE: Final = {Kind.SERIES, Kind.FACT, Kind.TIME}


@dataclass(slots=True)
class Bound:
    """A call whose arguments have found their places. `source` is the expression or series it reads."""

    call: Call
    word: Word
    source: Tree | None = None
    leg: Text | None = None
    timeframe: Text | None = None
    output: str = ""
    params: dict[str, Any] = field(default_factory=dict)

    @property
    def minutes(self) -> int | None:
        return TIMEFRAMES[self.timeframe.value] if self.timeframe else None


def bind(call: Call, word: Word) -> Bound:
    """Raises RuleInvalid at the first argument that has no place, or the call that lacks one."""
    bound = Bound(call, word)
    rest = list(call.args)
    if word.of_leg:
        bound.leg = _leg(call, rest)
    numbers: list[Tree] = [arg for arg in rest if not isinstance(arg, Text)]
    for text in (arg for arg in rest if isinstance(arg, Text)):
        _text(bound, text)
    _positional(bound, numbers)
    for keyword in call.keywords:
        _keyword(bound, keyword)
    _complete(bound)
    return bound


def named_timeframe(tree: Tree) -> int | None:
    """The first timeframe named anywhere in an expression."""
    if isinstance(tree, Operation):
        return next(filter(None, map(named_timeframe, tree.args)), None)
    if not isinstance(tree, Call):
        return None
    word = WORDS.get(tree.name)
    args = tree.args[1:] if word and word.of_leg else tree.args
    for arg in (*args, *(keyword.value for keyword in tree.keywords)):
        found = TIMEFRAMES.get(arg.value) if isinstance(arg, Text) else named_timeframe(arg)
        if found:
            return found
    return None


def _leg(call: Call, rest: list[Tree]) -> Text:
    if rest and isinstance(rest[0], Text):
        first = rest.pop(0)
        assert isinstance(first, Text)  # noqa: S101  tells the type checker what the line above asked
        return first
    raise refuse(
        call.at,
        call.length,
        "leg_missing",
        f"“{call.name}” needs the name of a leg.",
        f'Write {call.name}("L1").',
    )


def _text(bound: Bound, text: Text) -> None:
    if text.value in TIMEFRAMES:
        if bound.timeframe:
            raise refuse(text.at, text.length, "argument_twice", "The timeframe is given twice.")
        bound.timeframe = text
    elif text.value in bound.word.outputs:
        if bound.output:
            raise refuse(text.at, text.length, "argument_twice", "The output is given twice.")
        bound.output = text.value
    else:
        raise _unknown_text(bound.word, text)


def _unknown_text(word: Word, text: Text) -> Exception:
    known = [*TIMEFRAMES, *word.outputs]
    hint = nearest(text.value, known) or f"Use one of {', '.join(known)}."
    if text.value.lower() in {"1h", "60", "h"}:
        hint = "Did you mean “60m”?"
    return refuse(
        text.at,
        text.length,
        "text_unknown",
        f"“{text.value[:20]}” is no timeframe or output of {word.name}.",
        hint,
    )


def _keyword(bound: Bound, keyword: Keyword) -> None:
    name, value = keyword.name, keyword.value
    if name in {"timeframe", "output"} and isinstance(value, Text):
        known = TIMEFRAMES if name == "timeframe" else bound.word.outputs
        if value.value not in known:
            raise _unknown_text(bound.word, value)
        _text(bound, value)
    elif name == _source_name(bound.word):
        _source(bound, value)
    else:
        _param(bound, _named(bound, keyword), value)


def _source_name(word: Word) -> str:
    """By which name what a word reads can be given; empty when it reads nothing."""
    if word.kind is Kind.WINDOW or word.name in OF_A_VALUE:
        return "source"
    return "series" if word.kind in {Kind.PRICE, Kind.INDICATOR} else ""


def _named(bound: Bound, keyword: Keyword) -> Param:
    known = {param.name: param for param in bound.word.params}
    if keyword.name in known:
        return known[keyword.name]
    names = [*known, "timeframe", *filter(None, [_source_name(bound.word)])]
    names += ["output"] if bound.word.outputs else []
    hint = nearest(keyword.name, names) or f"It has {', '.join(names)}."
    raise refuse(
        keyword.at, keyword.length, "argument_unknown", f"{bound.word.name} has no “{keyword.name}”.", hint
    )


def _source(bound: Bound, value: Tree) -> None:
    if bound.source is not None:
        raise refuse(value.at, value.length, "argument_twice", "What it reads is given twice.")
    bound.source = value


def _positional(bound: Bound, values: list[Tree]) -> None:
    reads = _source_name(bound.word)
    always = bound.word.kind is Kind.WINDOW  # its source may be any expression, and must be there
    if values and reads and (always or not isinstance(values[0], Number)):
        _source(bound, values.pop(0))
    params = bound.word.params
    for param, value in zip(params, values, strict=False):
        _param(bound, param, value)
    if len(values) > len(params):
        extra = values[len(params)]
        raise refuse(
            extra.at, extra.length, "argument_extra", f"{bound.word.name} takes no further argument.",
            f"It is written {bound.word.signature}.",
        )  # fmt: skip


def _param(bound: Bound, param: Param, value: Tree) -> None:
    if param.name in bound.params:
        raise refuse(value.at, value.length, "argument_twice", f"“{param.name}” is given twice.")
    if not isinstance(value, Text if param.choices else Number):
        due = f"one of {', '.join(param.choices)}, in quotes" if param.choices else "a plain number"
        raise refuse(value.at, value.length, "argument_type", f"“{param.name}” must be {due}.")
    bound.params[param.name] = _checked(bound.word, param, value)


def _checked(word: Word, param: Param, value: Tree) -> Any:
    given = value.value if isinstance(value, Text | Number) else None
    if word.kind is Kind.INDICATOR:
        try:
            return definition(word.name).values({param.name: given})[param.name]
        except UserError as error:
            raise refuse(value.at, value.length, error.code, error.message) from None
    if not isinstance(given, float) or given != int(given) or not param.low <= given <= param.high:
        bounds = f"from {param.low:g} to {param.high:g}"
        raise refuse(
            value.at, value.length, "parameter_range", f"“{param.name}” must be a whole number {bounds}."
        )
    return int(given)


def _complete(bound: Bound) -> None:
    call, word = bound.call, bound.word
    if word.kind is Kind.WINDOW and bound.source is None:
        raise refuse(
            call.at, call.length, "argument_missing", f"{word.name} needs what it looks at.",
            f"Write it like {word.example}.",
        )  # fmt: skip
    if word.outputs and not bound.output:
        if not word.default_output:
            choices = " or ".join(f'"{output}"' for output in word.outputs)
            raise refuse(
                call.at, call.length, "output_missing", f"{word.name} needs to know which level.",
                f"Add {choices}.",
            )  # fmt: skip
        bound.output = word.default_output
    for param in word.params:
        bound.params.setdefault(param.name, param.default)

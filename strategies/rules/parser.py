"""From text to a tree, by precedence: or, and, not, comparisons, + -, * / %, a sign.

`a < b < c` reads as `a < b and b < c`. No part of a text ever reaches Python's own parser.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeVar

from strategies.rules.errors import RuleInvalid, refuse
from strategies.rules.tokens import Token, tokenize
from strategies.rules.tree import Call, Keyword, Number, Operation, Text, Tree

Found = TypeVar("Found")
Part = TypeVar("Part", Call, Number, Operation, Text)

MAX_DEPTH: Final = 20
MAX_NODES: Final = 300
COMPARISONS: Final = frozenset({"<", "<=", ">", ">=", "==", "!="})
CROSSINGS: Final = frozenset({"crosses_above", "crosses_below"})
WORDS: Final = CROSSINGS | {"and", "or", "not", "between"}
_HINTS: Final = {
    "crosses": "Write crosses_above or crosses_below.", "crossover": "Write a crosses_above b.",
    "crossunder": "Write a crosses_below b.", "above": "Write > or crosses_above.",
    "below": "Write < or crosses_below.", "is": "Write ==, or rising(close, 3).",
    "if": "Write the condition alone.",
    "xor": "Write a != b with conditions joined by and/or.", "then": "Write the condition alone.",
    "equals": "Write ==.", "in": "Write x between a and b.",
}  # fmt: skip


def parse(text: str) -> Tree:
    """The tree of a text. Raises RuleInvalid with the first thing that is wrong."""
    parser = _Parser(tokenize(text))
    tree = parser.disjunction()
    parser.end()
    return tree


class _Parser:
    def __init__(self, tokens: list[Token]) -> None:
        self._tokens = tokens
        self._next = 0
        self._depth = 0
        self._nodes = 0
        self._open: list[Token] = []

    @property
    def _token(self) -> Token:
        return self._tokens[self._next]

    def _take(self, *values: str) -> Token | None:
        """The next token when it is an operator or word among `values`."""
        token = self._token
        if token.kind not in {"op", "name"} or token.value not in values:
            return None
        self._next += 1
        return token

    def disjunction(self) -> Tree:
        return self._joined("or", self._conjunction)

    def _conjunction(self) -> Tree:
        return self._joined("and", self._negation)

    def _joined(self, word: str, part: Callable[[], Tree]) -> Tree:
        parts = [part()]
        while self._take(word):
            parts.append(part())
        return parts[0] if len(parts) == 1 else self._operation(word, *parts)

    def _negation(self) -> Tree:
        word = self._take("not")
        if word is None:
            return self._comparison()
        inner = self._deeper(word, self._negation)
        return self._operation("not", inner, start=word.at)

    def _comparison(self) -> Tree:
        left = self._sum()
        if self._take("between"):
            return self._between(left)
        crossing = self._take(*CROSSINGS)
        if crossing:
            return self._operation(crossing.value, left, self._sum())
        return self._chain(left)

    def _between(self, value: Tree) -> Tree:
        low = self._sum()
        if not self._take("and"):
            token = self._token
            raise refuse(
                token.at, token.length, "between", "“between” needs “and” and a second bound.",
                "Write x between 1 and 2.",
            )  # fmt: skip
        return self._operation("between", value, low, self._sum())

    def _chain(self, left: Tree) -> Tree:
        links: list[Tree] = []
        while sign := self._take(*COMPARISONS):
            right = self._sum()
            links.append(self._operation(sign.value, left, right))
            left = right
        if not links:
            return left
        return links[0] if len(links) == 1 else self._operation("and", *links)

    def _sum(self) -> Tree:
        left = self._product()
        while sign := self._take("+", "-"):
            left = self._operation(sign.value, left, self._product())
        return left

    def _product(self) -> Tree:
        left = self._signed()
        while sign := self._take("*", "/", "%"):
            self._no_double(sign)
            left = self._operation(sign.value, left, self._signed())
        return left

    def _no_double(self, sign: Token) -> None:
        if self._token.kind == "op" and self._token.value == sign.value and sign.value in "*/":
            raise refuse(
                sign.at,
                2,
                "operator_unknown",
                f"There is no operator {sign.value * 2}.",
                "Multiply or divide.",
            )

    def _signed(self) -> Tree:
        sign = self._take("-", "+")
        if sign is None:
            return self._operand()
        inner = self._deeper(sign, self._signed)
        return inner if sign.value == "+" else self._operation("neg", inner, start=sign.at)

    def _operand(self) -> Tree:
        token = self._token
        self._next += 1
        if token.kind == "number":
            return self._count(Number(token.at, token.length, float(token.value), token.value))
        if token.kind == "text":
            return self._count(Text(token.at, token.length, token.value))
        if token.kind == "name" and token.value not in WORDS:
            return self._name(token)
        if token.value == "(":
            return self._bracket(token)
        self._next -= 1
        raise self._missing(token)

    def _bracket(self, opening: Token) -> Tree:
        self._open.append(opening)
        inner = self._deeper(opening, self.disjunction)
        self._close(opening)
        return inner

    def _name(self, name: Token) -> Tree:
        opening = self._take("(")
        if opening is None:
            return self._count(Call(name.at, name.length, name.value))
        self._open.append(opening)
        args, keywords = self._deeper(opening, self._arguments)
        closing = self._close(opening)
        length = closing.at + 1 - name.at
        return self._count(Call(name.at, length, name.value, tuple(args), tuple(keywords)))

    def _arguments(self) -> tuple[list[Tree], list[Keyword]]:
        args: list[Tree] = []
        keywords: list[Keyword] = []
        if self._token.value == ")" and self._token.kind == "op":
            return args, keywords
        while True:
            keyword = self._keyword()
            if keyword:
                keywords.append(keyword)
            elif keywords:
                raise refuse(
                    self._token.at, self._token.length, "argument_order", "Named arguments come last."
                )
            else:
                args.append(self.disjunction())
            if not self._take(","):
                return args, keywords

    def _keyword(self) -> Keyword | None:
        name, sign = self._token, self._tokens[min(self._next + 1, len(self._tokens) - 1)]
        if name.kind != "name" or (sign.kind, sign.value) != ("op", "="):
            return None
        self._next += 2
        value = self.disjunction()
        return Keyword(name.at, value.at + value.length - name.at, name.value, value)

    def _close(self, opening: Token) -> Token:
        closing = self._take(")")
        if closing is None:
            if self._token.kind == "end":
                raise refuse(opening.at, 1, "bracket_open", "This bracket is never closed.", "Add ).")
            raise self._unexpected(self._token)
        self._open.pop()
        return closing

    def _deeper(self, token: Token, part: Callable[[], Found]) -> Found:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise refuse(
                token.at, token.length, "too_deep", f"A rule is nested at most {MAX_DEPTH} deep.", "Split it."
            )
        found = part()
        self._depth -= 1
        return found

    def _operation(self, op: str, *args: Tree, start: int | None = None) -> Tree:
        first = args[0].at if start is None else start
        last = args[-1]
        return self._count(Operation(first, last.at + last.length - first, op, args))

    def _count(self, tree: Part) -> Part:
        self._nodes += 1
        if self._nodes > MAX_NODES:
            raise refuse(
                tree.at, tree.length, "too_large", f"A rule has at most {MAX_NODES} parts.", "Split it."
            )
        return tree

    def end(self) -> None:
        """Nothing may follow."""
        if self._token.kind != "end":
            raise self._unexpected(self._token)

    def _missing(self, token: Token) -> RuleInvalid:
        """What to say when an operand should stand at `token`."""
        if token.kind != "end":
            return self._misplaced(token)
        if self._next == 0:
            return refuse(0, 0, "empty", "The rule is empty.", "Write a condition like close > 24000.")
        if self._open:
            return refuse(self._open[-1].at, 1, "bracket_open", "This bracket is never closed.", "Add ).")
        before = self._tokens[self._next - 1]
        return refuse(before.at, before.length, "unfinished", f"Something is missing after “{before.value}”.")

    def _misplaced(self, token: Token) -> RuleInvalid:
        if token.value == "=":
            return refuse(token.at, 1, "equals", "A single = compares nothing.", "Use == to compare.")
        return refuse(
            token.at, token.length, "operand_missing", f"A value is missing before “{token.value}”."
        )

    def _unexpected(self, token: Token) -> RuleInvalid:
        """What to say when an operator or the end should stand at `token`."""
        if token.value == "=":
            return refuse(token.at, 1, "equals", "A single = compares nothing.", "Use == to compare.")
        if token.value == ")":
            return refuse(token.at, 1, "bracket_extra", "This bracket was never opened.", "Remove it.")
        if token.value == ",":
            return refuse(
                token.at, 1, "comma", "A comma only separates arguments.", "Write 24000, not 24,000."
            )
        if token.value in COMPARISONS | CROSSINGS | {"between"}:
            return refuse(
                token.at, token.length, "compared_twice", "A comparison cannot be compared again.",
                "Join two comparisons with “and”.",
            )  # fmt: skip
        hint = _HINTS.get(token.value, "Join two conditions with “and” or “or”.")
        shown = token.value[:20]
        return refuse(
            token.at, token.length, "operator_missing", f"An operator is missing before “{shown}”.", hint
        )

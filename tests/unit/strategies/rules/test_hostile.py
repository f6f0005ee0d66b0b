"""Nothing that is typed reaches Python, hangs it or brings it down."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import strategies.rules
from strategies.rules import RuleInvalid, Type, compile_rule, complete

HOSTILE = [
    "__import__('os').system('id')",
    "().__class__.__bases__",
    "(lambda: 1)()",
    "[x for x in (1,2)]",
    "spot.__class__",
    "eval('1')",
    "exec('1')",
    "open('/etc/passwd') > 1",
    "f'{1}' > 1",
    "spot if spot > 1 else vix",
    "spot := 3",
    "9**9**9 > 1",
    "1e999 > 1",
    "0x10 > 1",
    "1_000 > 1",
    "9" * 400 + " > 1",
    "spot > 1; vix < 3",
    "spot > 1 # comment",
    "spot\x00 > 1",
    "spot\u200b > 1",
    "\u0455pot > 1",  # a Cyrillic letter that looks like s
    "spot > \u0661",  # an Arabic digit
    "ｓｐｏｔ > 1",
    "spot > 1\x0c",
    "\ud800 > 1",
    '"\ud800" > spot',
    "leg('\u202e') > 1",
    "(" * 5000 + "spot" + ")" * 5000 + " > 1",
    "(" * 21 + "spot > 1" + ")" * 21,
    "not " * 1000 + "spot > 1",
    "-" * 4000 + "1 > 1",
    "abs(" * 900 + "spot",
    "spot > 1 and " * 310 + "vix < 2",
    "spot" + "+1" * 2000 + " > 1",
    "min(" + "1," * 400 + "1) > 1",
    " " * 5000 + "spot > 1",
    "spot > 1" + " " * 1_000_000,
    "é" * 2100,
    "x" * 4097,
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_it_is_refused(text: str) -> None:
    with pytest.raises(RuleInvalid) as caught:
        compile_rule(text, legs=["L1"])
    assert len(caught.value.errors) >= 1
    assert len(str(caught.value)) < 1000


@pytest.mark.parametrize("thing", [None, 5, b"spot > 1", ["spot > 1"]])
def test_what_is_no_text_is_refused(thing: object) -> None:
    with pytest.raises(RuleInvalid) as caught:
        compile_rule(thing)  # type: ignore[arg-type]
    assert caught.value.errors[0].code == "not_text"


def test_the_largest_allowed_rules_run() -> None:
    deep = "(" * 20 + "spot > 1" + ")" * 20
    assert compile_rule(deep).text == "spot > 1"
    long = "spot" + "+1" * 147 + " > 1"
    assert len(compile_rule(long).program.steps) < 300
    assert compile_rule(long).describe().startswith("(" * 147)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200), st.integers(-5, 250))
def test_any_unicode_is_refused_or_read_and_can_be_completed(text: str, cursor: int) -> None:
    for want in (Type.BOOL, Type.NUM):
        try:
            compile_rule(text, want=want)
        except RuleInvalid as invalid:
            assert invalid.errors  # noqa: PT017
    assert isinstance(complete(text, cursor, ["L1"]), list)


def test_the_package_never_runs_a_text() -> None:
    forbidden = {"eval", "exec", "compile", "__import__", "getattr", "literal_eval", "import_module"}
    package = Path(strategies.rules.__file__).parent
    trees = [ast.parse(path.read_text()) for path in package.glob("*.py")]
    called = {
        ast.unparse(node.func) for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Call)
    }
    assert {name.rsplit(".", maxsplit=1)[-1] for name in called} & forbidden <= {"compile"}
    assert {name for name in called if name.endswith("compile")} == {"re.compile"}

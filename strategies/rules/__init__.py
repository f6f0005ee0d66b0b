"""The rule language: conditions and numbers written as text, over closed candles and facts of the host. Pure.

rule = compile_rule('rsi(close, 14, "5m") crosses_above 60 and vix < 16')
rule.over(history)              # one value per minute
live = rule.live(); live.feed(bar)   # the same, minute by minute

A text is read by our own parser and run as a list of known steps: nothing typed ever reaches Python.
"""

from __future__ import annotations

from strategies.rules.bars import Candle, Candles, RuleBar, RuleHistory, RuleSession, Verdict
from strategies.rules.catalog import OPERATORS, SCALARS, WORDS, Type
from strategies.rules.completion import Completion, complete, completion_start
from strategies.rules.errors import RuleError, RuleInvalid
from strategies.rules.live import LiveRule
from strategies.rules.rule import Rule, compile_rule
from strategies.rules.timeframes import TIMEFRAMES
from strategies.rules.whole import Verdicts

__all__ = [
    "OPERATORS",
    "SCALARS",
    "TIMEFRAMES",
    "WORDS",
    "Candle",
    "Candles",
    "Completion",
    "LiveRule",
    "Rule",
    "RuleBar",
    "RuleError",
    "RuleHistory",
    "RuleInvalid",
    "RuleSession",
    "Type",
    "Verdict",
    "Verdicts",
    "compile_rule",
    "complete",
    "completion_start",
]

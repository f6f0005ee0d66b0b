"""What rules mean, worked out by hand: truth, crossings, candles, timeframes, and what is not known."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import product
from math import isfinite

import numpy as np
import pytest

from qlplatform.core.errors import UserError
from strategies.rules import Candle, RuleBar, RuleSession, Type, Verdict, compile_rule
from tests.unit.strategies.rules.histories import MONDAY, clock, closes, days, history, minute, session, walk

NAN = float("nan")
TUESDAY = MONDAY + timedelta(days=1)


def said(text: str, bars: Iterable[RuleBar], **more: object) -> list[object]:
    """What a rule said at each minute; None where nothing closed."""
    live = compile_rule(text, legs=["A"], **more).live()  # type: ignore[arg-type]
    return [verdict and verdict.value for verdict in map(live.feed, bars)]


def number(text: str, bars: Iterable[RuleBar]) -> list[object]:
    found = said(text, bars, want=Type.NUM)
    return [value if isinstance(value, float) and isfinite(value) else None for value in found]


TRUE, FALSE, UNKNOWN = "spot == 1", "spot == 2", "vix == 3"
LOGIC = {TRUE: True, FALSE: False, UNKNOWN: None}


def kleene_and(a: bool | None, b: bool | None) -> bool | None:
    return False if False in {a, b} else None if None in {a, b} else True


@pytest.mark.parametrize(("left", "right"), list(product(LOGIC, LOGIC)))
def test_truth_tables(left: str, right: str) -> None:
    both = kleene_and(LOGIC[left], LOGIC[right])
    either = kleene_and(*(None if each is None else not each for each in (LOGIC[left], LOGIC[right])))
    assert said(f"{left} and {right}", closes([1.0])) == [both is True]
    assert said(f"not ({left} and {right})", closes([1.0])) == [both is False]
    assert said(f"{left} or {right}", closes([1.0])) == [either is False]
    assert said(f"not ({left} or {right})", closes([1.0])) == [either is True]


@pytest.mark.parametrize("sign", ["<", "<=", ">", ">=", "==", "!="])
@pytest.mark.parametrize("value", [1.0, 2.0, 3.0])
def test_comparisons(sign: str, value: float) -> None:
    expected = {"<": value < 2, "<=": value <= 2, ">": value > 2, ">=": value >= 2}
    expected |= {"==": value == 2, "!=": value != 2}
    assert said(f"spot {sign} 2", closes([value])) == [expected[sign]]
    assert said(f"vix {sign} 2 or not (vix {sign} 2)", closes([value])) == [False]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("spot + 2 * 3", 13.0),
        ("(spot + 2) * 3", 27.0),
        ("10 - 4 - 3", 3.0),
        ("-spot", -7.0),
        ("spot / 2", 3.5),
        ("spot / 0", None),
        ("spot % 0", None),
        ("-spot % 4", 1.0),
        ("abs(3 - spot)", 4.0),
        ("min(spot, 3, 5)", 3.0),
        ("max(spot, 3, vix)", None),
        ("round(2.5)", 2.0),
        ("round(3.5)", 4.0),
        ("999999999999999 * 999999999999999 * 1", 999999999999999.0**2),
        ("vix", None),
        ("mtm + 1", None),
    ],
)
def test_arithmetic(text: str, value: float | None) -> None:
    assert number(text, closes([7.0])) == [value]


def test_a_result_that_is_no_number_is_unknown() -> None:
    huge = "*".join(["999999999999999"] * 30)
    assert number(huge, closes([7.0])) == [None]


def test_between_includes_both_bounds() -> None:
    bars = closes([0.99, 1.0, 2.0, 2.01])
    assert said("spot between 1 and 2", bars) == [False, True, True, False]


def test_a_crossing_is_at_or_below_before_and_above_now() -> None:
    bars = closes([1, 2, 3, 2, 2, 1, 3])
    assert said("spot crosses_above 2", bars) == [False, False, True, False, False, False, True]
    assert said("spot crosses_below 2", bars) == [False, False, False, False, False, True, False]


def test_an_unknown_first_candle_crosses_nothing_and_its_opposite_is_not_met_either() -> None:
    assert said("not spot crosses_above 2", closes([3, 3])) == [False, True]


def test_a_candle_that_is_missing_is_passed_over_by_a_crossing() -> None:
    assert said("spot crosses_above 2", closes([1, None, 3])) == [False, False, True]


def test_a_crossing_of_long_candles_is_true_at_their_close_only() -> None:
    bars = closes([1.0] * 5 + [3.0] * 7)
    met = said('spot("5m") crosses_above 2 and spot > 0', bars)
    assert [i for i, value in enumerate(met) if value] == [9]


def test_a_value_of_long_candles_stands_until_the_next_closes() -> None:
    bars = closes([1.0] * 5 + [3.0] * 6)
    assert number('close("5m") + 0 * close', bars) == [None] * 4 + [1.0] * 5 + [3.0] * 2


def test_candles_start_at_the_open_and_close_at_their_end() -> None:
    bars = closes(float(i) for i in range(1, 17))
    found = number('close("15m")', bars)
    assert [(i, value) for i, value in enumerate(found) if value is not None] == [(14, 15.0)]


@pytest.mark.parametrize(
    ("column", "value"), [("open", 5), ("high", 9), ("low", 1), ("close", 6), ("volume", 30)]
)
def test_longer_candles_are_made_of_minutes(column: str, value: float) -> None:
    candles = [
        Candle(5, 6, 4, 5, 10),
        Candle(5, 9, 5, 7, 20),
        Candle(NAN, 99, 0, 3, 99),
        Candle(2, 6, 1, 6, 0),
    ]
    bars = [
        RuleBar(clock(f"09:{16 + i}"), session(), {"FUTURE": candle} if i < 4 else {})
        for i, candle in enumerate([*candles, candles[0]])
    ]
    assert number(f'{column}(future, "5m")', bars) == [None] * 4 + [float(value)]


def test_middle_prices() -> None:
    bars = [RuleBar(clock("09:16"), session(), {"SPOT": Candle(1, 9, 2, 4)})]
    assert number("hl2 * 100 + hlc3 * 10 + ohlc4", bars) == [550.0 + 50.0 + 4.0]


def test_the_last_candle_of_a_session_is_shorter_and_the_day_is_one() -> None:
    bars = [minute(f"09:{16 + i}", float(i), closes="09:22") for i in range(7)]
    assert said('close("5m") > 0', bars) == [None] * 4 + [True, None, True]
    assert number('close("1d")', bars) == [None] * 6 + [6.0]


def test_a_day_of_two_sittings_is_one_day_and_each_has_its_own_candles() -> None:
    first = RuleSession(clock("09:15"), clock("09:18"), clock("11:32"))
    second = RuleSession(clock("11:30"), clock("11:32"), clock("11:32"))
    ends = [("09:16", first), ("09:17", first), ("09:18", first), ("11:31", second), ("11:32", second)]
    bars = [
        RuleBar(clock(end), sitting, {"SPOT": Candle(i, i, i, i)}) for i, (end, sitting) in enumerate(ends)
    ]
    assert number('open("5m")', bars) == [None, None, 0.0, None, 3.0]
    assert number('open("1d")', bars) == [None] * 4 + [0.0]


def test_a_candle_noticed_late_is_known_but_gives_no_verdict() -> None:
    bars = [minute("09:16", 1.0), minute("09:18", 3.0), minute("09:22", 9.0), minute("09:25", 5.0)]
    assert number('close("5m")', bars) == [None, None, None, 5.0]
    assert number('prev(close, 1, "5m")', bars)[-1] == 3.0


def test_an_empty_minute_closes_a_candle_on_time() -> None:
    bars = [minute("09:16", 1.0), minute("09:20")]
    assert number('close("5m")', bars) == [None, 1.0]


def test_a_candle_without_any_trade_is_unknown() -> None:
    bars = closes([1.0] * 5 + [None] * 5)
    assert said('close("5m") > 0', bars)[9] is False
    assert said('not close("5m") > 0', bars)[9] is False


def test_windows_count_candles_that_are_there() -> None:
    bars = closes([1, 2, None, 3, 5, 4])
    assert number("prev(close, 2)", bars) == [None, None, None, 1, 2, 3]
    assert number("highest(close, 3)", bars) == [None, None, None, 3, 5, 5]
    assert number("lowest(close, 3)", bars) == [None, None, None, 1, 2, 3]
    assert said("rising(close, 2)", bars) == [False, False, False, True, True, False]
    assert said("falling(close, 1)", bars) == [False] * 5 + [True]
    assert said("not rising(close, 2)", bars) == [False, False, False, False, False, True]


def test_windows_over_a_level_stretch_neither_rise_nor_fall() -> None:
    assert said("rising(close, 1) or falling(close, 1)", closes([2, 2])) == [False, False]


def test_an_indicator_takes_the_timeframe_of_the_call_around_it() -> None:
    assert compile_rule('ema(rsi(close, 14), 9, "5m") > 1').timeframes == {5}
    assert compile_rule('rising(rsi(close, 14, "5m"), 3)').timeframes == {5}
    assert compile_rule('close > ema(close, 9, "5m")').timeframes == {1, 5}
    assert compile_rule("time > '10:00'").timeframes == {1}


def test_an_average_by_hand() -> None:
    assert number("sma(close, 3)", closes([1, 2, 6, None, 10])) == [None, None, 3, None, 6]


def test_an_indicator_over_an_expression() -> None:
    assert number("sma(close * 2 - 1, 2)", closes([1, 2, 6])) == [None, 2, 7]


def test_levels_of_the_day_before() -> None:
    bars = [
        minute("09:16", 5.0),
        minute("09:17", 9.0),
        minute("15:30", 7.0),
        minute("09:16", 1.0, day=TUESDAY),
    ]
    for level, value in (("open", 5.0), ("high", 9.0), ("low", 5.0), ("close", 7.0)):
        assert number(f'previous_day("{level}")', bars) == [None, None, None, value]


def test_a_history_that_begins_inside_a_day_has_no_levels_of_it() -> None:
    bars = [minute("10:16", 5.0), minute("15:30", 7.0), minute("09:16", 1.0, day=TUESDAY)]
    assert number('previous_day("high")', bars) == [None, None, None]


def test_the_opening_range() -> None:
    bars = [minute(f"09:{16 + i}", value) for i, value in enumerate([5.0, 9.0, 7.0, 12.0])]
    assert number('orb(2, "high")', bars) == [None, None, 9.0, 9.0]
    assert number('orb(2, "low")', bars) == [None, None, 5.0, 5.0]


def test_the_time_is_that_of_the_close() -> None:
    bars = [minute("09:59", 1.0), minute("10:00", 1.0), minute("10:01", 1.0)]
    assert said('time >= "10:00"', bars) == [False, True, True]
    assert said('time between "09:59:30" and "10:00"', bars) == [False, True, False]
    assert said('time != "10:00"', bars) == [True, False, True]


def test_facts_are_those_of_the_minute_and_unknown_when_missing() -> None:
    bars = [minute("09:16", 1.0, mtm=-3000.0), minute("09:17", 1.0), minute("09:18", 1.0, mtm=100.0)]
    assert said("mtm < -2500", bars) == [True, False, False]
    assert said("not mtm < -2500", bars) == [False, False, True]


def test_facts_of_legs_and_their_names() -> None:
    rule = compile_rule(
        'abs(delta("A")) > 0.3 and leg("A") > 100 and iv("A") > 5 and combined > 1', legs=["A"]
    )
    assert rule.scalars == {"delta:A", "iv:A"}
    assert rule.instruments == {"LEG:A", "COMBINED"}


def test_a_bare_close_is_the_underlying() -> None:
    rule = compile_rule("close > spot and rsi() > 3 and atr() > 1", underlying="FUTURE")
    assert rule.instruments == {"FUTURE", "SPOT"}
    with pytest.raises(ValueError, match="SPOT"):
        compile_rule("close > 1", underlying="GOLD")


def test_a_verdict_carries_what_it_saw() -> None:
    rule = compile_rule("spot crosses_above 2 and vix < 16 and rising(close, 1)")
    live = rule.live()
    live.feed(minute("09:16", 1.0))
    found = live.feed(minute("09:17", 3.0))
    inputs = {"spot": 3.0, "spot (candle before)": 1.0, "close (1m)": 3.0}
    assert found == Verdict(False, datetime(2026, 11, 2, 3, 47, tzinfo=UTC), inputs)


def test_a_live_rule_goes_on_behind_a_history() -> None:
    ends, opens, closes_ = days(1, 375)
    live = compile_rule('previous_day("high") > 0').live(
        history(ends, opens, closes_, {"SPOT": walk(375, 1)})
    )
    found = live.feed(minute("09:16", 1.0, day=TUESDAY))
    assert found is not None
    assert found.value is True


def test_rules_are_equal_when_they_say_the_same() -> None:
    one, two = (compile_rule(text) for text in ("spot>1", " ( spot > 1.0 ) "))
    assert (one, hash(one)) == (two, hash(two))
    assert one != compile_rule("spot > 2")


@pytest.mark.parametrize(
    "bars",
    [
        [minute("09:17", 1.0), minute("09:16", 1.0)],
        [minute("09:16", 1.0), minute("09:16", 1.0)],
        [minute("09:15", 1.0)],
        [minute("15:31", 1.0)],
    ],
)
def test_minutes_out_of_order_or_session_are_refused(bars: list[RuleBar]) -> None:
    with pytest.raises(UserError, match="inside their trading session"):
        said("spot > 1", bars)


def test_a_history_out_of_order_or_shape_is_refused() -> None:
    ends, opens, closes_ = days(1, 5)
    with pytest.raises(UserError, match="inside their trading session"):
        history(ends[::-1], opens, closes_, {})
    with pytest.raises(UserError, match="one value per minute"):
        history(ends, opens, closes_, {"SPOT": walk(4, 1)})


def test_no_history_no_values() -> None:
    ends, opens, closes_ = days(1, 0)
    rule = compile_rule('rsi(close, 14, "5m") crosses_above 60 and pivots("p") > 1 and time > "10:00"')
    assert rule.over(history(ends, opens, closes_, {})).tolist() == []


@pytest.mark.parametrize(
    "text",
    [
        'rsi(close, 14, "5m") crosses_above 60',
        'rising(ema(close, 9, "3m"), 4) and close > sma(close, 20)',
        'macd(close, 5, 9, 4, "signal", "5m") > 0 and spot > 1',
        'adx(5, 7, "2m") > stochastic(6, 3, 2, "d", "2m")',
        'highest(prev(close, 3), 5, "15m") > 0',
        'pivots("r1", "15m") > 0 and previous_day("low", "25m") > 0',
        'orb(2, "high", "15m") > 0',
        "supertrend() > 0 and mfi(future) > 0 and vwap(future) > 0",
    ],
)
def test_after_its_warm_up_a_rule_knows_everything(text: str) -> None:
    rule = compile_rule(text)
    ends, opens, closes_ = days(3, 375)
    candles = {"SPOT": walk(len(ends), 1), "FUTURE": walk(len(ends), 2)}
    candles["FUTURE"] = candles["FUTURE"]._replace(volume=np.ones(len(ends)))
    whole = rule.verdicts(history(ends, opens, closes_, candles))
    found = whole[max(bars * minutes for minutes, bars in rule.warmup.items()) - 1]
    assert found is not None
    assert set(found.inputs) == {each.text for each in rule.program.operands}

"""When a run enters, what it chooses, and why it does not."""

from __future__ import annotations

import pytest

from strategies.engine.types import Command, EntryBlocked, ExitReason, OpenLeg, PlanEntry, Right
from tests.unit.strategies.driver import CHAIN, EXPIRY, Run, at, chain, leg, program_of


def opened_strikes(run: Run) -> list[int]:
    return [order.contract.strike_paise // 100 for order in run.log if isinstance(order, OpenLeg)]


def run_with_all_prices(*legs: dict[str, object], spot: float, **chain_changes: object) -> Run:
    run = Run(program_of(*legs), chain(**chain_changes))  # type: ignore[arg-type]
    quotes = {contract.key: 10000 for contract in run.chain.contracts.values()}
    run.quotes("09:20", quotes, round(spot * 100))
    return run


def test_nothing_happens_before_entry_time() -> None:
    run = Run(program_of(leg()))
    assert run.price("09:19:59", ce16000=100) == []


def test_enters_on_the_first_price_at_or_after_entry_time() -> None:
    run = Run(program_of(leg()))
    run.price("09:20:03", ce16000=100)
    assert run.opened() == ["1-L1-E-1"]


@pytest.mark.parametrize(
    ("right", "offset", "strike"),
    [
        ("CE", 0, 16000),
        ("PE", 0, 16000),
        ("CE", 2, 16100),
        ("PE", 2, 15900),
        ("CE", -1, 15950),
        ("PE", -3, 16150),
    ],
)
def test_strikes_are_counted_from_the_money(right: str, offset: int, strike: int) -> None:
    assert opened_strikes(run_with_all_prices(leg(right=right, offset=offset), spot=16010)) == [strike]


@pytest.mark.parametrize(("spot", "strike"), [(16024.95, 16000), (16025, 16000), (16025.05, 16050)])
def test_atm_is_the_nearest_strike_and_the_lower_one_on_a_tie(spot: float, strike: int) -> None:
    assert opened_strikes(run_with_all_prices(leg(), spot=spot)) == [strike]


def test_offsets_count_only_strikes_where_the_right_is_listed() -> None:
    run = run_with_all_prices(leg(offset=1), spot=16000, without=((16050, Right.CE),))
    assert opened_strikes(run) == [16100]


def test_an_exact_strike() -> None:
    run = run_with_all_prices(leg(strike_by={"method": "EXACT", "value": 16200}), spot=16000)
    assert opened_strikes(run) == [16200]


@pytest.mark.parametrize(
    "strike_by", [{"method": "EXACT", "value": 16225}, {"method": "ATM_OFFSET", "offset": 99}]
)
def test_a_strike_that_is_not_listed_aborts_the_whole_entry(strike_by: dict[str, object]) -> None:
    run = run_with_all_prices(leg(right="PE"), leg(strike_by=strike_by), spot=16000)
    assert (run.opened(), run.notes(), run.ended()) == ([], ["no_strike"], "COMPLETED:no_strike")


def test_an_atm_strike_without_the_right_is_not_replaced_by_a_neighbour() -> None:
    run = run_with_all_prices(leg(), spot=16000, without=((16000, Right.CE),))
    assert run.ended() == "COMPLETED:no_strike"


def test_no_expiry_listed() -> None:
    run = run_with_all_prices(leg(), spot=16000, strikes=range(0))
    assert run.ended() == "COMPLETED:no_expiry"


def test_all_legs_wait_until_each_has_a_fresh_price_and_it_is_told_once() -> None:
    run = Run(program_of(leg(), leg(right="PE")))
    run.price("09:20", ce16000=100)
    run.price("09:21", ce16000=101)
    assert (run.opened(), run.notes()) == ([], ["waiting_price"])
    run.price("09:22", ce16000=102, pe16000=90)
    assert run.opened() == ["1-L1-E-1", "1-L2-E-1"]


def test_selection_is_redone_from_the_snapshot_that_enters() -> None:
    run = Run(program_of(leg()))
    run.price("09:20", spot=16000, ce16100=50)
    run.price("09:21", spot=16100, ce16100=60)
    assert opened_strikes(run) == [16100]


def test_without_spot_the_entry_waits() -> None:
    run = Run(program_of(leg()))
    run.price("09:20", spot=None, ce16000=100)
    assert run.notes() == ["waiting_price"]


def test_no_entry_until_the_last_entry_time() -> None:
    run = Run(program_of(leg(), last_entry_time="09:30"))
    run.price("09:30", pe16000=100)
    run.price("09:31", ce16000=100)
    assert (run.opened(), run.ended()) == ([], "COMPLETED:no_entry")


def test_the_last_entry_time_itself_still_enters() -> None:
    run = Run(program_of(leg(), last_entry_time="09:30"))
    run.price("09:30", ce16000=100)
    assert run.opened() == ["1-L1-E-1"]


def test_a_run_that_starts_too_late_says_so() -> None:
    run = Run(program_of(leg(), last_entry_time="09:30"))
    run.price("09:31", ce16000=100)
    assert run.ended() == "COMPLETED:missed_entry"


def test_a_day_that_is_not_selected_ends_at_once() -> None:
    run = Run(program_of(leg(), days=["MON", "FRI"]))
    run.price("09:16", ce16000=100)
    assert run.ended() == "COMPLETED:day_not_selected"


def test_the_plan_holds_every_leg_and_comes_first() -> None:
    run = Run(program_of(leg("BUY", offset=1, lots=2), leg(lots=2), multiplier=3))
    plan = run.price("09:20", ce16000=100, ce16050=70)[0]
    assert isinstance(plan, PlanEntry)
    assert [(p.leg_id, p.lots, p.qty, p.price_paise) for p in plan.legs] == [
        ("L1", 6, 300, 7000),
        ("L2", 6, 300, 10000),
    ]


def test_a_blocked_entry_ends_the_run_from_the_old_state() -> None:
    run = Run(program_of(leg()))
    run.feed(EntryBlocked("limit_day_loss", "Today's loss limit of ₹5,000 is reached.", at("09:20")))
    assert (run.notes(), run.ended()) == (["limit_day_loss"], "COMPLETED:limit_day_loss")


def command(kind: str, clock: str = "09:16") -> Command:
    return Command(kind, ExitReason.MANUAL, f"{kind} by the trader", at(clock))


def test_pause_holds_the_entry_and_resume_lets_it_go() -> None:
    run = Run(program_of(leg()))
    run.feed(command("PAUSE"))
    run.price("09:20", ce16000=100)
    assert run.opened() == []
    run.feed(command("RESUME", "09:21"))
    run.price("09:22", ce16000=101)
    assert (run.opened(), run.notes()) == (["1-L1-E-1"], ["paused", "entry_paused", "resumed"])


def test_square_off_before_entry_ends_the_run() -> None:
    run = Run(program_of(leg()))
    run.feed(command("SQUARE_OFF"))
    assert run.ended() == "COMPLETED:square_off"


def test_an_ended_run_ignores_prices_and_commands() -> None:
    run = Run(program_of(leg()))
    run.feed(command("SQUARE_OFF"))
    assert run.price("09:20", ce16000=100) == []
    assert run.feed(command("SQUARE_OFF")) == []


def test_the_chain_of_the_tests_lists_one_expiry() -> None:
    assert CHAIN.expiries() == (EXPIRY,)

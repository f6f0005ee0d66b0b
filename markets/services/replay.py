"""Replays: making one, steering it, and the feed's steps through it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from functools import partial

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest

from markets import quotes
from markets.models import Market
from markets.selectors import calendar_of
from markets.services.volatility import volatility_at_close
from markets.sessions import SessionDataError, SessionSource, session_sources
from qlplatform.core import audit, outbox
from qlplatform.core.clock import wall
from qlplatform.core.errors import Conflict, UserError
from qlplatform.core.models import Workspace
from qlplatform.core.tenancy import Actor

FASTEST = 3600
MOST_STEPS = 500


def market_now(market: Market) -> datetime:
    """What time it is in a market (UTC): the wall clock in the live one, its own clock in a replay."""
    return market.now if market.is_replay and market.now is not None else wall()


@transaction.atomic
def replay_market_create(
    *,
    workspace: Workspace,
    source: str | SessionSource,
    session_date: date,
    speed: int,
    slippage_paise: int = 0,
    by: Actor | None = None,
) -> Market:
    """A new replay of a recorded day, standing at the day's open, ready to be played.

    `source` is the name of a set or a set of files. Raises UserError `unknown_source`,
    `bad_speed`, and SessionDataError `no_data_for_date` naming the days there are.
    """
    found = _source(source) if isinstance(source, str) else source
    hours = calendar_of(found.underlying).session(session_date)
    if session_date not in found.days or hours is None:
        days = ", ".join(day.isoformat() for day in found.days)
        raise SessionDataError(
            f"“{found.name}” has no session of {session_date}; it has {days}.", code="no_data_for_date"
        )
    market = Market.objects.create(
        workspace=workspace,
        kind=Market.Kind.REPLAY,
        underlying=found.underlying,
        session_date=session_date,
        source=found.name,
        speed=_speed(speed),
        slippage_paise=slippage_paise,
        now=hours.open,
    )
    quotes.forget(market.pk)
    _tell(market, "created", by or Actor.system("replay", workspace.pk))
    return market


def _source(name: str) -> SessionSource:
    sources = session_sources()
    if name not in sources:
        raise UserError(
            f"There is no session set “{name}”; there are: {', '.join(sources)}.", code="unknown_source"
        )
    return sources[name]


@transaction.atomic
def market_control(*, market: Market, action: str, by: Actor, value: int | None = None) -> Market:
    """Steer a replay: `play`, `pause`, `step` (value = bars, 1), `speed` (value = market seconds per second,
    0 = flat out), `next_decision` (flat out until something is decided) or `end`.

    Raises NotEntitled without the right to trade, UserError `not_a_replay` or `unknown_action`, Conflict
    `market_ended`.
    """
    by.require("trade")
    row = Market.objects.select_for_update().get(pk=market.pk)
    if not row.is_replay:
        raise UserError(
            "The live market keeps its own time; only a replay can be steered.", code="not_a_replay"
        )
    if row.state == Market.State.ENDED:
        raise Conflict("This replay is over; start the day again or the next one.", code="market_ended")
    before = _settings(row)
    _action(action)(row, value)
    if row.state == Market.State.ENDED:
        row.ended_at = wall()
    row.save()
    _tell(row, action, by, before)
    return row


def _action(name: str) -> Callable[[Market, int | None], None]:
    if name not in ACTIONS:
        raise UserError(
            f"“{name}” is no way to steer a replay; use one of {', '.join(ACTIONS)}.", code="unknown_action"
        )
    return ACTIONS[name]


def _play(row: Market, value: int | None) -> None:
    row.state, row.steps, row.until_decision, row.note = Market.State.PLAYING, 0, False, ""


def _pause(row: Market, value: int | None) -> None:
    row.state, row.steps, row.until_decision, row.note = Market.State.PAUSED, 0, False, ""


def _step(row: Market, value: int | None) -> None:
    bars = 1 if value is None else value
    if not 1 <= bars <= MOST_STEPS:
        raise UserError(f"A replay steps 1 to {MOST_STEPS} bars at a time, not {bars}.", code="bad_step")
    row.state, row.steps, row.until_decision = Market.State.PAUSED, row.steps + bars, False


def _set_speed(row: Market, value: int | None) -> None:
    row.speed = _speed(value)


def _next_decision(row: Market, value: int | None) -> None:
    row.state, row.steps, row.until_decision = Market.State.PLAYING, 0, True


def _end(row: Market, value: int | None) -> None:
    row.state, row.steps, row.until_decision, row.note = Market.State.ENDED, 0, False, ""


ACTIONS: dict[str, Callable[[Market, int | None], None]] = {
    "play": _play,
    "pause": _pause,
    "step": _step,
    "speed": _set_speed,
    "next_decision": _next_decision,
    "end": _end,
}


def _speed(value: int | None) -> int:
    if value is None or not 0 <= value <= FASTEST:
        raise UserError(
            f"Speed is 1 to {FASTEST} market seconds a second, or 0 for flat out.", code="bad_speed"
        )
    return value


def market_advance(*, market: Market, seq: int, at: datetime, note: str = "") -> bool:
    """The feed published event `seq` of time `at`: move the clock, use up one step. False when the market is
    already there.

    Only the feed calls this. `note` says in plain words what it waits for, "" = nothing.
    """
    moved = Market.objects.filter(pk=market.pk, seq__lt=seq).update(
        seq=seq, now=at, note=note[:200], steps=Greatest(F("steps") - 1, 0)
    )
    market.refresh_from_db()
    return bool(moved)


def market_note(*, market: Market, note: str) -> None:
    """Say on the screens why the replay waits; "" = it does not."""
    Market.objects.filter(pk=market.pk).exclude(note=note[:200]).update(note=note[:200])
    market.note = note[:200]


@transaction.atomic
def market_end(*, market: Market, by: Actor) -> Market:
    """The recorded day is over; its volatility is kept. Idempotent."""
    row = Market.objects.select_for_update().get(pk=market.pk)
    if row.state == Market.State.ENDED:
        return row
    transaction.on_commit(partial(volatility_at_close, market=row), robust=True)
    return market_control(market=row, action="end", by=by)


def _settings(row: Market) -> dict[str, object]:
    return {"state": row.state, "speed": row.speed, "steps": row.steps, "until_decision": row.until_decision}


def _tell(row: Market, action: str, by: Actor, before: dict[str, object] | None = None) -> None:
    what = f"{row}: {action.replace('_', ' ')}"
    audit.record("market.changed", by=by, target=row, text=what, before=before, after=_settings(row))
    data = {"market": row.public_id, "action": action, **_settings(row)}
    outbox.publish("market.changed", workspace_id=row.workspace_id, data=data, mode="paper")

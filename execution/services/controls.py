"""What a trader does with a replay: play, pause, step, change its speed, run to the next decision, play
again, next day.
"""

from __future__ import annotations

from datetime import date

from execution.services.replays import next_session, replay_start
from markets.models import Market
from markets.services import market_control
from qlplatform.core.errors import UserError
from qlplatform.core.models import Workspace
from qlplatform.core.tenancy import Actor

SPEEDS = (1, 10, 30, 60, 120, 300, 600)
STEERING = ("play", "pause", "step", "speed", "next_decision")
ACTIONS = (*STEERING, "again", "next_day")


def replay_control(*, market: Market, action: str, by: Actor, value: int | None = None) -> Market:
    """Do `action` to a replay and return the market to look at now: itself, or the new one for `again` and
    `next_day`.

    `speed` takes market seconds per second, `step` a number of bars. Raises UserError for an unknown action
    or value, Conflict when the replay has ended.
    """
    if action not in ACTIONS:
        raise UserError(f"A replay can: {', '.join(ACTIONS)}.", code="unknown_action")
    if action in STEERING:
        return market_control(market=market, action=action, by=by, value=value)
    day: date | None = market.session_date if action == "again" else next_session(market)
    if day is None:
        raise UserError(
            "That was the last recorded session; play this one again instead.", code="no_next_session"
        )
    workspace = Workspace.objects.get(pk=by.workspace_id or market.workspace_id or 0)
    return replay_start(
        workspace=workspace, by=by, source=market.source, session_date=day, speed=market.speed
    )

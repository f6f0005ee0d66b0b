"""The result of a replayed session as the documented JSON: rupees as decimal strings, times in IST."""

from __future__ import annotations

from typing import Any

from django.db.models import Sum

from execution.domain.averages import average_str
from execution.models import Run
from execution.replay.tool import Played
from execution.selectors import Trade, trades_of
from markets.sessions import Session
from portfolio.models import Fill
from qlplatform.core.clock import IST
from qlplatform.core.money import rupee_str


def document(session: Session, played: Played) -> dict[str, Any]:
    """`{"date","trades":[...],"gross_pnl","charges","net_pnl","orders","decisions"}`; one trade per closed
    piece.
    """
    trades = trades_of(played.run) if played.run else []
    charges = {trade.leg.leg_id: _charges(played.run, trade) for trade in trades} if played.run else {}
    gross = sum(trade.gross_paise for trade in trades)
    total = sum(charges.values())
    return {
        "date": session.day.isoformat(),
        "trades": [_row(trade, charges[trade.leg.leg_id]) for trade in trades],
        "gross_pnl": rupee_str(gross),
        "charges": rupee_str(total),
        "net_pnl": rupee_str(gross - total),
        "orders": played.orders,
        "decisions": played.decisions,
    }


def _charges(run: Run, trade: Trade) -> int:
    ref = f"{trade.leg.cycle}-{trade.leg.leg_id}"
    fills = Fill.objects.filter(run_ref=run.public_id, leg_ref=ref)
    return fills.aggregate(total=Sum("charges_paise"))["total"] or 0


def _row(trade: Trade, charges_paise: int) -> dict[str, Any]:
    leg = trade.leg
    instrument = leg.instrument
    return {
        "leg": leg.leg_id,
        "right": instrument.kind,
        "strike": _plain(instrument.strike_paise or 0),
        "expiry": instrument.expiry.isoformat() if instrument.expiry else None,
        "side": leg.side,
        "lots": leg.lots,
        "qty": leg.entry_qty,
        "entry_ts": trade.entry_at.astimezone(IST).isoformat(),
        "entry_price": average_str(leg.entry_value_paise, leg.entry_qty),
        "exit_ts": trade.exit_at.astimezone(IST).isoformat(),
        "exit_price": average_str(leg.exit_value_paise, leg.exit_qty),
        "exit_reason": leg.exit_reason,
        "gross_pnl": rupee_str(trade.gross_paise),
        "charges": rupee_str(charges_paise),
    }


def _plain(paise: int) -> str:
    """A strike: whole rupees without decimals."""
    return str(paise // 100) if paise % 100 == 0 else rupee_str(paise)

"""The engine: for every open run of its shards it hears events, asks the decision core, and commits what it
says.

It is the only writer of run state. Each step is one transaction: run state, decision log, legs, intents with
their orders. A crash between two steps loses nothing: the state and the number of the last event heard are in
PostgreSQL, and a snapshot that decided nothing may be looked at again.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Any

import structlog
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import F, Q, QuerySet

from execution.domain.chain import InstrumentChain
from execution.models import Run, RunEvent
from execution.services.effects import Effects, Prices, leg_fill
from execution.services.engine_faults import Faults
from execution.services.entry_gate import entry_admit, gate_lock
from markets.models import Instrument
from markets.quotes import Snapshot
from portfolio.services import reservation_release
from qlplatform.core.errors import OperatorError, UserError
from strategies.engine.decide import Step, decide
from strategies.engine.program import Program, compile
from strategies.engine.state import RunState, from_json, initial, to_json
from strategies.engine.types import (
    Command,
    Contract,
    EntryBlocked,
    Event,
    ExitReason,
    FillEvent,
    OrderDone,
    PlanEntry,
    PriceEvent,
    Right,
    RunPhase,
)
from strategies.spec import parse_spec

log = structlog.get_logger(__name__)

OPERATIONAL = (OperationalError, InterfaceError)


@dataclass(slots=True)
class LiveRun:
    """An open run in the engine's memory."""

    run: Run
    program: Program
    state: RunState
    protection_pct: Decimal


@dataclass(slots=True)
class MarketView:
    """The newest snapshot of a market and its chains."""

    snapshot: Snapshot
    ltp: dict[int, int]
    marks: dict[int, int]
    chains: dict[str, InstrumentChain] = field(default_factory=dict)

    def prices(self) -> Prices:
        return Prices(self.snapshot.seq, self.snapshot.at, self.ltp, self.marks)


class StaleRun(Exception):
    """Another engine wrote this run; the copy in memory must go."""


class Engine:
    """All open runs of some shards. Not thread-safe: one thread drives it."""

    def __init__(self, shards: Collection[int]) -> None:
        self.shards = frozenset(shards)
        self.runs: dict[int, LiveRun] = {}
        self.views: dict[int, MarketView] = {}
        self._faults = Faults()

    # -- what drives it -------------------------------------------------

    def on_price(self, snapshot: Snapshot) -> int:
        """Evaluate every open run of the snapshot's market once; returns how many decided something.

        Runs that may enter come first and the oldest of them leads: limits then see the account as the last
        event left it, whatever the workers have filled meanwhile, and the same run gets the last free lot.
        """
        view = self._see(snapshot)
        if self._load_new(snapshot.market_id):
            self.on_events()
        acted = 0
        for live in sorted(self.runs.values(), key=_entries_first):
            if live.run.market_id == snapshot.market_id and snapshot.seq > live.run.price_seq:
                acted += self._guarded(live, partial(self._price, live, view))
        return acted

    def on_events(self) -> int:
        """Hear what is waiting (fills, ended orders, commands), in order per run; returns how many events
        were heard.

        Runs that have ended hear too: a late fill opens them again, so that it gets closed.
        """
        behind = Run.objects.filter(shard__in=self.shards, event_seq__gt=F("event_done"))
        waiting = RunEvent.objects.filter(run__in=behind, seq__gt=F("run__event_done")).order_by(
            "run_id", "seq"
        )
        heard = 0
        for row in waiting:
            live = self.runs.get(row.run_id) or self._load(row.run_id)
            if live is not None and row.seq == live.run.event_done + 1:
                heard += self._guarded(live, partial(self._hear, live, row))
        return heard

    def keep_views(self, market_ids: Collection[int]) -> None:
        """Forget the prices of all other markets: replays come and go while the engine stays."""
        for gone in self.views.keys() - set(market_ids):
            del self.views[gone]

    # -- one step ---------------------------------------------------------

    def _price(self, live: LiveRun, view: MarketView) -> bool:
        return self._step(live, self._price_event(live, view), heard=None)

    def _hear(self, live: LiveRun, row: RunEvent) -> bool:
        return self._step(live, _core_event(row), heard=row)

    def _guarded(self, live: LiveRun, step: Callable[[], bool]) -> bool:
        """One step; a fault in one run never stops the others."""
        if self._faults.resting(live.run.pk):
            return False
        try:
            done = step()
            self._faults.over(live.run)
            return done
        except StaleRun:
            self.runs.pop(live.run.pk, None)
        except OPERATIONAL:
            # the database went away mid-step: nothing was written, it is read again
            self.runs.pop(live.run.pk, None)
            raise
        except Exception as fault:
            self.runs.pop(live.run.pk, None)
            log.exception("run.step_failed", run=live.run.public_id)
            self._faults.add(live.run, fault)
        return False

    def _step(self, live: LiveRun, event: Event, heard: RunEvent | None) -> bool:
        step = decide(live.program, live.state, event)
        if heard is None and not step.decisions and step.state == live.state:
            live.run.price_seq = _seq(event, live.run.price_seq)
            return False
        with transaction.atomic():
            if any(isinstance(decision, PlanEntry) for decision in step.decisions):
                gate_lock(live.run)
            run = self._lock(live)
            step = self._admitted(live, run, event, step)
            if heard is not None and isinstance(event, FillEvent):
                leg_fill(
                    run=run,
                    order_ref=event.order_ref,
                    qty=event.qty,
                    price_paise=event.price_paise,
                    at=event.at,
                )
            self._apply(live, run, event, step)
            if heard is not None:
                run.event_done = heard.seq
            run.price_seq = max(_seq(event, run.price_seq), live.run.price_seq)
            self._save(run, step.state, before=live.state)
        live.run, live.state = run, step.state
        if not run.is_open:
            self.runs.pop(run.pk, None)
        return True

    def _admitted(self, live: LiveRun, run: Run, event: Event, step: Step) -> Step:
        """The step as the entry gate lets it pass: unchanged, or what the core says to the refusal."""
        plan = next((d for d in step.decisions if isinstance(d, PlanEntry)), None)
        if plan is None:
            return step
        try:
            with transaction.atomic():
                entry_admit(run=run, plan=plan, at=event.at, marks=self.views[run.market_id].marks)
        except UserError as refusal:
            return decide(live.program, live.state, EntryBlocked(refusal.code, refusal.message, event.at))
        return step

    def _apply(self, live: LiveRun, run: Run, event: Event, step: Step) -> None:
        view = self.views.get(run.market_id)
        prices = view.prices() if view else Prices(run.price_seq, event.at, {}, {})
        if not isinstance(event, PriceEvent) and view is not None:
            prices = Prices(prices.seq, event.at, prices.ltp, prices.marks)
        effects = Effects(run, prices, live.protection_pct, event.at)
        for decision in step.decisions:
            effects.apply(decision)

    def _lock(self, live: LiveRun) -> Run:
        run = (
            Run.objects.select_for_update(of=("self",))
            .select_related("market", "account", "deployment")
            .get(pk=live.run.pk)
        )
        if (run.event_done, run.phase) != (
            live.run.event_done,
            live.run.phase,
        ) or run.price_seq > live.run.price_seq:
            raise StaleRun
        return run

    def _save(self, run: Run, state: RunState, before: RunState) -> None:
        if before.phase == RunPhase.ENTERING and state.phase != RunPhase.ENTERING:
            reservation_release(run_ref=run.public_id)
        run.phase, run.paused, run.state = state.phase, state.paused, to_json(state)
        run.save(
            update_fields=[
                "phase", "paused", "state", "outcome", "outcome_text", "closed_at", "event_done", "price_seq",
            ]
        )  # fmt: skip

    # -- memory -------------------------------------------------------------

    def _see(self, snapshot: Snapshot) -> MarketView:
        old = self.views.get(snapshot.market_id)
        same = old is not None and len(old.snapshot.keys) == len(snapshot.keys)
        view = MarketView(snapshot, snapshot.fresh(), snapshot.marks(), old.chains if same and old else {})
        self.views[snapshot.market_id] = view
        return view

    def _load_new(self, market_id: int) -> bool:
        """Take open runs of a market into memory; True when one of its runs has something to hear."""
        mine = Run.objects.filter(market_id=market_id, shard__in=self.shards)
        watched = mine.filter(Q(phase__in=_OPEN) | Q(event_seq__gt=F("event_done")))
        rows = list(watched.values_list("pk", "event_seq", "event_done"))
        new = {pk for pk, _, _ in rows} - self.runs.keys()
        if new:
            self._remember(_whole_runs().filter(pk__in=new))
        return any(seq > done for _, seq, done in rows)

    def _load(self, run_id: int) -> LiveRun | None:
        self._remember(_whole_runs().filter(pk=run_id))
        return self.runs.get(run_id)

    def _remember(self, rows: Iterable[Run]) -> None:
        for run in rows:
            try:
                self.runs[run.pk] = _live_run(run)
            except Exception:
                log.exception("run.unreadable", run=run.public_id)

    def _price_event(self, live: LiveRun, view: MarketView) -> PriceEvent:
        snapshot = view.snapshot
        underlying = live.program.underlying
        if underlying not in view.chains:
            view.chains[underlying] = chain_of(underlying, snapshot, live.run)
        return PriceEvent(
            seq=snapshot.seq,
            at=snapshot.at,
            spot_paise=snapshot.spot.get(underlying),
            ltp=view.ltp,
            marks=view.marks,
            chain=view.chains[underlying],
        )


_OPEN = (Run.Phase.ARMED, Run.Phase.ENTERING, Run.Phase.RUNNING, Run.Phase.EXITING)


def _entries_first(live: LiveRun) -> tuple[bool, int]:
    return live.state.phase is not RunPhase.ARMED, live.run.pk


def _whole_runs() -> QuerySet[Run]:
    return Run.objects.select_related("version", "market", "account", "deployment")


def _live_run(run: Run) -> LiveRun:
    spec = parse_spec(run.version.spec)
    program = compile(spec, multiplier=run.multiplier, trading_date=run.trading_date)
    state = from_json(run.state) if run.state else initial(program)
    pct = Decimal(spec.protection_pct.numerator) / spec.protection_pct.denominator
    return LiveRun(run, program, state, pct)


def _seq(event: Event, current: int) -> int:
    return max(current, event.seq) if isinstance(event, PriceEvent) else current


def chain_of(underlying: str, snapshot: Snapshot, run: Run) -> InstrumentChain:
    """The contracts of `underlying` listed in the snapshot's market."""
    rows = Instrument.objects.filter(
        pk__in=[int(key) for key in snapshot.keys], underlying=underlying, kind__in=["CE", "PE"]
    )
    contracts = [_contract(row) for row in rows]
    return InstrumentChain(contracts, on=run.trading_date)


def _contract(row: Instrument) -> Contract:
    expiry, strike = row.expiry, row.strike_paise
    if expiry is None or strike is None:
        raise OperatorError(f"{row.symbol} is an option without expiry or strike.", code="bad_instrument")
    return Contract(row.pk, expiry, strike, Right(row.kind), row.lot_size, row.tick_paise)


def _core_event(row: RunEvent) -> Event:
    data: dict[str, Any] = row.data
    at: datetime = row.at
    if row.kind == "fill":
        return FillEvent(data["order_ref"], data["qty"], data["price_paise"], at)
    if row.kind == "order_done":
        return OrderDone(data["order_ref"], data["outcome"], data["reason"], at)
    return Command(data["kind"], ExitReason(data["reason"]), data["text"], at)

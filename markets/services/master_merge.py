"""From the stage to the instruments, in a handful of statements, whatever the number of rows.

An instrument stays the same one while the exchange lists the contract: it is found by its contract (exchange,
underlying, kind, expiry, strike) or, when that is not listed any more, by the exchange's number.
"""

# ruff: noqa: S608 - the statements are put together from constants of this module

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from markets.master.staging import KEY, quarantine
from markets.master.tally import Tally
from markets.selectors import contract_facts
from qlplatform.core.errors import UserError

EXAMPLES = 200
MANY = 1000  # new rows after which the planner's picture of the table is stale
SYMBOL = """s.underlying || coalesce(' ' || upper(to_char(s.expiry, 'DD Mon')), '')
|| CASE WHEN s.strike_paise IS NULL THEN '' ELSE ' ' || s.strike_paise / 100 END
|| CASE WHEN mod(s.strike_paise, 100) > 0 THEN '.' || lpad(mod(s.strike_paise, 100)::text, 2, '0') ELSE '' END
|| CASE WHEN s.kind = 'INDEX' THEN '' ELSE ' ' || s.kind END"""
LISTED = f"""
UPDATE master_stage s SET instrument_id = i.id, how = %(how)s FROM markets_instrument i
WHERE s.instrument_id IS NULL AND ({KEY.format("s")}) = ({KEY.format("i")})
    AND (i.expiry IS NULL OR i.expiry >= %(day)s)
"""
# A number goes to another contract only after its own expired, and an expiry or a name changes for all that
# have it: so the old contract must be alive, and the file must not list anything with the old expiry or name.
# Step by step (MATERIALIZED): as one query the planner looks through the stage for every instrument there is.
MOVED = """
WITH loose AS MATERIALIZED (
    SELECT line, exchange, exchange_token, kind, underlying, expiry, strike_paise FROM master_stage
    WHERE instrument_id IS NULL AND exchange_token <> '' AND kind <> 'INDEX'
), listed AS MATERIALIZED (SELECT DISTINCT exchange, underlying, expiry FROM master_stage
), same_number AS MATERIALIZED (
    SELECT i.id, s.line, i.exchange, i.underlying, i.expiry, i.underlying <> s.underlying AS renamed
    FROM loose s JOIN markets_instrument i USING (exchange, exchange_token, kind)
    WHERE i.strike_paise IS NOT DISTINCT FROM s.strike_paise
        AND (i.expiry IS NULL OR i.expiry >= %(day)s) AND i.last_seen >= %(day)s - 45
        AND (
            (i.underlying = s.underlying AND i.expiry <> s.expiry AND abs(i.expiry - s.expiry) <= 10)
            OR (i.underlying <> s.underlying AND i.expiry IS NOT DISTINCT FROM s.expiry)
        )
), moved AS (
    SELECT DISTINCT ON (m.id) m.id, m.line FROM same_number m
    WHERE NOT EXISTS (
        SELECT FROM listed o WHERE (o.exchange, o.underlying) = (m.exchange, m.underlying)
            AND (m.renamed OR o.expiry = m.expiry)
    )
    ORDER BY m.id, m.line
)
UPDATE master_stage s SET instrument_id = moved.id, how = 'token' FROM moved WHERE s.line = moved.line
"""
# whether this file's facts replace the known ones: never those of a newer day
WINS = "(i.last_seen IS NULL OR i.last_seen < %(day)s OR (i.last_seen = %(day)s AND %(corrects)s))"
PAIRS = "FROM master_stage s JOIN markets_instrument i ON i.id = s.instrument_id WHERE s.how <> 'new'"
_FACTS = {
    "renamed": ("i.underlying", "s.underlying"),
    "expiry_shifted": ("i.expiry::text", "s.expiry::text"),
    "lot_changed": ("i.lot_size", "s.lot_size"),
    "tick_changed": ("i.tick_paise", "s.tick_paise"),
    "freeze_changed": ("i.freeze_qty", "s.freeze_qty"),
}
# kind of change: value before, value after, which pairs
CHANGES = {
    kind: (before, after, f"{WINS} AND {before} <> {after}") for kind, (before, after) in _FACTS.items()
}
CHANGED = " OR ".join(f"{before} <> {after}" for before, after, _ in CHANGES.values())
# another publisher told otherwise for the same day (freeze limits are stated by different rules)
DISAGREES = {
    f"disagrees {kind}": (before, after, f"i.last_seen = %(day)s AND NOT {WINS} AND {before} <> {after}")
    for kind, (before, after) in _FACTS.items()
    if kind in ("expiry_shifted", "lot_changed", "tick_changed")
}
UPDATE = f"""
UPDATE markets_instrument i SET
    underlying = CASE WHEN {WINS} THEN s.underlying ELSE i.underlying END,
    expiry = CASE WHEN {WINS} THEN s.expiry ELSE i.expiry END,
    symbol = CASE WHEN {WINS} AND s.how = 'token' THEN {SYMBOL} ELSE i.symbol END,
    lot_size = CASE WHEN {WINS} THEN coalesce(s.lot_size, i.lot_size) ELSE i.lot_size END,
    tick_paise = CASE WHEN {WINS} THEN coalesce(s.tick_paise, i.tick_paise) ELSE i.tick_paise END,
    freeze_qty = CASE WHEN {WINS} THEN coalesce(s.freeze_qty, i.freeze_qty)
        ELSE coalesce(i.freeze_qty, s.freeze_qty) END,
    exchange_token = CASE WHEN s.exchange_token <> '' AND ({WINS} OR i.exchange_token = '')
        THEN s.exchange_token ELSE i.exchange_token END,
    first_seen = least(i.first_seen, %(day)s), last_seen = greatest(i.last_seen, %(day)s)
FROM master_stage s WHERE s.instrument_id = i.id AND s.how <> 'new'
"""
INSERT = f"""
INSERT INTO markets_instrument (public_id, exchange, underlying, kind, expiry, strike_paise, lot_size,
    tick_paise, freeze_qty, symbol, exchange_token, first_seen, last_seen)
SELECT public_id, exchange, underlying, kind, expiry, strike_paise, coalesce(lot_size, 1),
    coalesce(tick_paise, 5), freeze_qty, {SYMBOL}, exchange_token, %(day)s, %(day)s
FROM master_stage s WHERE instrument_id IS NULL ON CONFLICT DO NOTHING RETURNING id, public_id
"""
ADD = f"""
WITH made AS ({INSERT})
UPDATE master_stage s SET instrument_id = made.id FROM made WHERE s.public_id = made.public_id
"""
GONE = """
FROM markets_instrument i WHERE i.expiry >= %(day)s AND i.last_seen >= %(before)s
    AND i.exchange IN (SELECT DISTINCT exchange FROM master_stage WHERE expiry IS NOT NULL)
    AND NOT EXISTS (SELECT FROM master_stage s WHERE s.instrument_id = i.id)
"""
"""Unexpired contracts the source's previous file may have listed, of the exchanges this one lists."""


@dataclass(frozen=True, slots=True)
class Merge:
    """`day` of the file; `before`, the day of the source's previous file; `corrects`, whether its facts
    replace those another file told for the same day.
    """

    day: date
    before: date | None
    corrects: bool

    @property
    def params(self) -> dict[str, Any]:
        """For the statements above."""
        return {"day": self.day, "before": self.before, "corrects": self.corrects}


@dataclass(slots=True)
class Merged:
    """What a merge did."""

    added: int
    changed: int
    unchanged: int
    gone: int
    counts: dict[str, int]
    diff: dict[str, list[dict[str, Any]]]


def merge(settings: Merge, tally: Tally) -> Merged:
    """Find or make the instrument of every staged row; the rows keep its id. Quarantines contracts whose lot
    nobody knows.
    """
    with connection.cursor() as cursor:
        cursor.execute(LISTED, settings.params | {"how": "key"})
        cursor.execute(MOVED, settings.params)
        _fill_lots(cursor, tally)
        changed, counts, diff = _differences(cursor, settings)
        gone = _gone(cursor, settings, counts, diff)
        cursor.execute(UPDATE, settings.params)
        known = cursor.rowcount
        cursor.execute(ADD, settings.params)
        added = cursor.rowcount
        if added > MANY:
            cursor.execute("ANALYZE markets_instrument")
        # what somebody else listed since the first look
        cursor.execute(LISTED, settings.params | {"how": "new"})
        known += cursor.rowcount
    return Merged(added, changed, known - changed, gone, counts, diff)


def _fill_lots(cursor: Any, tally: Tally) -> None:
    """Contracts that are new and come without a lot get it from the dated facts, or are quarantined."""
    missing = "instrument_id IS NULL AND lot_size IS NULL AND expiry IS NOT NULL"
    cursor.execute(f"SELECT DISTINCT underlying, expiry FROM master_stage WHERE {missing}")
    for underlying, expiry in cursor.fetchall():
        try:
            lot = contract_facts().lot_size(underlying, expiry)
        except UserError:
            continue
        cursor.execute(
            f"UPDATE master_stage SET lot_size = %s WHERE {missing} AND underlying = %s AND expiry = %s",
            [lot, underlying, expiry],
        )
    unknown = "'lot_unknown', 'neither the file nor the dated facts tell the lot', symbol"
    quarantine(cursor, tally, f"DELETE FROM master_stage WHERE {missing} RETURNING line, {unknown}")


def _differences(cursor: Any, settings: Merge) -> tuple[int, dict[str, int], dict[str, list[dict[str, Any]]]]:
    """How many known instruments change; the changes counted by kind, and the first of each."""
    kinds = [*CHANGES, *DISAGREES]
    filters = [f"count(*) FILTER (WHERE {where})" for *_, where in (CHANGES | DISAGREES).values()]
    changed = f"count(*) FILTER (WHERE {WINS} AND ({CHANGED}))"
    cursor.execute(f"SELECT {changed}, {', '.join(filters)} {PAIRS}", settings.params)
    total, *numbers = cursor.fetchone()
    counts: Counter[str] = Counter()
    diff: dict[str, list[dict[str, Any]]] = {}
    for kind, number in zip(kinds, numbers, strict=True):
        if number:
            before, after, where = (CHANGES | DISAGREES)[kind]
            found = _examples(cursor, f"i.symbol, {before}, {after} {PAIRS} AND {where}", settings)
            name = kind.partition(" ")[0]
            counts[name] += number
            diff[name] = [*diff.get(name, []), *found][:EXAMPLES]
    return total, dict(counts), diff


def _gone(cursor: Any, settings: Merge, counts: dict[str, int], diff: dict[str, list[dict[str, Any]]]) -> int:
    if settings.before is None or settings.before >= settings.day:
        return 0
    cursor.execute(f"SELECT count(*) {GONE}", settings.params)
    count: int = cursor.fetchone()[0]
    if count:
        counts["gone"] = count
        diff["gone"] = _examples(cursor, f"i.symbol, i.last_seen::text, NULL {GONE}", settings)
    return count


def _examples(cursor: Any, selection: str, settings: Merge) -> list[dict[str, Any]]:
    """The first differences; `selection` names instrument, before and after."""
    cursor.execute(f"SELECT {selection} ORDER BY 1, 2 LIMIT {EXAMPLES}", settings.params)
    return [{"instrument": name, "before": old, "after": new} for name, old, new in cursor]

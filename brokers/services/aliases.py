"""What a broker calls the instruments of its master."""

from __future__ import annotations

from datetime import date

from django.db import connection

# The stage of the import (`markets.master.staging`): every row has its instrument. A name of a newer master
# stays. Names of contracts that are no longer listed are left: reports of old trades still use them.
STAGED = """
SELECT DISTINCT ON (s.instrument_id) s.instrument_id, s.segment, s.symbol, s.token, s.freeze_qty,
    coalesce(s.lot_size, i.lot_size) AS lot_size, coalesce(s.tick_paise, i.tick_paise) AS tick_paise
FROM master_stage s JOIN markets_instrument i ON i.id = s.instrument_id
WHERE s.token <> '' ORDER BY s.instrument_id, s.line
"""
CHANGED = f"""
SELECT count(*) FROM ({STAGED}) s JOIN brokers_instrumentalias a
    ON a.broker = %(broker)s AND a.instrument_id = s.instrument_id
WHERE a.seen_on <= %(day)s AND (a.exchange, a.symbol, a.token) <> (s.segment, s.symbol, s.token)
"""  # noqa: S608 - put together from constants of this module
UPSERT = f"""
WITH written AS (
    INSERT INTO brokers_instrumentalias
        (broker, instrument_id, exchange, symbol, token, lot_size, tick_paise, freeze_qty, seen_on)
    SELECT %(broker)s, instrument_id, segment, symbol, token, lot_size, tick_paise, freeze_qty, %(day)s
    FROM ({STAGED}) s
    ON CONFLICT (broker, instrument_id) DO UPDATE SET
        exchange = excluded.exchange, symbol = excluded.symbol, token = excluded.token,
        lot_size = excluded.lot_size, tick_paise = excluded.tick_paise, freeze_qty = excluded.freeze_qty,
        seen_on = excluded.seen_on
    WHERE brokers_instrumentalias.seen_on <= excluded.seen_on
    RETURNING xmax = 0 AS added
)
SELECT count(*) FILTER (WHERE added) FROM written
"""  # noqa: S608


def aliases_upsert(*, broker: str, day: date) -> dict[str, int]:
    """Give every instrument of the master being imported the broker's symbol, token and limits of `day`.

    Runs inside the import's transaction. Returns how many names are new and how many changed.
    """
    counts = {}
    with connection.cursor() as cursor:
        for what, statement in (("aliases_changed", CHANGED), ("aliases_added", UPSERT)):
            cursor.execute(statement, {"broker": broker, "day": day})
            (counts[what],) = cursor.fetchone()
    return {what: count for what, count in counts.items() if count}

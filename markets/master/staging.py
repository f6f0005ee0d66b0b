"""The temporary table a master is streamed into before anything of it touches the instruments.

`master_stage` lives in the import's transaction. Columns: those of `MasterRow`, `public_id` (for an
instrument that has to be made), `instrument_id` (the instrument of the line) and `how` it was found: `key`
(same contract), `token` (same exchange number: a renamed contract or one with a shifted expiry) or `new`.
"""

# ruff: noqa: S608 - the statements are put together from constants of this module

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import partial
from typing import Any

from django.db import connection

from markets.master.checks import fault
from markets.master.rows import Bad, MasterRow, Outcome, Skip
from markets.master.tally import Tally
from qlplatform.core.ids import new_id

CREATE = """
DROP TABLE IF EXISTS pg_temp.master_stage;
CREATE TEMPORARY TABLE master_stage (
    line integer NOT NULL, exchange text NOT NULL, underlying text NOT NULL, kind text NOT NULL, expiry date,
    strike_paise bigint, lot_size integer, tick_paise integer, freeze_qty integer,
    exchange_token text NOT NULL, symbol text NOT NULL, token text NOT NULL, segment text NOT NULL,
    name text NOT NULL, public_id text NOT NULL, instrument_id bigint, how text NOT NULL DEFAULT 'new'
) ON COMMIT DROP
"""
COPY = f"COPY pg_temp.master_stage ({', '.join((*MasterRow._fields, 'public_id'))}) FROM STDIN"
KEY = (
    "{0}.exchange, {0}.underlying, {0}.kind, coalesce({0}.expiry, 'infinity'), coalesce({0}.strike_paise, -1)"
)
# an exchange's numbers are unique within
GROUP = "CASE WHEN {0}.kind IN ('INDEX', 'EQ') THEN {0}.kind ELSE 'derivative' END"
DESCRIBED = "concat_ws(' ', s.exchange, s.underlying, s.kind, s.expiry, s.strike_paise, s.symbol, s.token)"

# the same contract again with the same facts: the first line counts
REPEATED = f"""
DELETE FROM master_stage s USING (
    SELECT line AS again, row_number() OVER (
        PARTITION BY {KEY.format("t")}, lot_size, tick_paise, exchange_token ORDER BY line
    ) AS nth FROM master_stage t
) twice WHERE s.line = again AND nth > 1
RETURNING s.line, 'duplicate_key', 'the same contract stands on an earlier line', {DESCRIBED}
"""
# the same contract with other facts, or one exchange number for two contracts: nobody knows which is right
CONTRADICTING = f"""
DELETE FROM master_stage s USING (
    SELECT {KEY.format("t")} FROM master_stage t GROUP BY {KEY.format("t")} HAVING count(*) > 1
) AS twice (a, b, c, d, e)
WHERE ({KEY.format("s")}) = (a, b, c, d, e)
RETURNING s.line, 'contradicting_key', 'the contract stands in the file again, with other facts', {DESCRIBED}
"""
SHARED_TOKEN = f"""
DELETE FROM master_stage s USING (
    SELECT exchange, {GROUP.format("t")}, exchange_token FROM master_stage t WHERE exchange_token <> ''
    GROUP BY 1, 2, 3 HAVING count(*) > 1
) AS shared (a, b, c)
WHERE (s.exchange, {GROUP.format("s")}, s.exchange_token) = (a, b, c)
RETURNING s.line, 'duplicate_token', 'the file gives this number to several contracts', {DESCRIBED}
"""


def stage(rows: Iterable[Outcome], day: date, tally: Tally) -> None:
    """Stream the rows into a fresh `master_stage`, where only usable ones stay; memory does not grow."""
    make_id = partial(new_id, "ins")
    with connection.cursor() as cursor:
        cursor.execute(CREATE)
        with cursor.copy(COPY) as copy:
            for row in rows:
                if isinstance(row, Skip):
                    tally.skip(row)
                elif bad := row if isinstance(row, Bad) else fault(row, day):
                    tally.quarantine(bad)
                else:
                    tally.used += 1
                    copy.write_row((*row, make_id()))
        cursor.execute("ANALYZE master_stage")
        for check in (REPEATED, CONTRADICTING, SHARED_TOKEN):
            quarantine(cursor, tally, check)


def quarantine(cursor: Any, tally: Tally, deleting: str, params: Any = None) -> None:
    """Take rows out of the stage again: `deleting` returns line, code, reason and description."""
    cursor.execute(deleting, params)
    for found in cursor:
        tally.used -= 1
        tally.quarantine(Bad(*found))

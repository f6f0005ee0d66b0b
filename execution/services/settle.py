"""Is everything that a price event set off done? One query; every step of the order path is atomic, so
nothing hides.
"""

from __future__ import annotations

from collections.abc import Collection

from django.db import connection

_OUTSTANDING = """
SELECT (SELECT count(*) FROM execution_order o
        JOIN execution_intent i ON i.id = o.intent_id JOIN execution_run r ON r.id = i.run_id
        WHERE r.market_id = %(market)s AND (o.state IN ('NEW', 'SENDING', 'UNKNOWN')
              OR (o.cancel_wanted AND o.state IN ('ACCEPTED', 'OPEN', 'PARTIAL')))),
       (SELECT count(*) FROM brokers_report p WHERE p.applied_at IS NULL
              AND p.account_id IN (SELECT id FROM brokers_brokeraccount WHERE market_id = %(market)s)),
       (SELECT count(*) FROM execution_run r
        WHERE r.market_id = %(market)s AND r.event_seq > r.event_done)
"""
_NAMES = ("orders to send", "reports to apply", "events to hear")


def outstanding(market_id: int) -> dict[str, int]:
    """What is still under way in a market, by kind; empty when it has settled."""
    with connection.cursor() as cursor:
        cursor.execute(_OUTSTANDING, {"market": market_id})
        counts: Collection[int] = cursor.fetchone() or ()
    return {name: count for name, count in zip(_NAMES, counts, strict=True) if count}

"""The simulated exchange as a broker, in figures."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from django.conf import settings

from brokers.gateway import Capabilities

# It commits before it answers and drops an order whose turn comes after the sender's time-out, so a short
# settle time (the longest a commit that began in time may take) and quick repeated reads prove absence.
PAPER: Final = Capabilities(
    broker="paper",
    send_timeout_s=2.0,
    settle_s=1.0,
    read_gap_s=0.2,
    reads=2,
    tag_max_len=20,
    orders_per_second=10,
)


def paper_capabilities() -> Capabilities:
    """The row in force. QL_PAPER_TIMES replaces its times (s): send time-out, settle, gap of reads."""
    times = getattr(settings, "QL_PAPER_TIMES", None)
    if not times:
        return PAPER
    send, settle, gap = times
    return replace(PAPER, send_timeout_s=send, settle_s=settle, read_gap_s=gap)

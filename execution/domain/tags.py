"""The tag that travels with an order to the broker and back."""

from __future__ import annotations

import base64
import hashlib


def order_tag(*, run_ref: str, order_ref: str, slice_no: int) -> str:
    """A deterministic tag of 17 characters (brokers allow 20) from (run, order_ref, slice).

    `order_ref` holds cycle, leg, purpose and attempt, so the same wish always gets the same tag; a resend
    after proven absence keeps it, a new attempt after a terminal outcome gets another.
    """
    digest = hashlib.blake2s(f"{run_ref}|{order_ref}|{slice_no}".encode(), digest_size=10).digest()
    return "Q" + base64.b32encode(digest).decode()

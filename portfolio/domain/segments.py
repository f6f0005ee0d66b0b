"""Which table of charges an instrument falls under."""

from __future__ import annotations

from typing import Final

SEGMENTS: Final = {"CE": "INDEX_OPT", "PE": "INDEX_OPT", "FUT": "INDEX_FUT"}


def charge_segment(kind: str) -> str:
    """The charge segment of an instrument kind (CE, PE, FUT). Raises KeyError for what cannot be traded."""
    return SEGMENTS[kind]

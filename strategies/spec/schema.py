"""The published JSON Schema (2020-12) of the specification."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any, Final, cast

SCHEMA_PATH: Final = Path(__file__).with_name("schema.json")


@cache
def spec_schema() -> dict[str, Any]:
    """The schema document. It describes the shape; the rules between fields are in `rules.py`."""
    return cast(dict[str, Any], json.loads(SCHEMA_PATH.read_text("utf-8")))

"""Reference data that may not ship with the project: real captures, in a folder the environment names.

`QL_REFERENCE_DATA` names the folder; without it the tests that need it are skipped and say so.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

VARIABLE = "QL_REFERENCE_DATA"


def reference(*parts: str) -> Path:
    """The file or folder below the reference folder; skips the test when it is not there."""
    root = os.environ.get(VARIABLE)
    if not root:
        pytest.skip(f"needs the reference data; set {VARIABLE} to their folder")
    path = Path(root).joinpath(*parts)
    if not path.exists():
        pytest.skip(f"the reference data have no {'/'.join(parts)}")
    return path

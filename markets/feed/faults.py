"""What was wrong with the data of live prices, until PostgreSQL has it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import orjson

from markets.feed.gate import Gate
from markets.services.health import Fault, faults_record

Name = tuple[str, str]


class FaultBook:
    """Counts by source and code. The loop adds and takes; `write` belongs to one other thread, which keeps
    what PostgreSQL did not take.
    """

    def __init__(self) -> None:
        self._new: Counter[Name] = Counter()
        self._examples: dict[Name, str] = {}
        self._unwritten: Counter[Name] = Counter()
        self._last: dict[Name, str] = {}

    def add(self, source: str, counts: Mapping[str, int]) -> None:
        """So many of each code."""
        self._new.update({(source, code): count for code, count in counts.items()})

    def empty_gate(self, source: str, gate: Gate) -> None:
        """What a gate has counted since the last time."""
        self.add(source, gate.faults)
        self._examples |= {
            (source, code): orjson.dumps(tick).decode() for code, tick in gate.examples.items()
        }
        gate.faults.clear()
        gate.examples.clear()

    def take(self) -> list[Fault]:
        """Everything that is new, to be handed to `write`."""
        faults = [Fault(*name, count, self._examples.get(name, "")) for name, count in self._new.items()]
        self._new.clear()
        self._examples.clear()
        return faults

    def write(self, faults: list[Fault]) -> None:
        """Add to PostgreSQL's counts, together with what it did not take before. Raises DatabaseError."""
        for fault in faults:
            self._unwritten[fault.source, fault.code] += fault.count
            self._last[fault.source, fault.code] = fault.example
        faults_record(faults=[Fault(*name, n, self._last[name]) for name, n in self._unwritten.items()])
        self._unwritten.clear()
        self._last.clear()

"""What became of the lines of a file: counted all, the unusable ones kept up to a limit."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from markets.master.rows import Bad, MasterUnreadable, Skip

KEPT = 1000  # quarantined rows stored; all are counted
TOLERATED = 20  # unusable rows that no file is refused for ...
TOLERATED_SHARE = 0.05  # ... nor up to this share of it


@dataclass(slots=True)
class Tally:
    """Lines read, used, skipped (by reason) and quarantined (by code)."""

    used: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    bad: Counter[str] = field(default_factory=Counter)
    kept: list[Bad] = field(default_factory=list)

    @property
    def rows(self) -> int:
        """Lines that hold something."""
        return self.used + self.skipped.total() + self.bad.total()

    def skip(self, line: Skip) -> None:
        """One more line that is of no use here."""
        self.skipped[line.why] += 1

    def quarantine(self, line: Bad) -> None:
        """One more line that cannot be used."""
        self.bad[line.code] += 1
        if len(self.kept) < KEPT:
            self.kept.append(line)

    def judge(self) -> None:
        """Raises MasterUnreadable when the file as a whole cannot be trusted."""
        unusable = self.bad.total()
        meant = self.used + unusable
        if not self.used:
            raise MasterUnreadable(f"The file has no usable row: nothing was imported.{self._worst()}")
        if unusable > self.used or unusable > max(TOLERATED, TOLERATED_SHARE * meant):
            text = f"{unusable} of {meant} rows cannot be used: nothing was imported."
            raise MasterUnreadable(text + self._worst())

    def _worst(self) -> str:
        if not self.bad:
            return ""
        code, count = self.bad.most_common(1)[0]
        example = next((bad for bad in self.kept if bad.code == code), None)
        seen = f", for example line {example.line}: {example.reason}" if example else ""
        return f" Most often: {code} ({count}){seen}."

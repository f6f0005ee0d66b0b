"""Which strikes are shown: those around the money."""

from __future__ import annotations


def around(atm: int | None, count: int, each_side: int | None) -> slice:
    """The places of `each_side` strikes on either side of the money, all for None. Without a forward
    there is no money: the middle of the chain is taken.
    """
    if each_side is None:
        return slice(0, count)
    middle = count // 2 if atm is None else atm
    return slice(max(middle - each_side, 0), min(middle + each_side + 1, count))

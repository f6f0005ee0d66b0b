"""Recorded sessions of one's own from captured files.

names.py      what a file's name tells: day, time, expiry
inputs.py     files, packed ones and members of zips
page.py       the option-chain page of the exchange as CSV
chain.py      snapshots of a chain, calls and puts side by side
reading.py    which layout a file has
rows.py       option rows as a set holds them
units.py      units or contracts? the figures tell
spot.py       the index beside a chain
index.py      the index of a set
checking.py   what a session can use
writing.py    a set on disk, all or nothing
run.py        the import itself
"""

from markets.session_import.run import session_import

__all__ = ["session_import"]

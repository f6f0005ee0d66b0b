"""Live prices: from what sources deliver to what engines, screens, candles and recordings read.

ticks.py      a batch of ticks as arrays, the one form all sources deliver
universe.py   which instruments there are, and what each source calls them
gate.py       what is wrong with a batch: counted, and kept out
board.py      the newest state of every instrument; makes the snapshots
silence.py    a source that has gone quiet; instruments whose price is old
failover.py   which of several sources leads
sources.py    what a source is; recorded frames as one
live.py       the loop that puts them together
opening.py    the loop of a day, set up from the database
role.py       the thread it runs in, in role `feed`
"""

"""Playing recorded sessions.

player.py   one replay: the clock moves, the venue matches, runs open, prices go out, until all has settled
feed.py     role `feed`: plays every replay side by side, each at its own speed
tool.py     one session in one process, as fast as it can (command replay_session, benches, tests)
report.py   what such a session came to, as JSON
acks.py     engines acknowledge what they have evaluated; a replay waits for them
"""

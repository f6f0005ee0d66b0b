"""Playing recorded sessions.

player.py   one replay: advance the clock, match at the venue, open due runs, publish, wait until all has
settled feed.py     role `feed`: plays every replay side by side, at the speed each asks for tool.py     one
session in one process, as fast as it can (management command replay_session, benches, tests)
"""

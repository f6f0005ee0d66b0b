"""Recording of live sessions: what was once quoted cannot be bought later.

recorder.py   listens to the live feed: a bar a minute of every instrument, the chain twice a minute
parts.py      the files of a day that is being recorded, each written once
closing.py    a finished day becomes a session set and candles
disk.py       whether there is room
"""

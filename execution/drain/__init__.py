"""The order path from a committed order to the broker and back (worker side).

lease.py    who may send the orders of a shard, fenced by an epoch
ledger.py   every database step of the drain, each one short transaction
sender.py   one order to one gateway, and what its answer means
resolve.py  orders whose outcome is unknown: look up by tag, resend only the proven absent
drain.py    the loop that does all of it for a lane of shards
keeper.py   the thread in a worker process that keeps lanes drained; a Celery message only wakes it
"""

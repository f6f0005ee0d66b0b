"""One owner per shard, fenced by an epoch; a frozen owner may not send."""

from __future__ import annotations

import os
import socket
import subprocess
import sys

import pytest
from django.db import connection

from execution.drain import lease as leases
from execution.drain.lease import Lease, dead_owners
from execution.models import ShardLease
from execution.seeding import seed_execution


@pytest.fixture(autouse=True)
def shards(db: None) -> None:
    seed_execution()


def run_out(shard: int) -> None:
    """Let a lease run out."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE execution_shardlease SET until = now() - interval '1 second' WHERE shard = %s", [shard]
        )


def test_a_free_shard_is_taken_once() -> None:
    one, other = Lease(), Lease()

    assert sorted(one.take([3, 4])) == [3, 4]
    assert other.take([3, 4, 5]) == [5]
    assert (one.shards, other.shards) == ([3, 4], [5])


def test_every_taking_raises_the_epoch() -> None:
    one, other = Lease(), Lease()
    one.take([3])
    run_out(3)
    other.take([3])

    assert (one.epochs[3], other.epochs[3]) == (1, 2)
    assert ShardLease.objects.get(pk=3).owner == other.owner


def test_a_lost_shard_is_forgotten_at_the_next_renewal() -> None:
    one, other = Lease(), Lease()
    one.take([3, 4])
    run_out(3)
    other.take([3])

    one.renew()

    assert one.shards == [4]
    assert not one.may_send(3, 1)
    assert one.may_send(4, 1)


def test_a_lease_that_ran_out_and_was_not_taken_goes_on() -> None:
    one = Lease()
    one.take([3])
    run_out(3)

    one.renew()

    assert (one.shards, one.epochs[3]) == ([3], 1)


def test_a_frozen_owner_may_not_send(monkeypatch: pytest.MonkeyPatch) -> None:
    one = Lease()
    one.take([3])
    assert one.may_send(3, 1)

    monkeypatch.setattr(leases.time, "monotonic", lambda: one.sure_until)

    assert not one.may_send(3, 1)


def test_only_the_epoch_an_order_was_claimed_in_may_send_it() -> None:
    one = Lease()
    one.take([3])

    assert not one.may_send(3, 0)
    assert not one.may_send(4, 1)


def test_taking_one_more_shard_makes_the_held_ones_no_surer() -> None:
    one = Lease()
    one.take([3])
    sure_until = one.sure_until

    one.take([4])

    assert one.sure_until == sure_until


def test_release_gives_everything_back_at_once() -> None:
    one, other = Lease(), Lease()
    one.take([3, 4])

    one.release()

    assert not one.may_send(3, 1)
    assert sorted(other.take([3, 4])) == [3, 4]


def test_shards_of_a_process_that_is_gone_are_taken_at_once() -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    Lease(owner=f"{socket.gethostname()}:{gone.pid}:abc").take([3])

    assert dead_owners() == [f"{socket.gethostname()}:{gone.pid}:abc"]
    assert Lease().take([3]) == [3]


def test_an_owner_that_lives_or_is_elsewhere_is_not_dead() -> None:
    Lease().take([3])
    Lease(owner=f"elsewhere:{os.getpid()}:abc").take([4])

    assert dead_owners() == []
    assert Lease().take([3, 4]) == []

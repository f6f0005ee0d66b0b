from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import DatabaseError, connection, transaction

from qlplatform.core.errors import Conflict, NotEntitled
from qlplatform.core.models import AuditEntry, OutboxEvent, Workspace
from strategies.models import Strategy, StrategyVersion
from strategies.selectors import strategies, versions
from strategies.services import strategy_create, strategy_revise
from strategies.spec import SpecInvalid, parse_spec, spec_hash
from tests.factories import ledger
from tests.factories.specs import straddle


@pytest.fixture
def workspace(db: None) -> Workspace:
    return ledger.workspace()


@pytest.fixture
def strategy(workspace: Workspace) -> Strategy:
    return strategy_create(workspace=workspace, spec=straddle(), by=ledger.actor(workspace))


def test_a_new_strategy_has_its_first_version_with_every_default_written_out(strategy: Strategy) -> None:
    stored = StrategyVersion.objects.get()

    assert strategy.latest == stored
    assert (strategy.name, stored.number, stored.created_by) == ("0920 straddle", 1, "owner@example.test")
    assert stored.spec["square_off"] == "PARTIAL"
    assert stored.spec_hash == spec_hash(parse_spec(straddle()))
    assert parse_spec(stored.spec) == parse_spec(straddle())


def test_creating_is_audited_and_told(strategy: Strategy) -> None:
    assert AuditEntry.objects.get(action="strategy.created").target_id == strategy.public_id
    assert OutboxEvent.objects.get(type="strategy.created").data == {
        "strategy": strategy.public_id,
        "name": "0920 straddle",
        "version": 1,
    }


def test_a_changed_spec_makes_the_next_version_and_leaves_the_first(
    strategy: Strategy, workspace: Workspace
) -> None:
    version = strategy_revise(
        strategy=strategy, spec=straddle(name="Later", entry_time="09:30"), by=ledger.actor(workspace)
    )

    strategy.refresh_from_db()
    assert (version.number, strategy.latest, strategy.name) == (2, version, "Later")
    assert [v.number for v in versions(strategy)] == [2, 1]
    assert versions(strategy)[1].spec["entry_time"] == "09:20"


def test_a_spec_that_means_the_same_makes_no_version(strategy: Strategy, workspace: Workspace) -> None:
    same = straddle(entry_time="09:20:00", square_off="PARTIAL")

    assert strategy_revise(strategy=strategy, spec=same, by=ledger.actor(workspace)) == strategy.latest
    assert StrategyVersion.objects.count() == 1


def test_a_bad_spec_leaves_everything_as_it_was(strategy: Strategy, workspace: Workspace) -> None:
    by = ledger.actor(workspace)
    with pytest.raises(SpecInvalid):
        strategy_revise(strategy=strategy, spec=straddle(exit_time="09:00"), by=by)
    with pytest.raises(SpecInvalid):
        strategy_create(workspace=workspace, spec=straddle(legs=[]), by=by)

    assert Strategy.objects.count() == StrategyVersion.objects.count() == 1


def test_an_archived_strategy_gets_no_new_version(strategy: Strategy, workspace: Workspace) -> None:
    Strategy.objects.filter(pk=strategy.pk).update(archived_at=ledger.AT)

    with pytest.raises(Conflict):
        strategy_revise(strategy=strategy, spec=straddle(entry_time="10:00"), by=ledger.actor(workspace))


def test_a_client_ref_is_taken_once_in_a_workspace(workspace: Workspace) -> None:
    by = ledger.actor(workspace)
    strategy_create(workspace=workspace, spec=straddle(), by=by, client_ref="mine")

    with pytest.raises(Conflict) as refusal:
        strategy_create(workspace=workspace, spec=straddle(), by=by, client_ref="mine")

    assert refusal.value.code == "client_ref_taken"
    other = ledger.workspace()
    strategy_create(workspace=other, spec=straddle(), by=ledger.actor(other), client_ref="mine")
    assert Strategy.objects.filter(client_ref="mine").count() == 2


@pytest.mark.parametrize("role", ["viewer", "risk"])
def test_only_those_who_trade_may_write_strategies(
    strategy: Strategy, workspace: Workspace, role: str
) -> None:
    with pytest.raises(NotEntitled):
        strategy_create(workspace=workspace, spec=straddle(), by=ledger.actor(workspace, role))
    with pytest.raises(NotEntitled):
        strategy_revise(strategy=strategy, spec=straddle(name="X"), by=ledger.actor(workspace, role))


def test_strategies_of_others_and_archived_ones_are_not_listed(
    strategy: Strategy, workspace: Workspace
) -> None:
    actor = ledger.actor(workspace)
    assert list(strategies(actor)) == [strategy]
    assert list(strategies(ledger.actor(ledger.workspace()))) == []

    Strategy.objects.filter(pk=strategy.pk).update(archived_at=ledger.AT)
    assert list(strategies(actor)) == []
    assert list(strategies(actor, archived=True)) == [strategy]


@pytest.mark.parametrize(
    "change",
    [
        "SET spec = '{}'",
        "SET spec_hash = 'x'",
        "SET number = 9",
        "SET created_by = 'x'",
        "SET strategy_id = 0",
    ],
)
def test_the_database_refuses_to_change_a_version(strategy: Strategy, change: str) -> None:
    with pytest.raises(DatabaseError, match="immutable versions"), transaction.atomic():
        connection.cursor().execute(f"UPDATE strategies_strategyversion {change}")  # noqa: S608  fixed texts


def test_the_database_refuses_to_remove_a_version(strategy: Strategy) -> None:
    with pytest.raises(DatabaseError, match="immutable versions"), transaction.atomic():
        StrategyVersion.objects.all()._raw_delete(using="default")

    assert StrategyVersion.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_racing_revisions_get_numbers_of_their_own() -> None:
    workspace = ledger.workspace()
    by = ledger.actor(workspace)
    strategy = strategy_create(workspace=workspace, spec=straddle(), by=by)

    def revise(minute: int) -> int:
        try:
            spec = straddle(entry_time=f"10:{minute:02d}")
            return strategy_revise(strategy=strategy, spec=spec, by=by).number
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        assert sorted(threads.map(revise, range(4))) == [2, 3, 4, 5]

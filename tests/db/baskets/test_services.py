from __future__ import annotations

import pytest

from baskets.models import Basket, BasketMember
from baskets.selectors import baskets
from baskets.services import basket_create, basket_member_add, basket_member_remove
from qlplatform.core.errors import Conflict, NotEntitled, UserError
from qlplatform.core.models import AuditEntry, Workspace
from strategies.models import Strategy
from strategies.services import strategy_create
from tests.factories import ledger
from tests.factories.specs import straddle


@pytest.fixture
def workspace(db: None) -> Workspace:
    return ledger.workspace()


@pytest.fixture
def strategy(workspace: Workspace) -> Strategy:
    return strategy_create(workspace=workspace, spec=straddle(), by=ledger.actor(workspace))


@pytest.fixture
def basket(workspace: Workspace) -> Basket:
    return basket_create(
        workspace=workspace, name="Weekly income", by=ledger.actor(workspace), capital_paise=500
    )


def test_a_basket_keeps_what_it_was_made_with(basket: Basket) -> None:
    assert (basket.name, basket.capital_paise) == ("Weekly income", 500)
    assert AuditEntry.objects.get(action="basket.created").target_id == basket.public_id


@pytest.mark.parametrize(
    ("name", "capital_paise", "code"),
    [("  ", 0, "bad_name"), ("x" * 81, 0, "bad_name"), ("A", -1, "bad_capital")],
)
def test_a_bad_basket_is_refused(workspace: Workspace, name: str, capital_paise: int, code: str) -> None:
    with pytest.raises(UserError) as refusal:
        basket_create(workspace=workspace, name=name, by=ledger.actor(workspace), capital_paise=capital_paise)

    assert refusal.value.code == code
    assert not Basket.objects.exists()


def test_a_name_is_taken_once_in_a_workspace(basket: Basket, workspace: Workspace) -> None:
    with pytest.raises(Conflict):
        basket_create(workspace=workspace, name=" Weekly income ", by=ledger.actor(workspace))

    other = ledger.workspace()
    assert basket_create(workspace=other, name="Weekly income", by=ledger.actor(other)).pk


def test_adding_again_changes_the_multiplier(
    basket: Basket, strategy: Strategy, workspace: Workspace
) -> None:
    by = ledger.actor(workspace)
    basket_member_add(basket=basket, strategy=strategy, by=by)
    basket_member_add(basket=basket, strategy=strategy, by=by, multiplier=3)

    assert BasketMember.objects.get().multiplier == 3
    entry = AuditEntry.objects.filter(action="basket.member_set").latest("pk")
    assert entry.before == {"multiplier": 1}


@pytest.mark.parametrize("multiplier", [0, -1, 1001])
def test_a_bad_multiplier_is_refused(
    basket: Basket, strategy: Strategy, workspace: Workspace, multiplier: int
) -> None:
    with pytest.raises(UserError, match="multiplier"):
        basket_member_add(basket=basket, strategy=strategy, by=ledger.actor(workspace), multiplier=multiplier)

    assert not BasketMember.objects.exists()


def test_strategies_of_another_workspace_stay_out(basket: Basket, workspace: Workspace) -> None:
    other = ledger.workspace()
    foreign = strategy_create(workspace=other, spec=straddle(), by=ledger.actor(other))

    with pytest.raises(UserError, match="same workspace"):
        basket_member_add(basket=basket, strategy=foreign, by=ledger.actor(workspace))


def test_taking_out_is_audited_once(basket: Basket, strategy: Strategy, workspace: Workspace) -> None:
    by = ledger.actor(workspace)
    basket_member_add(basket=basket, strategy=strategy, by=by)
    basket_member_remove(basket=basket, strategy=strategy, by=by)
    basket_member_remove(basket=basket, strategy=strategy, by=by)

    assert not basket.members.exists()
    assert AuditEntry.objects.filter(action="basket.member_removed").count() == 1


def test_archived_strategies_cannot_join(basket: Basket, strategy: Strategy, workspace: Workspace) -> None:
    strategy.archived_at = ledger.AT

    with pytest.raises(Conflict):
        basket_member_add(basket=basket, strategy=strategy, by=ledger.actor(workspace))


def test_viewers_change_nothing(basket: Basket, strategy: Strategy, workspace: Workspace) -> None:
    viewer = ledger.actor(workspace, "viewer")
    with pytest.raises(NotEntitled):
        basket_create(workspace=workspace, name="Other", by=viewer)
    with pytest.raises(NotEntitled):
        basket_member_add(basket=basket, strategy=strategy, by=viewer)
    with pytest.raises(NotEntitled):
        basket_member_remove(basket=basket, strategy=strategy, by=viewer)


def test_baskets_of_others_and_archived_ones_are_not_listed(basket: Basket, workspace: Workspace) -> None:
    assert list(baskets(ledger.actor(workspace))) == [basket]
    assert list(baskets(ledger.actor(ledger.workspace()))) == []

    Basket.objects.update(archived_at=ledger.AT)
    assert list(baskets(ledger.actor(workspace))) == []

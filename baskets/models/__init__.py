"""Groups of strategies."""

from baskets.models.basket import Basket, BasketMember

__all__ = ["Basket", "BasketMember"]

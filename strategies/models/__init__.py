"""Strategies and their immutable versions."""

from strategies.models.strategy import Strategy, StrategyVersion

__all__ = ["Strategy", "StrategyVersion"]

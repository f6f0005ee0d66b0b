"""The markets in the admin: what there is, the dated facts, imports and data health."""

from markets.admin import catalogue, facts, health, masters

__all__ = ["catalogue", "facts", "health", "masters"]

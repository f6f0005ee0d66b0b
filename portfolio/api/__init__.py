"""Positions, P&L and limits in the API."""

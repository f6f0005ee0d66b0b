"""Deployments, runs, orders, replays and the kill switch in the API."""

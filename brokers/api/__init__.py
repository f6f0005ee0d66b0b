"""Broker accounts in the API."""

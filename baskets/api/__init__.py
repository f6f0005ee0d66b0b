"""Baskets in the API."""

"""Strategies and their versions in the API."""

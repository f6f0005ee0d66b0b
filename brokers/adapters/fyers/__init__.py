"""Fyers."""

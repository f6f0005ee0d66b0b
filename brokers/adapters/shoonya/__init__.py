"""Finvasia Shoonya (Noren)."""

"""Instrument masters: reading the files of exchanges and brokers into rows of one form."""

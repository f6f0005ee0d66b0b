"""Brokers' instrument masters: what their parsers share, the list of the files, fetching them."""

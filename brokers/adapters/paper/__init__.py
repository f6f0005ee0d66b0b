"""Paper trading: an adapter like any other, whose broker is the simulated exchange."""

"""One package per broker, none knowing another; `brokers.registry` opens them."""

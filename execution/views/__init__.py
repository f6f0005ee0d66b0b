"""Pages of what runs: strategies, orders, the kill switch, replays."""

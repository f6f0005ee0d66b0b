"""Strategies: the specification language and the decision core that every venue shares."""

"""The pages of the market: option chains and data health."""

"""Prices, Greeks, implied volatility and what a set of legs may earn: pure numpy, rupees (points) and years.

`black76` and `spot` price, `implied` inverts, `conventions` and `forward` say on which assumptions, `payoff`,
`scenarios` and `probability` look at several legs together. Formulas, units and sources: docs/pricing.md.
"""

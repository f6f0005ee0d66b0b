"""The option chain of one expiry: prices used, implied volatilities, Greeks and figures; pure and vectorised.

Arrays of a chain have the shape [2, strikes]: row `CALL`, row `PUT`, strikes ascending.
"""

"""The virtual ledger.

Every account has a tree of books: the account's root book, below it (baskets and) deployments. A fill is
booked once, in the book of the deployment that caused it, and moves the position of that book and of every
book above it, so a leaf shows what one strategy holds and the root shows what the broker holds. Fills are
never changed; positions are their running sum.
"""

"""Which statements are about the same matter, found in the words themselves and kept until read.

terms.py      the words of an edition that could tell what it is about, and where they stand
weights.py    how much each tells; two editions compared; pure functions, like terms.py
"""

"""Find which statements are about the same matter, from their words.

terms.py         the words of an edition that could say what it is about, and their positions
weighting.py     how much each counts, and how similar two editions are; like terms.py, pure
term_vectors.py  the words that count most for each edition, stored as numbers
finder.py        similar editions, found through rare words, never by reading the whole archive
tasks.py         suggestions, stored for one edition at its approval or for all (`update_related`)
articles.py      the related articles of a page, out of what is stored

Only approved editions are read. Nothing here makes anything public: a page takes those stored
suggestions that are public at that instant. So a scheduled edition is compared like any other, and
changes nothing before its release: it only adds rows, and no weight, score or rank of another
edition depends on it.
"""

"""Which statements are about the same matter, found in the words themselves and kept until read.

terms.py      the words of an edition that could tell what it is about, and where they stand
weights.py    how much each tells; two editions compared; pure functions, like terms.py
gists.py      the most telling words of each edition, kept as numbers
finding.py    what is alike, through the rarest words and never by a walk through the archive
keeping.py    suggestions written, for one edition on its approval or for all by `update_related`

Only what was approved is read. Nothing here makes anything public: a page takes of what is kept
here the editions that are public when somebody reads it. So what waits for its time is found like
anything else, and changes nothing before its second: it adds rows of its own and moves no other's
weight, score or place.
"""

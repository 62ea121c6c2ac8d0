"""Statements by the hundred thousand, to measure with: plausible, and true to every rule.

words.py    headlines, summaries and paragraphs from a seed
pool.py     the bodies, people and themes that they belong to
rows.py     one statement as the rows that the verbs of `workflow` would have left
tables.py   rows straight into their tables
make.py     batches of them, into the database
"""

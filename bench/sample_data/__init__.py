"""Generate statements by the hundred thousand to measure with: plausible, and valid.

prose.py      headlines, summaries and paragraphs from a seed
entities.py   the organisations, people and themes that statements belong to
rows.py       one statement, as the rows that the transitions of `workflow` leave
make.py       batches of statements, written to the database
processes.py  batches in several processes

`python -m bench.fill N` writes them.
"""

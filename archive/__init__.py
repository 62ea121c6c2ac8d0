"""Moving in and out: years of statements, in an afternoon, and all of them out again.

reading/        1  a source, whatever its format -> rows as plain data, one at a time
formats.py         which reader reads which file
mapping.py         how a source's own names are to be understood
cleaning.py     2  the body of a row -> passages, and a list of what was dropped
books.py        3  names in it -> people, bodies and themes on the books, or new ones
planning.py     4  what becomes of each row: made, a new edition, left alone, refused
nearby.py, taking.py  pictures and files that lie beside it
apart.py           cleaning and indexing on every core, ahead of what waits for the database
importing.py    5  all of that, batch by batch
writing.py      6  plans written down as statements
report.py          row by row, for a spreadsheet
lot.py             what is brought in together, and its digest
agreeing.py        the second manager
uploads.py, background.py, newsdesk/  the same by hand: a page, and the worker’s part
old_addresses.py   where the old site's links lead
"""

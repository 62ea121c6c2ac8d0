"""A source of whatever format -> rows as plain data, one at a time: no database, flat memory.

row.py          what a reader yields: Row, Skipped, Refused
source.py       a file, a folder or a zip -> the files in it
decoding.py     bytes that say they are UTF-8, and are not always
times.py        dates in their many forms
fields.py       a record with names of its own -> Row
xml.py          a long XML file, item by item

csv_file.py  json_lines.py  wordpress.py …   one module a format
"""

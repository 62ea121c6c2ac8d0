"""Read a source of any format into rows as plain data, one at a time, without a database.

row.py          what a reader yields: Row, SkippedRow, RejectedRow
source.py       a file, a folder or a zip, to the files in it
decoding.py     bytes that claim to be UTF-8
times.py        dates in their many forms
fields.py       a record with its own field names, to a Row
xml.py          a long XML file, item by item

csv_file.py  json_lines.py  wordpress.py …   one module a format
"""

"""Read a source of any format into rows as plain data, one at a time, without a database.

row.py               what a reader yields: Row, SkippedRow, RejectedRow
source.py            a file, a folder or a zip, to the files in it
decoding.py          bytes that claim to be UTF-8

publicness.py        which words mean public, in every format
status_names.py        what a field says about publishing, by its name
status_fields.py       the fields of an item, to its status
source_status.py       the words of a status, and what they mean

times.py             dates in their many forms: clock_times.py, numeric_dates.py
paths_with_dates.py    days in file names, folders and addresses
page_dates.py          days of saved web pages

fields.py            a record with its own field names, to a Row
field_names.py         what field names usually mean
values.py              values, to texts and names; rich_text.py: blocks, to HTML
other_records.py       records of a dump that are people, labels or settings
unused_texts.py        long texts that no field took

xml.py               a long XML file, item by item; xml_values.py: an element, to a value
php_array.py         a PHP array, to values
json_documents.py    a JSON object, to its items: json_api.py, ghost.py, drupal.py, ninjs.py

csv_file.py  json_lines.py  php_export.py  wordpress.py  feeds.py  newsml.py  nitf.py  records.py
markdown.py  web_page.py (html_tree.py)  documents.py     one module a format
"""

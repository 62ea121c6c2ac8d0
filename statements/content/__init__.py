"""The content of a statement as plain data, without models and queries.

What content is, and how it is read and shown:

    schema.py                 the one table of fields; field_types.py, blocks.py, kinds.py
    reading.py                frozen content, and whether two contents say the same
    rendering.py              content -> HTML and plain text
    byline.py, quotation_marks.py, scripts.py, numbering.py  the parts of that
    tables.py                 tables as data, stored and shown
    diff.py                   two contents, word by word; bounded_matching.py
    languages.py, slugs.py, quote_excerpt.py

How words are cleaned that come in, in the order of a text:

    characters.py             any text: characters that nobody sees
    source_html.py            the HTML of any program -> plain tags
    word_lists.py, table_reading.py  lists of Word, and tables, on the way
    links.py                  addresses without detours
    html.py                   plain tags -> canonical blocks: `clean_blocks`
    html_blocks.py            paragraphs and lists that write themselves
"""

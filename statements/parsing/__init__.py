"""Parse text, Word documents and pasted HTML into a draft as plain data.

There is no database and no state, and no word is lost. Read in this order:

    draft.py                  what a parser returns: Draft, DraftPassage, and ParseError
    decoding.py               bytes -> text
    text.py                   text -> Draft: `parse_text`
    paragraphs.py             lines -> paragraphs
    furniture.py              lines around the words: dates, ENDS, Related Articles
    embargo.py                embargo lines and their times
    dates.py                  dates in a line of text
    passages.py               paragraphs -> passages, each by one voice
    attribution.py            "Dave Hill, President of the ADCS, said:" -> name, role, organisation
    quoted_paragraphs.py      which paragraphs are quotations
    outer_quotation_marks.py  a passage's blocks -> the same without the marks around them

    document.py               any file or paste -> Draft
    html_paragraphs.py        HTML -> paragraphs with links and emphasis: `parse_html`
    clipboard.py              clipboard content -> clean HTML
    docx.py                   .docx -> Draft, with the help of
    docx_subprocess.py          a separate process with little time and memory
    docx_package.py             limits and refusals before anything reads the document
    docx_extras.py              comments, tracked changes, notes, tables, pictures

Text that has no place in a draft is in `Draft.leftovers` with the reason; `Draft.messages` lists
every change.
"""

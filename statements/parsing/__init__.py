"""Parse text, documents, e-mails and pasted HTML into a draft as plain data.

There is no database and no state, and no word is lost. Read in this order:

    draft.py                  what a parser returns: Draft, DraftPassage, and ParseError
    decoding.py               bytes -> text
    text.py                   text -> Draft: `parse_text`
    paragraphs.py             lines -> paragraphs
    furniture.py              lines around the words: dates, ENDS, Related Articles
    embargo.py                embargo lines and their times
    dates.py, month_names.py  dates in a line of text
    headings.py               headings inside the words
    passages.py               paragraphs -> passages, each by one voice
    attribution.py            "Dave Hill, President of the ADCS, said:" -> name, role, organisation
    person_names.py             can words be the name of a person? In doubt, no
    roles.py                    "President of the ADCS" -> role, organisation
    name_shapes.py              person or organisation, where the shape of a name is enough
    quoted_paragraphs.py      which paragraphs are quotations
    outer_quotation_marks.py  a passage's blocks -> the same without the marks around them

    document.py               any file or paste -> Draft
    html_paragraphs.py        HTML -> paragraphs with links and emphasis: `parse_html`
    plain_text.py             text with broken lines -> blocks
    document_formats.py       the first bytes -> the format, or a refusal
    conversion.py             a document -> HTML and messages, by a separate process:
    document_subprocess.py      little time and memory, and one converter for each format
    wording.py                the messages that several converters write
    zip_package.py            zipped documents within limits
    docx.py                   .docx -> Draft
    docx_conversion.py          .docx -> HTML
    docx_xml.py                 its XML
    docx_extras.py              comments, tracked changes, notes, tables, pictures
    docx_runs.py, docx_styles.py  words that nobody reads, and raised ones
    docx_numbering.py           the numbers of lists
    odt.py                    OpenDocument text -> HTML; odt_styles.py, odt_extras.py
    rtf.py                    rich text document -> HTML; rtf_tokens.py, rtf_control_words.py
    pdf.py                    PDF -> HTML; pdf_lines.py: letters -> lines, with their looks;
                              pdf_paragraphs.py: lines -> paragraphs;
                              pdf_annotations.py: links, comments, struck-out places
    page.py                   page of Google Docs or Word -> HTML; page_styles.py
    email_message.py          e-mail -> HTML, subject, day
    email_paragraphs.py       which paragraphs of a mail are the statement

Text that has no place in a draft is in `Draft.leftovers` with the reason; `Draft.messages` lists
every change.
"""

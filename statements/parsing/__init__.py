"""Text, Word and pasted HTML -> a draft as plain data: no database, no state, and no word lost.

Read in this order:

    draft.py         what a reader finds: Draft, DraftPassage, and Unreadable for what it refuses
    decoding.py      bytes -> text
    text.py          text -> Draft: `read_text`
    paragraphs.py    lines -> paragraphs
    furniture.py     lines around the words: dates, embargoes, ENDS, Related Articles
    passages.py      paragraphs -> passages, each of one voice
    attribution.py   "Dave Hill, President of the ADCS, said:" -> name, role, organisation
    quoted.py        which paragraphs are somebody's words, and what they are without their marks

    document.py      a file or a paste of whatever kind -> Draft
    rich.py          HTML -> the same paragraphs, with links and emphasis: `read_html`
    pasted.py        what a clipboard holds -> clean HTML
    word.py          .docx -> Draft, by way of
    word_child.py      a process of its own, with little time and memory
    package.py         what is refused before anything reads it
    survey.py          comments, tracked changes, notes, tables, pictures

Whatever cannot be placed is handed back with the reason (`left_over`); every change is told
(`notices`).
"""

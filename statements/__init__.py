"""Hold everything from the draft of a statement to its public page.

The packages, in the order in which a statement travels:

content/        1  the content of an edition as data: its schema, HTML, rendering, differences
parsing/        2  Word, text or pasted HTML to a draft as plain data
models/         3  the tables: Statement (the draft), Passage, Edition, Event, Theme …
integrity/         triggers: the rules that the database itself enforces
files/ links/      uploads: validate, store, serve; check links
drafting/       4  a document to a draft; an edition restored to the draft
readiness.py       what is missing before submission
house_style/       advice beside the form
workflow/       5  the transitions: the only code that changes state
audit/             the events of every change, and the proof that they are complete
published/      6  every query for public pages, by the one predicate in publicness.py
search/ quotations/ related/   what finds statements: search, quotation check, related articles
caching/           the page cache and the version that invalidates it
public/         7  public pages, feeds, sitemaps
newsdesk/          the staff side: forms and pages whose buttons each call one transition
signoff/           preview links for people outside, and their replies
notifications/     e-mail to staff and to people outside

clock.py reads the clock, roles.py defines the groups, health.py answers operators, and demo/ is
sample data. Imports run one way: pyproject.toml holds the order of the layers.
"""

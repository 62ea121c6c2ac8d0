"""What is said, in the order in which a statement travels:

1  models/statement.py   the working copy that the newsdesk writes; reading/ makes a draft from a
                         Word file, a paste or a text, models/attachment.py holds its pictures
                         and files, models/autosave.py what is typed and not saved yet
2  readiness.py          what is still missing; house_style.py only advises
3  workflow/             the verbs, the only writer of state
4  models/edition.py     the words frozen by submit, and what was decided about them; agreement.py
                         asks people outside about one exact edition, and binds nobody
5  models/event.py       who did what, when and why (record.py writes and proves the chain)
6  wording.py            frozen words as HTML and plain text; tokens.py, words as search and
                         comparison know them
   search_index.py       beside them at approval: words for search, quoted_words.py's prints for
                         checking quotations; suggesting/ finds what is about the same matter
7  public/               what the public reads, all of it through public/editions.py and door/;
                         cache.py keeps rendered pages until generation.py says that something moved
8  readers/ (an app of its own, later) tells people

newsdesk/ is the staff side: forms and pages whose buttons each call one verb. preview.py is the
page of those who were asked to agree: neither public nor newsdesk.
"""

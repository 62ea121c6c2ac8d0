"""What is said, in the order in which a statement travels:

1  models/statement.py   the working copy that the newsdesk writes (reading/ makes one from a text)
2  readiness.py          what is still missing
3  workflow.py           the verbs, the only writer of state
4  models/edition.py     the words frozen by submit, and what was agreed about them
5  models/event.py       who did what, when and why (record.py writes and proves the chain)
6  wording.py            frozen words as HTML and plain text
7  public/               what the public reads, all of it through public/editions.py
8  readers/ (an app of its own, later) tells people

newsdesk/ is the staff side: forms and pages whose buttons each call one verb.
"""

"""Move statements in and out: import sources of many formats, export and restore everything.

In the order in which a row travels:

readers/                    a source of any format, to rows as plain data, one at a time
import_source.py            what is imported together, and its digest
formats.py                  which reader reads which file
beside_files.py, beside_documents.py  files that belong to statements, and are none
mapping.py, mapping_guess.py, proposals.py  how to understand the names that a source uses
first_pass.py               what only all rows can tell: about names, and source_dates.py
cleaning.py                 the body of a row, to passages and a list of what was dropped
picture_captions.py         captions of the body, to alternative texts
language_guess.py, languages.py  the language of a row
matching/                   names, to known or new people, organisations and themes
publishers.py               the organisation that publishes a row
planned_passages.py         the passages of a row, with their speakers and roles
proposed_dates.py           a day from a dateline or a file name
planner.py                  what each row becomes: made, a new edition, left alone, refused
local_files.py, attachments.py  pictures and files that come with the source
worker_processes.py         cleaning and indexing on every core, ahead of the database
importer.py                 all of that, batch by batch: import_batch.py, duplicates.py
writer.py                   plans, to statements in the database
report.py, outcomes.py      the outcome of each row: for a spreadsheet, and to hold a run to it
approval.py                 the second manager
uploads.py, tasks.py, newsdesk/  imports on the newsdesk: the page, and the worker's part
redirects.py, redirect_paths.py  where links to the old site lead
erasure.py                  what an erasure removes here
exporter.py, restore.py, serialisers.py  everything out, and back into an empty database
"""

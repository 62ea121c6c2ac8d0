"""Move statements in and out: import sources of many formats, export and restore everything.

In the order in which a row travels:

readers/                    a source of any format, to rows as plain data, one at a time
formats.py                  which reader reads which file
mapping.py, mapping_guess.py  how to understand the names that a source uses
cleaning.py                 the body of a row, to passages and a list of what was dropped
name_matching.py, issuers.py  names in a row, to known or new people, organisations and themes
planner.py                  what each row becomes: made, a new edition, left alone, refused
local_files.py, attachments.py  pictures and files that come with the source
worker_processes.py         cleaning and indexing on every core, ahead of the database
importer.py                 all of that, batch by batch
writer.py                   plans, to statements in the database
report.py                   the outcome of each row, for a spreadsheet
import_source.py            what is imported together, and its digest
approval.py                 the second manager
uploads.py, tasks.py, newsdesk/  imports on the newsdesk: the page, and the worker's part
redirects.py, redirect_paths.py  where links to the old site lead
exporter.py, restore.py, serialisers.py  everything out, and back into an empty database
"""

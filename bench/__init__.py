"""Measurements against the budgets of the design. Ratios of one run: machines are noisy.

python -m bench               how pages grow with the record, warm and cold (make bench)
python -m bench.peer          the same statements as a small Wagtail site, on the same server
python -m bench.search        searches by the frequency of their words
python -m bench.quotations    checks of quotations
python -m bench.related       how good the related articles are
python -m bench.storm         200 readers while the newsdesk works: is every answer right?
python -m bench.fuzz 100000   every public route, asked anything: is any answer an error of ours?
"""

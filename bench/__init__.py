"""Measure the budgets of the design. Compare figures of one run only: machines are noisy.

python -m bench               how pages slow down as statements grow, warm and cold (make bench)
python -m bench.fill 1000      fill a database with sample statements
python -m bench.peer          against a small Wagtail site with the same statements
python -m bench.search        searches for words of different frequency
python -m bench.quotations    quotation checks
python -m bench.related       how good the related articles are
python -m bench.storm         200 readers while the newsdesk works: is every response right?
python -m bench.fuzz 100000   random requests to every public route: is any response a server error?
python -m bench.importing      how fast an import is
python -m bench.moving_in      what becomes of real exports, and of an export of ours
python -m bench.newsdesk       how fast the newsdesk is
"""

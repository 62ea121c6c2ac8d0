"""Match names of a source with people, organisations and themes that are known or certain.

name_matcher.py      all of them for one run: `NameMatcher`
source_names.py      what all rows together say about who is who
issuers.py           a field that mixes names, to organisations, people and doubts
organisations.py, speakers.py, themes.py  one kind each
new_objects.py       what is new, in memory until it is saved
match_log.py         every match, for a person to check
"""

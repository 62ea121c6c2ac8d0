"""The years that dates of statements, roles and periods can be in.

Far enough for an archive and for the future, and without the years 1 and 9999, which no time zone
can convert. The limits are fixed: so the database can hold them, and no row becomes wrong as time
passes.
"""

FIRST_YEAR, LAST_YEAR = 1800, 2199

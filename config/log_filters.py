"""Filters of the log: what a line leaves out."""

import logging

from statements.outages import describe_outage


class ShortenOutages(logging.Filter):
    """Log a page that failed by an outage in one line.

    The stack says nothing about a database that is away, and one for each request fills the disk.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        if record.name == "django.request" and (outage := describe_outage(error)):
            reason = str(error).partition("\n")[0]
            record.msg, record.args = f"{record.getMessage()}: {outage} ({reason})", ()
            record.exc_info = record.exc_text = None
        return True

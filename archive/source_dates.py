"""Decide once for a whole source how its dates are read."""

import datetime as dt
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from archive.readers.numeric_dates import DateOrder
from archive.readers.row import Row
from archive.readers.times import is_midnight


@dataclass
class SourceDates:
    """What all dates of a source say together.

    A source whose times are all midnight has days without times: its program wrote the zeros.
    """

    zone: ZoneInfo
    order: DateOrder = field(default_factory=DateOrder)
    times: int = 0
    midnights: int = 0
    local_midnights: int = 0

    def add(self, row: Row) -> None:
        if row.date_numbers:
            self.order.add(row.date_numbers, row.location)
        if isinstance(row.published, dt.datetime):
            self.times += 1
            self.midnights += is_midnight(row.published)
            self.local_midnights += is_midnight(row.published.astimezone(self.zone))

    def drop_invented_time(self, published: dt.datetime | dt.date) -> dt.datetime | dt.date:
        """Return the day of a time that is midnight, where all times of the source are."""
        if not isinstance(published, dt.datetime):
            return published
        if is_midnight(published) and self.midnights == self.times:
            return published.date()
        local = published.astimezone(self.zone)
        if is_midnight(local) and self.local_midnights == self.times:
            return local.date()
        return published

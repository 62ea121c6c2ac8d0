"""Where Django looks for the admin: the pages themselves are in newsdesk/."""

from statements.newsdesk import (
    bodies,
    house_style_admin,
    site_pages_admin,
    speakers,
    themes,
    writing,
)

__all__ = ["bodies", "house_style_admin", "site_pages_admin", "speakers", "themes", "writing"]

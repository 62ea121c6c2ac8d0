"""Where Django looks for the admin: the pages themselves are in newsdesk/."""

from statements.newsdesk import (
    house_style_admin,
    organisation_admin,
    site_page_admin,
    speaker_admin,
    statement_admin,
    theme_admin,
)

__all__ = ["bodies", "house_style_admin", "site_pages_admin", "speakers", "themes", "writing"]

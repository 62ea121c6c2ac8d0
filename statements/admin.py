"""Where Django looks for the admin: the pages themselves are in newsdesk/."""

from statements.newsdesk import (
    house_style_admin,
    organisation_admin,
    site_page_admin,
    speaker_admin,
    statement_admin,
    theme_admin,
)

__all__ = [
    "house_style_admin",
    "organisation_admin",
    "site_page_admin",
    "speaker_admin",
    "statement_admin",
    "theme_admin",
]

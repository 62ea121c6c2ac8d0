"""Register the admin pages, which are in newsdesk/: Django imports this module."""

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

"""Where Django looks for the admin: the pages themselves are in newsdesk/."""

from statements.newsdesk import house_style_admin, themes, writing

__all__ = ["house_style_admin", "themes", "writing"]

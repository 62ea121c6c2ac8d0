"""Where Django looks for the admin: the pages themselves are in newsdesk/."""

from statements.newsdesk import themes, writing

__all__ = ["themes", "writing"]

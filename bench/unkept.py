"""The site as in production, but that each page is one that nobody asked for since the last change.

No page is kept; what pages share is, as it would be by then.
"""

from config.wsgi import application
from statements.caching import page_cache, wsgi

__all__ = ["application"]

wsgi.responses.set = page_cache.pages.set = lambda key, name, what: None  # type: ignore[method-assign]

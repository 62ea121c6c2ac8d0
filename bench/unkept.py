"""Serve the site as in production, but without stored pages; data that pages share is kept."""

from config.wsgi import application
from statements.caching import page_cache

__all__ = ["application"]

page_cache.pages.set = lambda version, key, value: None  # type: ignore[method-assign]

"""A press site built as Wagtail's documentation recommends, to compare ours with.

It has the same statements, and its pages have the same content. It runs in its own environment
(bench/peer.py), where PAGE_CACHE=1 keeps whole pages.
"""

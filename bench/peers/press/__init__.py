"""A press site as Wagtail's own documentation would have it built: what ours is measured against.

It has the statements of our bench, and says of each what our page says. It runs in an environment
of its own (bench/peer.py), where PAGE_CACHE=1 keeps whole pages.
"""

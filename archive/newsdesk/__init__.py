"""Show imports on the newsdesk, for managers: pages over archive/uploads.py."""

"""Organisations, speakers, the roles they held and when, and press contacts."""

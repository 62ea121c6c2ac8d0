"""The content of a statement as plain data, without models and queries."""

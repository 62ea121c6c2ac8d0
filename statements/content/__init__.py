"""The content of a statement as plain data, without models or database."""

"""The words of a statement as plain data. Nothing here knows the models or asks the database."""

"""Imported by importing.py, as the code of a package."""
address = "Main Street"

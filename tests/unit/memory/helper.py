"""Imported by importing.py."""
value = [len(name) for name in ("some", "names", "of_its_own")] + [12345678901234567890123, 2.5, ("a", 1, b"c")]

"""The ruler: if a rule matters, a test holds it."""

"""The chat in the shop's own pages: its script, and what a visitor's browser asks and says."""

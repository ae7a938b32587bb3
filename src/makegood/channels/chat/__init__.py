"""Live chat in the shop's own pages: what a visitor's browser brought, read as a message."""

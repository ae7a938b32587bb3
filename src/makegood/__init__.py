"""Makegood: the customer-service desk for online shops that keeps its promises."""

from makegood.kit.sqlite_build import use_bundled_sqlite

# Before anything can import the system's SQLite: two builds in one process corrupt
# each other's locks, and Debian 12's has the WAL-reset bug (security.md D28).
use_bundled_sqlite()

"""Django's SQLite, which does not go on after the disk has failed."""

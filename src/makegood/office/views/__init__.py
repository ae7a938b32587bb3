"""What the office shows and takes, a module a subject."""

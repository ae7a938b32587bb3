"""Who may open what: a table of every address, and tests made from it (security.md D05)."""

"""Setting up: inboxes, agents, teams, accounts, and the health of the install."""

__all__ = ["account_urls", "cache", "finding", "first_run", "models", "urls"]

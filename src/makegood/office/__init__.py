"""Setting up: inboxes, agents, teams, accounts, and the health of the install."""

__all__: list[str] = []

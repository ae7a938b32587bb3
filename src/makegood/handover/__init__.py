"""An agent leaves: what was theirs goes to somebody else, or back to the team."""

__all__ = ["actions", "events", "models", "queries", "working"]

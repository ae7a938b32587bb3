"""How much money whoever has a role may give: limits, budgets, and every sum taken from them."""

__all__ = ["actions", "budgets", "events", "limits", "models", "queries"]

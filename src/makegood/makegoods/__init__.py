"""Making good: what was given because we fell short, by which policy, and what became of it."""

__all__ = [
    "actions",
    "approving",
    "claims",
    "errands",
    "events",
    "failures",
    "fairness",
    "forgetting",
    "holding",
    "mailing",
    "models",
    "outcomes",
    "policies",
    "policy",
    "previewing",
    "queries",
    "replacing",
    "telling",
    "ticking",
    "wording",
]

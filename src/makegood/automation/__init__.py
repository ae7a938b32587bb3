"""Rules: when something happens, or a time after it, and a question holds, then acts are done.

A rule hears of facts by a follower of the ledger, which writes down what is due; the worker
then does what is due, one conversation at a time: the rules in their order, each once for each
cause. What follows from a rule's acts is due one step deeper, and after eight steps the chain
ends. Acts are those of `acts`, done with the rights of whoever keeps the rule.
"""

__all__ = [
    "actions",
    "events",
    "examples",
    "models",
    "queries",
    "triggers",
    "trying",
    "working",
]

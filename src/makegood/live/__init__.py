"""What is new, read once for every open page of a process: agents' and customers' alike."""

__all__ = ["beside", "hub", "news", "streaming"]

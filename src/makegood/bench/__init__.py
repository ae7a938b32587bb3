"""The figures of docs/performance.md, measured again, each beside the bare operation."""

__all__: list[str] = []

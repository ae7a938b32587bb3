"""What every app may stand on, and what would still make sense in a program about trains."""

__all__ = [
    "bulk",
    "disk",
    "egress",
    "errors",
    "foreign_html",
    "html",
    "ids",
    "jinja",
    "middleware",
    "moments",
    "paging",
    "records",
    "rx",
    "secrets",
    "sqlite",
    "sqlite_build",
    "text",
]

"""What every app may stand on, and what would still make sense in a program about trains."""

__all__ = [
    "bulk",
    "direction",
    "disk",
    "egress",
    "errors",
    "foreign_html",
    "html",
    "ids",
    "jinja",
    "markdown",
    "middleware",
    "moments",
    "paging",
    "records",
    "rx",
    "secrets",
    "sqlite",
    "sqlite_build",
    "text",
    "written_html",
]

"""What customers see: the form to write to us, and their conversation behind a private link."""

__all__: list[str] = []
